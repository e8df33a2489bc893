"""Sets text in lines: the bundled typeface, wrapping by measured width.

The typeface is Caption Book: Latin with all its accents, Greek, Cyrillic. `scripts/typeface.py` makes it from Gentium
Book Plus by SIL International (Open Font License, beside it), whose hinting takes three times as long.
"""

import unicodedata
from collections.abc import Callable
from functools import cache, partial

from PIL import ImageFont, features

from dalle import data

FONT = data.FOLDER / "font" / "CaptionBook-Regular.ttf"


def typeface(size: int) -> ImageFont.FreeTypeFont:
    """Loads the bundled typeface at `size` pixels. Each call does (0.2 ms): a font is not safe in several threads."""
    return ImageFont.truetype(FONT, size, layout_engine=_engine())


@cache
def _engine() -> ImageFont.Layout:
    # Raqm sets ligatures, marks above marks and text from right to left; some builds of Pillow lack it.
    return ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC


def clean(text: str) -> str:
    """Returns one line that can be set: accents composed, no control characters or surrogates, single spaces."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in composed)
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("Cs", "Cn", "Co")).split())


def wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Returns lines of at most `width` pixels, as few as possible and then as even as possible.

    A word wider than a line is broken between letters, never between a letter and its accent. Only a single letter
    that is wider than `width` makes a line wider.
    """
    space = font.getlength(" ")
    # Each word is measured once: measuring whole lines repeatedly takes 70 ms.
    measured = cache(partial(extent, font=font))
    pieces = [piece for word in text.split() for piece in _broken(word, measured, width)]
    sizes = [measured(piece) for piece in pieces]
    breaks = _breaks(sizes, space, width)
    least, most = 1, width  # the narrowest width that needs no more lines makes the evenest ones
    while least < most:
        middle = (least + most) // 2
        if len(_breaks(sizes, space, middle)) <= len(breaks):
            most = middle
        else:
            least = middle + 1
    ends = _breaks(sizes, space, most)
    return [" ".join(pieces[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def _breaks(sizes: list[float], space: float, width: float) -> list[int]:
    """Fills lines greedily; returns the index after the last word of each."""
    ends = []
    used = 0.0
    for index, size in enumerate(sizes):
        if index and used + space + size > width:
            ends.append(index)
            used = size
        else:
            used += size + (space if index else 0)
    return [*ends, len(sizes)] if sizes else []


def _broken(word: str, measured: Callable[[str], float], width: int) -> list[str]:
    """Returns a word as pieces that fit: one, unless it is wider than a line."""
    pieces = []
    rest = letters(word)
    while measured("".join(rest)) > width and len(rest) > 1:
        least, most = 1, len(rest) - 1
        while least < most:
            middle = (least + most + 1) // 2
            if measured("".join(rest[:middle])) <= width:
                least = middle
            else:
                most = middle - 1
        pieces.append("".join(rest[:least]))
        rest = rest[least:]
    return [*pieces, "".join(rest)]


def letters(word: str) -> list[str]:
    """Returns the word's characters, each with its combining marks."""
    characters: list[str] = []
    for char in word:
        if characters and unicodedata.category(char) in ("Mn", "Me", "Mc", "Cf"):
            characters[-1] += char
        else:
            characters.append(char)
    return characters


def extent(text: str, font: ImageFont.FreeTypeFont) -> float:
    """Returns the width in pixels that a line of text covers, including ink beyond the last letter's advance."""
    if text.isascii():
        return font.getlength(text)  # the ink of such letters exceeds their advance by a pixel at most
    left, _, right, _ = font.getbbox(text, anchor="ls")
    return max(font.getlength(text), right - min(0, left))
