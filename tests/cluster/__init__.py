"""What an engine for several hosts needs to be tested: real PostgreSQL, pgbouncer and SeaweedFS."""
