"""A provider on loopback: speaks the image API over real HTTP, with faults on demand and a log of every call."""
