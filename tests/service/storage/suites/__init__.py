"""What every storage engine promises, a module a protocol; each engine subclasses the classes in it."""
