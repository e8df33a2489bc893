"""Hosts on a network that loses packets, with servers that stand still, die, and are replaced."""
