"""What the filters of a draft leave of each word database, for people."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.web.gallery.items import grouped
from dalle.words.attributes import word_of
from dalle.words.catalog import Database
from dalle.words.draft import FEW, Choice
from dalle.workshop.groups import Group

EXAMPLES = 6
PARTS = {
    "Who": ("nouns", "adjectives", "emotions", "occupations", "actions", "adverbs"),
    "How": ("artstyles", "litstyles", "colors"),
    "Where": ("places", "backstyles", "viewpoints", "compositions", "gazes", "tropes"),
}
"""How the page orders the databases."""
LABELS = {"artstyles": "Art styles", "litstyles": "Literary styles", "colors": "Colours", "backstyles": "Backgrounds"}


def left(choice: Choice, database: Database, groups: Sequence[Group]) -> dict[str, Any]:
    """Returns what is left of a database: how many rows, words of some, what each filter keeps, and its groups.

    level  all, some, few or none: whether there are filters, and enough rows for pictures that differ
    """
    filters = {hit.filter for hit in choice.hits}
    return {
        "name": choice.database,
        "label": LABELS.get(choice.database) or choice.database.capitalize(),
        "rows": choice.rows,
        "of": choice.of,
        "status": status(choice),
        "level": level(choice),
        "hits": [{"filter": hit.filter, "rows": hit.rows} for hit in choice.hits],
        "examples": [{"word": word, "hex": code} for word, code in coded(choice.examples, database)],
        "groups": [
            {"column": each.column, "value": each.value, "filter": each.filter, "rows": each.rows,
             "chosen": each.filter in filters}
            for each in groups
        ],
    }  # fmt: skip


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


def coded(words: Iterable[str], database: Database) -> Iterable[tuple[str, str]]:
    """Returns the words with the codes of those that are colours, "" for others."""
    if "hex" not in database.columns:
        return ((word, "") for word in words)
    fields = (dict(zip(database.columns, row, strict=True)) for row in database.rows)
    codes = {word_of(each): each["hex"] for each in fields}
    return ((word, codes.get(word, "")) for word in words)
