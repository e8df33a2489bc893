"""`Prefer: wait=…` (RFC 7240): how long a client would rather wait than ask again."""

import re

LONGEST = 60
"""Seconds that a request waits at most: proxies and clients give up on those that last longer."""

PIECE = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*"?)+')
"""What is between commas, those in quotation marks left out."""


def wait(header: str) -> int:
    """Returns the seconds of the first `wait` among the preferences of all lines; 0 for nonsense, and without one."""
    for piece in PIECE.findall(header):
        name, _, value = piece.partition(";")[0].partition("=")
        if name.strip().lower() == "wait":
            return seconds(value.strip())
    return 0


def seconds(value: str) -> int:
    """Returns the seconds of a value: without one as many as possible, as an empty one is none (RFC 7240, 2)."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1]
    if not value:
        return LONGEST
    if not (value.isascii() and value.isdecimal()):
        return 0
    digits = value.lstrip("0") or "0"
    return (
        LONGEST if len(digits) > len(str(LONGEST)) else min(int(digits), LONGEST)
    )  # int takes no number of any length
