"""What was probably meant by a word that is not known. Imports nothing of app."""

import difflib
from collections.abc import Iterable

CLOSE = 0.7
"""How alike two words must be, from 0 to 1: `hgih` and `high` are 0.75, `hi` and `high` 0.67."""


def nearest(word: str, known: Iterable[str], *, closeness: float = CLOSE) -> str:
    """Returns the known word that is most like this one, whatever their case; "" if none is."""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(word.casefold(), by_folded, n=1, cutoff=closeness)
    return by_folded[found[0]] if found else ""


def question(word: str, known: Iterable[str], *, closeness: float = CLOSE) -> str:
    """Returns the end of a complaint, "; did you mean …?", or "" if no known word is like this one."""
    name = nearest(word, known, closeness=closeness)
    return f"; did you mean {name}?" if name else ""
