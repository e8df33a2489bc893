"""Benchmarks of the engine for several hosts. They need PostgreSQL; `make bench-cluster` runs the short ones."""
