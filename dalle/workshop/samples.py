"""The addresses of a contact sheet: one's own, and made-up ones that are the same for everybody."""

import hashlib
from collections.abc import Sequence
from itertools import count, islice

SHOWN = 12
"""Addresses of a sheet."""


def sheet(own: Sequence[str], number: int = 1) -> list[str]:
    """Returns the addresses of a sheet: the first ones of one's own, then those of the sheet of that number."""
    chosen = list(dict.fromkeys(own))[:SHOWN]
    made_up = (_made_up(at) for at in count(SHOWN * number))
    return [*chosen, *islice((address for address in made_up if address not in chosen), SHOWN - len(chosen))]


def _made_up(number: int) -> str:
    return f"0x{hashlib.sha256(f'sample {number}'.encode()).hexdigest()[:40]}"
