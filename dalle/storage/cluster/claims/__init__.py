"""Who works on a key, and what else one process holds at a time."""
