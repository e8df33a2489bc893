"""Takes everything that one storage keeps into another, of whatever engine."""
