"""Selections of the bundled catalogue for addresses by number."""

import hashlib

from dalle.words.catalog import Catalog
from dalle.words.selection import Selection, select
from dalle.words.series import Series

CATALOG = Catalog.load()


def address(number: int) -> str:
    return "0x" + hashlib.sha256(f"sketch {number}".encode()).hexdigest()[:40]


def selected(number: int, series: str = "plain") -> Selection:
    return select(address(number), Series(name=series), CATALOG)
