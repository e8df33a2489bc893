"""The gallery's index on PostgreSQL."""
