"""Real services, killed, stopped and starved on purpose. Talks to services by HTTP, files and signals only."""
