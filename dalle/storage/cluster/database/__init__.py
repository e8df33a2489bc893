"""Connections and transactions of PostgreSQL."""
