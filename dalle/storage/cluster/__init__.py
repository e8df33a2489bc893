"""The engine for several hosts: PostgreSQL keeps what is known, an object store what is painted."""
