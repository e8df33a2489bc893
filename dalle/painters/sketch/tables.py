"""Tables of the artist: which family a word belongs to, in text files beside the word databases."""

from collections.abc import Mapping
from functools import cache

from dalle import data

FOLDER = data.FOLDER / "artist"


def rows(name: str) -> list[tuple[str, str]]:
    """Returns head and body of each line `head: body` of a table."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [(head, body) for line in text.splitlines() for head, _, body in [line.partition(": ")]]


@cache
def families(name: str) -> Mapping[str, str]:
    """Returns word → family of a table whose lines are `family: word, word …`."""
    return {word: family for family, words in rows(name) for word in words.split(", ")}


@cache
def _stems(name: str) -> tuple[tuple[str, str], ...]:
    """The heads of the words of a table, the longest first: for words that no table has."""
    heads = {part: family for word, family in families(name).items() for part in word.split() if len(part) > 3}
    return tuple(sorted(heads.items(), key=lambda item: (-len(item[0]), item[0])))


def family(name: str, word: str) -> str:
    """Returns the family of a word; of an unknown one that of a part which the table knows; "" without any."""
    known = families(name)
    if word in known:
        return known[word]
    parts = word.replace("-", " ").split()
    return next((found for head, found in _stems(name) if any(part.startswith(head) for part in parts)), "")
