"""Real services, killed, stopped and starved on purpose. Imports nothing of ours: it is all HTTP, files and signals."""
