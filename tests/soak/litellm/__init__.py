"""A real LiteLLM proxy between the service and the stub: each paid call is counted behind it."""
