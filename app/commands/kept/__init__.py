"""Commands that look through all that a data folder keeps."""
