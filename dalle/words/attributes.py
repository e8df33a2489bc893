"""What an address wears: the attributes selected for it, in order."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attribute:
    """One selected row.

    database, name   "colors", "color2"
    bytes, number    the window of six hexadecimal digits, and its integer value
    factor, count    number / 2**24, and the rows that the series left to choose from (1 when that is only "none")
    selector         floor(count * factor)
    fields           the row by column, without the version column: {"hex": "#f0f8ff", "name": "alice blue"};
                     {} when the series left no row (`value` is then "none"); shared, so never to be changed
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
    def given(self) -> bool:
        """Whether a row was selected at all."""
        return bool(self.fields)

    @property
    def word(self) -> str:
        """The row's plain word, "" without a row."""
        return word_of(self.fields)

    def field(self, column: str) -> str:
        """One column of the row, "" when there is no row or no such column."""
        return self.fields.get(column, "")


def word_of(fields: Mapping[str, str]) -> str:
    """The column `word`, `name` or `phrase`, else the first one; "" of an empty row."""
    for column in ("word", "name", "phrase"):
        if column in fields:
            return fields[column]
    return next(iter(fields.values()), "")


@dataclass(frozen=True, slots=True)
class Dress:
    """All that is decided about a picture before anything is written or painted; pure and for ever the same.

    original    the address as it identifies the picture, lower case
    seed        64 hexadecimal digits, see `dalle.words.seed`
    series      name of the series; `suffix` and `color_limit` (0: none) come from it
    attributes  in the order of selection: adverb adjective noun emotion occupation action artStyle1 artStyle2
                litStyle color1 color2 color3 viewpoint gaze composition place trope backStyle
    """

    original: str
    seed: str
    series: str
    suffix: str
    color_limit: int
    attributes: tuple[Attribute, ...]

    def __getitem__(self, name: str) -> Attribute:
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        raise KeyError(name)

    def __iter__(self) -> Iterator[Attribute]:
        return iter(self.attributes)
