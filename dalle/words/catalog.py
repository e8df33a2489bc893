"""The word databases: loaded once, frozen, and for ever the same under a version's name.

A database is a CSV file without quoting: a header `version,<column>,…`, then one row a line. The first column is
the release that introduced the row; catalogue vN holds the rows of all versions up to vN in the order of the file.
New rows therefore make a new version beside the old one, and what an address selected stays selected.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from dalle import data
from dalle.errors import CatalogError

FOLDER = data.FOLDER / "databases"
NAMES = (
    "adverbs",
    "adjectives",
    "nouns",
    "emotions",
    "occupations",
    "actions",
    "artstyles",
    "litstyles",
    "colors",
    "viewpoints",
    "gazes",
    "compositions",
    "places",
    "tropes",
    "backstyles",
)
MOST_ROWS = 2**24
"""A window of six hexadecimal digits cannot tell more rows apart."""

VERSION = re.compile(r"v?[0-9]{1,9}(\.[0-9]{1,9}){0,3}")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
FLAGS = ("flag", "sensitive")
"""The columns, either of them, that may say that a row is sensitive."""
SENSITIVE = frozenset({"sensitive", "true", "yes", "1"})

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Database:
    """One list of rows. `columns` and the rows come without the version column."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]

    def __post_init__(self) -> None:
        if len(self.rows) > MOST_ROWS:
            raise CatalogError(f"{self.name}.csv: more than the {MOST_ROWS} rows that six digits can reach")

    def filtered(self, filters: Sequence[str]) -> Sequence[Row]:
        """The rows whose text contains one of the filters; without filters all that are not flagged sensitive."""
        if filters:
            return tuple(row for row in self.rows if any(wanted in ",".join(row) for wanted in filters))
        for column in FLAGS:
            if column in self.columns:
                at = self.columns.index(column)
                return tuple(row for row in self.rows if row[at].lower() not in SENSITIVE)
        return self.rows


@dataclass(frozen=True, slots=True)
class Catalog:
    """All databases of one version; `sha256` is of their content."""

    version: str
    sha256: str
    databases: Mapping[str, Database]
    _chosen: dict[tuple[str, tuple[str, ...]], Sequence[Row]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path | None = None, version: str = "") -> "Catalog":
        """Read `<folder>/<name>.csv` for every name; the built-in folder unless another is given.

        `version` is a tag of the first column; "" takes the newest, that is every row. Raises CatalogError with
        file, line and reason when a file is missing or malformed, or when no row bears the version.
        """
        folder = folder or FOLDER
        read = {name: _read(folder / f"{name}.csv") for name in NAMES}
        tags = {tag for _, lines in read.values() for tag, _ in lines}
        by_age = sorted(tags, key=_age)
        wanted = [tag for tag in by_age if VERSION.fullmatch(version) and _age(tag) == _age(version)]
        if version and not wanted:
            raise CatalogError(f"no version {version} of the word databases; there are: {', '.join(by_age)}")
        chosen = wanted[0] if version else by_age[-1]
        newest = _age(chosen)
        young = {tag for tag in tags if _age(tag) > newest}
        databases, digest = {}, hashlib.sha256()
        for name, (columns, lines) in read.items():
            rows = tuple(row for tag, row in lines if tag not in young)
            if not rows:
                raise CatalogError(f"{name}.csv: no row of version {chosen} or older")
            databases[name] = Database(name, columns, rows)
            digest.update("\n".join([name, ",".join(columns), *map(",".join, rows), ""]).encode())
        return cls(chosen, digest.hexdigest(), MappingProxyType(databases))

    def choose(self, database: str, filters: tuple[str, ...]) -> Sequence[Row]:
        """`Database.filtered`, remembered: a series asks for the same rows again and again."""
        key = (database, filters)
        rows = self._chosen.get(key)
        if rows is None:
            if len(self._chosen) >= 4096:  # series that were edited many times
                self._chosen.clear()
            rows = self._chosen[key] = self.databases[database].filtered(filters)
        return rows


def _age(tag: str) -> tuple[int, ...]:
    """v2 → (2,), v0.1.0 → (0, 1): versions in order."""
    numbers = [int(number) for number in tag.lstrip("v").split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _read(path: Path) -> tuple[tuple[str, ...], list[tuple[str, Row]]]:
    """Columns and (version, row) pairs of one file."""
    name = path.name
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as exc:
        raise CatalogError(f"{name}: there is no such file", private=str(path)) from exc
    except OSError as exc:
        raise CatalogError(f"{name}: cannot be read ({exc.strerror})", private=str(path)) from exc
    except UnicodeDecodeError as exc:
        at = exc.object.count(b"\n", 0, exc.start) + 1
        raise CatalogError(f"{name} line {at}: not UTF-8", private=str(path)) from exc
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    header = lines[0].split(",")
    if header[0] != "version" or len(header) < 2 or len(set(header)) < len(header) or "" in header:
        raise CatalogError(
            f"{name} line 1: expected the header version,<column>,… without repetition", private=str(path)
        )
    rows: list[tuple[str, Row]] = []
    tags: set[str] = set()
    plain = not UNPRINTABLE.search(text.replace("\r\n", "").replace("\n", ""))
    for number, line in enumerate(lines[1:], 2):
        tag, *row = line.split(",")
        if tag not in tags:
            if not VERSION.fullmatch(tag):
                reason = f"'{tag[:20]}' is not a version such as v1" if line else "an empty line"
                raise CatalogError(f"{name} line {number}: {reason}", private=str(path))
            tags.add(tag)
        if len(row) != len(header) - 1:
            raise CatalogError(
                f"{name} line {number}: {len(row) + 1} fields, expected {len(header)} as in the header",
                private=str(path),
            )
        if not row[0]:
            raise CatalogError(f"{name} line {number}: the field {header[1]} is empty", private=str(path))
        if not plain and UNPRINTABLE.search(line):
            raise CatalogError(f"{name} line {number}: a control character", private=str(path))
        rows.append((tag, tuple(row)))
    if not rows:
        raise CatalogError(f"{name} line 2: there are no rows", private=str(path))
    return tuple(header[1:]), rows
