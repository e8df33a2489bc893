"""The index of finished pictures: one SQLite file, a cache of what is in the folders."""
