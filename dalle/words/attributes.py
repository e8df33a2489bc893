"""One attribute of a picture: the row that was selected from a word database."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """One selected row.

    database, name   "colors", "color2"
    bytes, number    the window of six hexadecimal digits, and its integer value
    factor, count    number / 2**24, and how many rows the series left to choose from (1 when it left none)
    selector         floor(count * factor): the index of the row
    value            the row's columns joined by commas; "none" when the series left no row
    fields           the row by column, without the version column: {"hex": "#f0f8ff", "name": "alice blue"};
                     {} when the series left no row. Shared between attributes: do not change it
    """

    database: str
    name: str
    bytes: str
    number: int
    factor: float
    count: int
    selector: int
    value: str
    fields: dict[str, str]

    @property
    def present(self) -> bool:
        """Whether the series left a row to select."""
        return bool(self.fields)

    @property
    def word(self) -> str:
        """The row's plain word; "" without a row."""
        return word_of(self.fields)

    def field(self, column: str) -> str:
        """One column of the row; "" when there is no row or no such column."""
        return self.fields.get(column, "")


def word_of(fields: Mapping[str, str]) -> str:
    """Returns the column `word`, `name` or `phrase`, else the first one; "" for an empty row."""
    for column in ("word", "name", "phrase"):
        if column in fields:
            return fields[column]
    return next(iter(fields.values()), "")
