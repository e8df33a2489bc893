"""Benchmarks of the engine for several hosts, which need PostgreSQL; `make bench-cluster` runs them."""
