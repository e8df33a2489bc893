"""The pieces of words by which the index finds pictures.

A word of a filter matches inside a word of a name or title. Its pieces of three letters narrow the pictures down, and
the words themselves decide. Words of one and two letters are pieces too, but for those that are in every seventh
address or more: reading the newest pictures finds these sooner than any index.
"""

import re
from functools import lru_cache

from dalle.key import ADDRESS

# The tokenizer divides at ASCII characters other than letters and digits, and at no others.
PRIVATE = {code: 0xE000 + code for code in range(0x80) if not chr(code).isalnum() and not chr(code).isspace()}
COMMON = re.compile("0x|x?[0-9a-f]|[0-9a-f]{2}|x")


def folded(text: str) -> list[str]:
    """Return the words of a text, so that upper case and lower case are the same."""
    return text.casefold().translate(PRIVATE).split()


def document(name: str, title: str) -> str:
    """Return all pieces of a picture's name and title, once each."""
    found: set[str] = set()
    for word in folded(f"{name} {title}"):
        found.update(triples(word) if ADDRESS.fullmatch(word) else pieces(word))
    return " ".join(found)


@lru_cache(4096)  # titles repeat their words
def pieces(word: str) -> frozenset[str]:
    """Return the pieces of a word that is no address."""
    short = {*word, *(word[at : at + 2] for at in range(len(word) - 1))}
    return frozenset(triples(word)).union(piece for piece in short if not COMMON.fullmatch(piece))


def covering(word: str) -> list[str]:
    """Return pieces of three letters that cover a word: fewer of them are found sooner."""
    if len(word) > 3:
        word = word.removeprefix("0")  # each sixteenth address begins with 0xa
    return [word[at : at + 3] for at in (*range(0, len(word) - 3, 3), len(word) - 3)]


def triples(word: str) -> list[str]:
    return [word[at : at + 3] for at in range(len(word) - 2)]


def expression(words: list[str]) -> str:
    """Return the FTS5 query that each picture with these words matches; "" if every picture may have them."""
    wanted: dict[str, None] = {}
    for text in words:
        for word in folded(text):
            if len(word) > 2:
                wanted.update(dict.fromkeys(covering(word)))
            elif not COMMON.fullmatch(word):
                wanted[word] = None
    return " ".join(f'"{piece}"' for piece in wanted)
