"""The word databases: loaded once, immutable, and always the same for the same version.

A database is a CSV file without quoting: a header `version,<column>,…`, then one row a line. The first column is
the version that introduced the row; catalogue vN holds the rows of all versions up to vN in the order of the file.
So new rows make a new version and leave the older ones as they are, and an address keeps what it selected.
"""

import hashlib
import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
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
"""A window of six hexadecimal digits selects among so many rows and no more."""

MOST_BYTES = 100_000_000
"""Of one file."""

VERSION = re.compile(r"v?[0-9]{1,9}(\.[0-9]{1,9}){0,3}")
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
FLAGS = ("flag", "sensitive")
"""The columns that may mark a row as sensitive; the first one that a database has counts."""
SENSITIVE = frozenset({"sensitive", "true", "yes", "1"})

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Database:
    """One list of rows. `columns` and `rows` are without the version column."""

    name: str
    columns: tuple[str, ...]
    rows: Sequence[Row]

    def __post_init__(self) -> None:
        if len(self.rows) > MOST_ROWS:
            raise CatalogError(f"{self.name}.csv: more than {MOST_ROWS} rows, which six digits cannot reach")

    def filtered(self, filters: Sequence[str], lines: Sequence[str] = ()) -> Sequence[Row]:
        """Returns the rows whose text contains one of the filters; without filters, all not marked sensitive.

        lines: the rows as texts, where they are there already
        """
        if filters:
            lines = lines or [",".join(row) for row in self.rows]
            found = {at for text in filters for at, line in enumerate(lines) if text in line}
            return tuple(self.rows[at] for at in sorted(found))
        for column in FLAGS:
            if column in self.columns:
                at = self.columns.index(column)
                return tuple(row for row in self.rows if row[at].lower() not in SENSITIVE)
        return self.rows


@dataclass(frozen=True, slots=True)
class Catalog:
    """All databases of one version, with the sha256 of their content."""

    version: str
    sha256: str
    databases: Mapping[str, Database]
    _chosen: dict[tuple[str, tuple[str, ...]], Sequence[Row]] = field(default_factory=dict, repr=False, compare=False)
    _lines: dict[str, Sequence[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, folder: Path | None = None, version: str = "") -> "Catalog":
        """Reads `<folder>/<name>.csv` for every name, by default from the built-in folder.

        `version` is a tag of the first column; "" means the newest, that is every row. Raises CatalogError with
        file, line and reason when a file is missing or malformed, or when no row has the version.
        """
        folder = folder or FOLDER
        return _parsed(tuple(_text(folder / f"{name}.csv") for name in NAMES), version)

    def apart(self) -> "Catalog":
        """Returns the same words with a cache of its own for what filters leave, which is not worth keeping."""
        return replace(self, _chosen={(name, ()): self.choose(name, ()) for name in self.databases})

    def choose(self, database: str, filters: tuple[str, ...]) -> Sequence[Row]:
        """Returns `Database.filtered`, cached: a series selects from the same rows every time."""
        key = (database, filters)
        rows = self._chosen.get(key)
        if rows is None:
            if len(self._chosen) >= 4096:  # many edits of series
                self._chosen.clear()
            rows = self._chosen[key] = self.databases[database].filtered(filters, self._lines.get(database, ()))
        return rows

    def lines(self, database: str) -> Sequence[str]:
        """Returns the rows of a database as the texts that filters are searched in; cached."""
        if database not in self._lines:
            self._lines[database] = tuple(",".join(row) for row in self.databases[database].rows)
        return self._lines[database]


@lru_cache(maxsize=2)  # by content: the studios of a process share one catalogue
def _parsed(texts: tuple[str, ...], version: str) -> Catalog:
    """Returns the catalogue whose files, in the order of NAMES, have these texts."""
    read = {name: _read(name, text) for name, text in zip(NAMES, texts, strict=True)}
    tags = {tag for _, lines in read.values() for tag, _ in lines}
    by_age = sorted(tags, key=_age)
    matching = [tag for tag in by_age if VERSION.fullmatch(version) and _age(tag) == _age(version)]
    if version and not matching:
        raise CatalogError(f"no version {version} of the word databases; available: {', '.join(by_age)}")
    chosen = matching[0] if version else by_age[-1]
    newest = _age(chosen)
    later = {tag for tag in tags if _age(tag) > newest}
    databases, digest = {}, hashlib.sha256()
    for name, (columns, lines) in read.items():
        rows = tuple(row for tag, row in lines if tag not in later)
        if not rows:
            raise CatalogError(f"{name}.csv: no row of version {chosen} or older")
        databases[name] = Database(name, columns, rows)
        digest.update("\n".join([name, ",".join(columns), *map(",".join, rows), ""]).encode())
    return Catalog(chosen, digest.hexdigest(), MappingProxyType(databases))


def _age(tag: str) -> tuple[int, ...]:
    """Returns a version as a sortable tuple: v2 → (2,), v0.1.0 → (0, 1)."""
    numbers = [int(number) for number in tag.lstrip("v").split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _read(name: str, text: str) -> tuple[tuple[str, ...], list[tuple[str, Row]]]:
    """Parses one file; returns its columns and (version, row) pairs."""

    def malformed(line: int, reason: str) -> CatalogError:
        return CatalogError(f"{name}.csv line {line}: {reason}")

    lines = text.removesuffix("\n").split("\n")
    header = lines[0].split(",")
    if header[0] != "version" or len(header) < 2 or len(set(header)) < len(header) or "" in header:
        raise malformed(1, "expected the header version,<column>,… without repetition")
    rows: list[tuple[str, Row]] = []
    tags: set[str] = set()
    plain = not UNPRINTABLE.search(text.replace("\n", ""))
    for number, line in enumerate(lines[1:], 2):
        tag, *row = line.split(",")
        if tag not in tags:
            if not VERSION.fullmatch(tag):
                raise malformed(number, f"'{tag[:20]}' is not a version such as v1" if line else "an empty line")
            tags.add(tag)
        if len(row) != len(header) - 1:
            raise malformed(number, f"{len(row) + 1} fields, expected {len(header)} as in the header")
        if not row[0]:
            raise malformed(number, f"the field {header[1]} is empty")
        if not plain and UNPRINTABLE.search(line):
            raise malformed(number, "a control character")
        rows.append((tag, tuple(row)))
    if not rows:
        raise malformed(2, "no rows")
    return tuple(header[1:]), rows


def _text(path: Path) -> str:
    """Reads one file; returns its text with plain line ends."""
    try:
        status = path.stat()  # first: reading a pipe or a device would not end
        if not stat.S_ISREG(status.st_mode):
            raise CatalogError(f"{path.name}: not a file", private=str(path))
        if status.st_size > MOST_BYTES:
            raise CatalogError(f"{path.name}: larger than {MOST_BYTES // 1_000_000} MB", private=str(path))
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as exc:
        raise CatalogError(f"{path.name}: not found", private=str(path)) from exc
    except OSError as exc:
        raise CatalogError(f"{path.name}: cannot be read ({exc.strerror})", private=str(path)) from exc
    except UnicodeDecodeError as exc:
        line = exc.object.count(b"\n", 0, exc.start) + 1
        raise CatalogError(f"{path.name} line {line}: not UTF-8", private=str(path)) from exc
