"""The conformance suites of storage, and what else the cluster engine promises."""
