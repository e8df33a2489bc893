"""Scenarios that this machine cannot play."""


class Skipped(Exception):
    """The reason is its text."""
