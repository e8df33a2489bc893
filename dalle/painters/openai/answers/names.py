"""Names of fields, whichever way a dialect writes them: image_url, imageUrl and ImageURL are one."""

import re
from functools import lru_cache

LONGEST = 80


@lru_cache(4096)
def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case."""
    return tuple(word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", name[:LONGEST]))


@lru_cache(4096)
def joined(name: str) -> str:
    """Return a name, a code or a state without what dialects write differently: "In Queue" is "inqueue"."""
    return re.sub(r"[\W_]+", "", name[:LONGEST]).lower()


def table(names: str) -> frozenset[str]:
    """Return a table of names from a text."""
    return frozenset(names.split())
