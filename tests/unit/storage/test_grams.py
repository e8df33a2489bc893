"""The pieces by which pictures are found, without an index."""

import random
import re

import pytest

from dalle.storage.searching.grams import MOST_FOURS, Search, document, searched

LETTERS = "0xabcf12ot-'é"


def is_found(search: Search, name: str, title: str) -> bool:
    """Return whether the index finds a picture: a query is "a" AND ("b" OR "c")."""
    pieces = document(name, title).split(" ")
    groups = search.match.split(" AND ") if search.match else []
    return all(any(piece in pieces for piece in re.findall('"(.*?)"', group)) for group in groups)


def text(chance: random.Random, most: int) -> str:
    return "".join(chance.choices(LETTERS, k=chance.randint(1, most)))


@pytest.mark.parametrize("seed", range(8))
def test_finds_all_pictures_with_some_words_and_no_others_where_that_is_exact(seed: int) -> None:
    chance, exact = random.Random(seed), 0
    for _ in range(400):
        name = chance.choice((f"0x{chance.getrandbits(160):040x}", text(chance, 50)))
        title = " ".join(text(chance, 8) for _ in range(chance.randrange(4)))
        at = chance.randrange(len(f"{name} {title}"))
        part = f"{name} {title}"[at : at + chance.choice((1, 2, 3, 4, 5, 6, 7, 8, 20, 42))]
        words = f"{part}{chance.choice(('', '', '0', 'x', ' t', ' 0xa'))}".split()
        has = all(word in f"{name} {title}" for word in words)
        search = searched(words)
        exact += search.exact
        assert is_found(search, name, title) or not has, (name, title, words)
        assert not search.exact or is_found(search, name, title) == has, (name, title, words)
    assert exact > 40


@pytest.mark.parametrize("length", range(4, 41))
def test_looks_for_a_long_number_by_few_pieces(length: int) -> None:
    number = f"0x{random.Random(1).getrandbits(160):040x}"
    for word in (number[: length + 2], number[2 : length + 2]):
        assert 1 <= len(searched([word]).match.split(" AND ")) <= MOST_FOURS


def test_does_not_look_for_a_frequent_word_beside_a_number() -> None:
    assert searched(["otter", "1af35"]).match == searched(["1af35"]).match
    assert not searched(["otter", "1af3"]).exact
    assert searched(["otter", "facade"]).match != searched(["facade"]).match


@pytest.mark.parametrize("word", ["0xab", "0xabc", "0xabcd", "abcd"])
def test_looks_for_the_beginning_of_an_address_by_one_piece_that_decides(word: str) -> None:
    assert searched([word]) == Search(f'"{word}"', ((word,),), exact=True)
