"""The pieces of words by which the index finds pictures.

A word of a filter matches inside a word of a name or title. Its pieces of three letters narrow the pictures down, and
the words themselves decide. Words of one and two letters are pieces too, but for those that are in every seventh
address or more: reading the newest pictures finds these sooner than any index.

Three digits are in 9,300 of a million addresses, which takes too long to look through for a longer number; four are in
560. So pieces of digits have four, and an address has its beginnings besides.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from dalle.key import ADDRESS

# The tokenizer divides at ASCII characters other than letters and digits, and at no others.
PRIVATE = {code: 0xE000 + code for code in range(0x80) if not chr(code).isalnum() and not chr(code).isspace()}
COMMON = re.compile("0x|x?[0-9a-f]|[0-9a-f]{2}|x")
THREE = re.compile("[0-9a-f]{3}")
FOUR = re.compile("[0-9a-f]{4}|0x[0-9a-f]{2}")
BEGINNING = re.compile("0x[0-9a-f]{3,4}")
OVERLAPPING = tuple(re.compile(f"(?=({pattern}))") for pattern in (FOUR.pattern, "0x[0-9a-f]{3}", "0x[0-9a-f]{4}"))
# A word for which one piece decides. Letters and digits of ASCII fold to themselves only, and stand for nothing else.
WHOLE = re.compile(f"(?!(?:{COMMON.pattern})$)[0-9a-z]{{1,3}}|{FOUR.pattern}|{BEGINNING.pattern}")
# A piece that few pictures have: no word but a number has letters and digits.
NUMBER = re.compile("(?=[a-f]*[0-9])([0-9a-f]{4}|0x[0-9a-f]{3,4})")
# Pieces of a long number that are looked for. Two would do, if all addresses were random.
MOST_FOURS = 3


@dataclass(frozen=True, slots=True)
class Search:
    """How pictures with some words are looked for.

    match   the FTS5 query that each of them matches; "": every picture may be one
    pieces  the same as lists: each of them has one of each list
    exact   no other picture matches it
    """

    match: str
    pieces: tuple[tuple[str, ...], ...]
    exact: bool


def words_of(name: str, title: str) -> str:
    """Return the text in which a picture's words are looked for."""
    return f"{name} {title}".casefold()


def folded(text: str) -> list[str]:
    """Return the words of a text, so that upper case and lower case are the same."""
    return text.casefold().translate(PRIVATE).split()


def document(name: str, title: str) -> str:
    """Return all pieces of a picture's name and title, once each."""
    found: set[str] = set()
    for word in folded(f"{name} {title}"):
        found.update(address_pieces(word) if ADDRESS.fullmatch(word) else pieces(word))
    return " ".join(found)


def address_pieces(word: str) -> list[str]:
    return [*(word[:length] for length in (3, 4, 5, 6)), *[word[at : at + 4] for at in range(2, 39)], word[-3:]]


@lru_cache(4096)  # titles repeat their words
def pieces(word: str) -> frozenset[str]:
    """Return the pieces of a word that is no address."""
    found = {*word, *(word[at : at + 2] for at in range(len(word) - 1))}
    found = {piece for piece in found if not COMMON.fullmatch(piece)}
    found.update(word[at : at + 3] for at in range(len(word) - 2))
    for pattern in OVERLAPPING:
        found.update(pattern.findall(word))
    return frozenset(found)


def searched(words: list[str]) -> Search:
    """Return how to look for pictures with all of these words, which are folded and not empty."""
    wanted = {"|".join(found): found for text in words for word in folded(text) for found in alternatives(word)}
    # FTS5 goes through all pictures with a frequent word, also where a number leaves few of them.
    numbers = [found for found in wanted.values() if NUMBER.fullmatch(found[0])]
    chosen = numbers or list(wanted.values())
    match = " AND ".join(query(found) for found in chosen)
    exact = all(WHOLE.fullmatch(word) for word in words) and len(numbers) in (0, len(wanted))
    return Search(match, tuple(map(tuple, chosen)), exact)


def alternatives(word: str) -> list[list[str]]:
    """Return lists of pieces; a picture with this word has one of each."""
    if COMMON.fullmatch(word):
        return []
    if THREE.fullmatch(word):  # addresses have no pieces of three digits but at their ends
        return [[word, *(f"{word}{digit:x}" for digit in range(16))]]
    if BEGINNING.match(f"0{word}") or FOUR.fullmatch(f"0{word}"):  # nor do they have one that begins with x
        first = [word[:3], f"0{word[:3]}"]
        return [first, *([piece] for piece in covering(word[1:]) if len(word) > 4)]
    return [[piece] for piece in covering(word)]


def covering(word: str) -> list[str]:
    """Return pieces of a word that narrow it down: fewer of them are found sooner."""
    if len(word) < 4 or WHOLE.fullmatch(word):
        return [word]
    beginning = BEGINNING.match(word)
    found = [beginning[0]] if beginning else []
    at = sum(map(len, found))
    while at < len(word):
        length = 4 if FOUR.match(word, min(at, len(word) - 4)) else 3
        start = min(at, len(word) - length)
        found.append(word[start : start + length])
        at = start + length
    longest = [piece for piece in found if len(piece) > 3]
    if len(longest) > MOST_FOURS:
        return [longest[0], longest[len(longest) // 2], longest[-1]]
    return found


def query(pieces: list[str]) -> str:
    terms = [f'"{piece}"' for piece in pieces]
    return f"({' OR '.join(terms)})" if len(terms) > 1 else terms[0]
