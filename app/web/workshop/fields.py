"""A draft of a series as the fields of a form or of a link."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from dalle.key import SERIES
from dalle.words.catalog import NAMES
from dalle.words.series import BadSeries, Series, name_of
from dalle.words.series_text import changed

UNNAMED = "draft"
"""The series of the sketches of a draft without a name: the artist's hand depends on it."""
LIMITS = {"0": "all three", "2": "two", "1": "one"}
"""How many colours the texts may name, in words."""
NAME = "1 to 64 of a-z, 0-9 and -"
FIELDS = ("name", "purpose", "suffix", "colorLimit", *NAMES)
EMPTY = b"{}"


@dataclass(frozen=True)
class Fields:
    """What is being designed, as it was typed; `problems` says what is wrong with it.

    base  what it began with: `<name>@<sha256>` of the operator's file; "" for a new series, and for a built-in one
    """

    name: str = ""
    purpose: str = ""
    suffix: str = ""
    limit: str = "0"
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    base: str = ""

    @classmethod
    def parse(cls, fields: MultiDict[str, str]) -> "Fields":
        """Returns the draft of a form or a query: a line for each filter, or a field."""
        filters = {name: lines(fields.getlist(name)) for name in NAMES}
        typed = cls(
            name=name_of(fields.get("name", "").strip()),
            purpose=" ".join(fields.get("purpose", "").split()),
            suffix=" ".join(fields.get("suffix", "").split()),
            limit=fields.get("colorLimit", "").strip() or "0",
            filters={name: texts for name, texts in filters.items() if texts},
            base=fields.get("base", ""),
        )
        return typed.toggled(fields.get("toggle", ""))

    @classmethod
    def of(cls, series: Series, sha256: str = "") -> "Fields":
        """Returns the draft that begins with a series; sha256: of the operator's file, if it is one."""
        return cls(
            name=series.name,
            purpose=series.purpose,
            suffix="" if series.suffix == series.name else series.suffix,
            limit=str(series.color_limit),
            filters=series.filters,
            base=f"{series.name}@{sha256}" if sha256 else "",
        )

    @property
    def expected(self) -> str:
        """The sha256 of the file that saving replaces, "" if there must be none."""
        name, _, sha256 = self.base.partition("@")
        return sha256 if name == self.name else ""

    def toggled(self, change: str) -> "Fields":
        """Returns the draft with one filter more or less, as `<database>:<filter>` says."""
        database, _, text = change.partition(":")
        if database not in NAMES or not text:
            return self
        present = self.filters.get(database, ())
        after = tuple(each for each in present if each != text) if text in present else (*present, text)
        return replace(self, filters={**self.filters, database: after})

    def values(self) -> dict[str, Any]:
        """Returns the keys of the series' file, with every database."""
        return {
            "suffix": self.suffix or self.name,
            "purpose": self.purpose,
            "deleted": False,
            "colorLimit": int(self.limit) if self.limit in LIMITS else 0,
            **{name: list(self.filters.get(name, ())) for name in NAMES},
        }

    def text(self, before: bytes = EMPTY) -> bytes:
        """Returns the file of the series. Keys of the file before stay that are not among ours. Raises BadSeries."""
        return changed(before, self.values())

    def series(self) -> Series:
        """Returns the series that this is at the moment, under a name that it can have. Raises BadSeries."""
        name = self.name if SERIES.fullmatch(self.name) else UNNAMED
        return replace(Series.parse(name, self.text()), suffix=self.suffix or name)

    def problems(self) -> dict[str, str]:
        """Returns field → what is wrong with it. One without a name can be looked at, and not saved."""
        found = {}
        if self.name and not SERIES.fullmatch(self.name):
            found["name"] = f"Expected {NAME}."
        if self.limit not in LIMITS:
            found["colorLimit"] = "Expected 0, 1 or 2."
        try:
            self.series()
        except BadSeries as exc:
            found["filters"] = str(exc)
        return found

    def query(self) -> list[tuple[str, str]]:
        """Returns the fields of a link to this draft, without those that are empty."""
        fields = [("name", self.name), ("purpose", self.purpose), ("suffix", self.suffix), ("base", self.base)]
        fields.append(("colorLimit", self.limit if self.limit != "0" else ""))
        fields += [(name, "\n".join(self.filters.get(name, ()))) for name in NAMES]
        return [(name, value) for name, value in fields if value]


def lines(values: Iterable[str]) -> tuple[str, ...]:
    """Returns the filters of one database, each once. Spaces within a line count: a filter may end with one."""
    found = (line for value in values for line in value.splitlines())
    return tuple(dict.fromkeys(line for line in found if line.strip()))
