"""What the filters of a draft leave of each word database, for people."""

from collections.abc import Mapping
from typing import Any

from app.web.gallery.items import grouped
from dalle.words.draft import FEW, Choice

EXAMPLES = 6
PARTS = {
    "Who": ("nouns", "adjectives", "emotions", "occupations", "actions", "adverbs"),
    "How": ("artstyles", "litstyles", "colors"),
    "Where": ("places", "backstyles", "viewpoints", "compositions", "gazes", "tropes"),
}
"""How the page orders the databases."""
LABELS = {"artstyles": "Art styles", "litstyles": "Literary styles", "colors": "Colours", "backstyles": "Backgrounds"}


def left(choice: Choice, codes: Mapping[str, str]) -> dict[str, Any]:
    """Returns what is left of a database: how many rows, words of some, and what each filter keeps.

    level  all, some, few or none: whether there are filters, and enough rows for pictures that differ
    codes  of the words that are colours
    """
    return {
        "name": choice.database,
        "label": label(choice.database),
        "rows": choice.rows,
        "of": choice.of,
        "status": status(choice),
        "level": level(choice),
        "hits": [{"filter": hit.filter, "rows": hit.rows} for hit in choice.hits],
        "examples": [{"word": word, "hex": codes.get(word, "")} for word in choice.examples],
    }


def label(database: str) -> str:
    return LABELS.get(database) or database.capitalize()


def level(choice: Choice) -> str:
    if not choice.rows:
        return "none"
    return "all" if not choice.hits else "few" if choice.rows < FEW else "some"


def status(choice: Choice) -> str:
    """Returns how many rows are left, in a few words."""
    if not choice.rows:
        return "no row is left"
    of = grouped(choice.of)
    return f"all {of}" if choice.rows == choice.of else f"{grouped(choice.rows)} of {of}"
