"""Makes pictures out of Ethereum addresses; knows no HTTP server and reads no environment."""

__version__ = "1.0.0"
