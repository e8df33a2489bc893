"""Text set in lines: the bundled typeface, wrapping by measured width.

The typeface is Caption Book: Latin with all its accents, Greek, Cyrillic. `scripts/typeface.py` made it out of Gentium
Book Plus by SIL International (Open Font License, beside it), which takes three times as long to be set.
"""

import unicodedata
from collections.abc import Callable
from functools import cache, partial

from PIL import ImageFont, features

from dalle import data

FONT = data.FOLDER / "font" / "CaptionBook-Regular.ttf"


def typeface(size: int) -> ImageFont.FreeTypeFont:
    """The bundled typeface at `size` pixels. Made anew each time (0.2 ms): its handle is not for several threads."""
    return ImageFont.truetype(FONT, size, layout_engine=_engine())


@cache
def _engine() -> ImageFont.Layout:
    # Raqm sets ligatures, marks above marks and text from right to left; some builds of Pillow lack it.
    return ImageFont.Layout.RAQM if features.check("raqm") else ImageFont.Layout.BASIC


def clean(text: str) -> str:
    """One line of text that can be set: accents composed, controls and halves of characters gone, single spaces."""
    composed = unicodedata.normalize("NFC", text)
    kept = (" " if unicodedata.category(char) in ("Cc", "Zl", "Zp") else char for char in composed)
    return " ".join("".join(char for char in kept if unicodedata.category(char) not in ("Cs", "Cn", "Co")).split())


def wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines of at most `width` pixels, as few as possible and then as even as possible.

    A word that is wider than a line is broken between letters, never between a letter and its accent. Only when a
    single letter is wider than `width` does it stand out.
    """
    space = font.getlength(" ")
    # Each word is measured once: measuring whole lines again and again takes 70 ms.
    measured = cache(partial(extent, font=font))
    pieces = [piece for word in text.split() for piece in _broken(word, measured, width)]
    sizes = [measured(piece) for piece in pieces]
    breaks = _breaks(sizes, space, width)
    least, most = 1, width  # the narrowest measure that needs no more lines gives the evenest ones
    while least < most:
        middle = (least + most) // 2
        if len(_breaks(sizes, space, middle)) <= len(breaks):
            most = middle
        else:
            least = middle + 1
    ends = _breaks(sizes, space, most)
    return [" ".join(pieces[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def _breaks(sizes: list[float], space: float, width: float) -> list[int]:
    """Where lines end that are filled one word after the other: the index after the last word of each."""
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
    """A word as pieces that fit: one, unless it is wider than a line."""
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
    """The word's characters, each with the marks that stand on it."""
    found: list[str] = []
    for char in word:
        if found and unicodedata.category(char) in ("Mn", "Me", "Mc", "Cf"):
            found[-1] += char
        else:
            found.append(char)
    return found


def extent(text: str, font: ImageFont.FreeTypeFont) -> float:
    """Width in pixels of all that a line of text covers, ink beyond the last letter's room included."""
    if text.isascii():
        return font.getlength(text)  # such letters reach out of their room by a pixel at most
    left, _, right, _ = font.getbbox(text, anchor="ls")
    return max(font.getlength(text), right - min(0, left))
