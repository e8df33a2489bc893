"""A series: the filters and the purpose that make its pictures look related."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dalle.key import SERIES
from dalle.words.catalog import NAMES

COLORS = 3
"""The colours of a picture."""
MOST_BYTES = 1_000_000
"""Of a series file."""
MOST_FILTERS = 5000
"""Of one database, more than it has rows: each filter is searched in every row, which takes 0.4 s for so many."""
KEYS = ("suffix", "purpose", "last", "deleted", "colorLimit", "modifiedAt", "version", "source", *NAMES)
"""Of a series file: ours, and those that the older server writes and reads."""
NUMBER = re.compile(r"[+-]?[0-9]{1,9}")
EXPECTED = {str: "a text", int: "a whole number", bool: "true or false", list: "a list of texts"}


def name_of(text: str) -> str:
    """Returns the name of the series that people call so: `My Set` is my-set. What cannot be a name stays as it is."""
    name = "-".join(text.lower().split())
    return name if SERIES.fullmatch(name) else text


class BadSeries(ValueError):
    """The file holds no series. The text names the reason, for the person who wrote the file; it holds no path.

    field  the key that it is about, "" for the file as a whole
    """

    def __init__(self, text: str, field: str = "") -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True, slots=True)
class Series:
    """One series, as its file describes it.

    suffix       a short label of its pictures; the name when the file has none
    purpose      one sentence: what the series is for and how its pictures look
    last         the last position of the older server's batch command; read, not used
    deleted      no longer listed or painted
    color_limit  how many of the three colours the texts may name: 1, 2, or 0 for all
    sha256       of the file
    filters      database → substrings, one of which a row must contain; a database that is not listed is used whole
    """

    name: str
    suffix: str = ""
    purpose: str = ""
    last: int = 0
    deleted: bool = False
    color_limit: int = 0
    sha256: str = field(default="", compare=False)
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def parse(cls, name: str, text: bytes) -> "Series":
        """Parses the older server's JSON: null is the same as a missing key, unknown keys are ignored.

        A `colorLimit` that limits nothing, such as 5, counts as 0; it may be a text. Raises BadSeries.
        """
        value = read_object(text)
        color_limit = _color_limit(value)
        return cls(
            name=name,
            suffix=_take(value, "suffix", str, "") or name,
            purpose=_take(value, "purpose", str, ""),
            last=_take(value, "last", int, 0),
            sha256=hashlib.sha256(text).hexdigest(),
            deleted=_take(value, "deleted", bool, False),
            color_limit=color_limit if 0 < color_limit < COLORS else 0,
            filters=MappingProxyType({key: texts for key in NAMES if (texts := _filters(value, key))}),
        )


def read_object(text: bytes) -> dict[str, Any]:
    """Returns the keys of a series file as they stand there. Raises BadSeries."""
    try:
        value = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()
    except RecursionError as exc:
        raise BadSeries("not valid JSON: nested too deeply") from exc
    except json.JSONDecodeError as exc:
        raise BadSeries(f"not valid JSON: {exc.msg} (line {exc.lineno}, column {exc.colno})") from exc
    except UnicodeEncodeError as exc:
        raise BadSeries("a text holds half a character (an unpaired surrogate)") from exc
    except UnicodeDecodeError as exc:
        raise BadSeries("not valid JSON: not UTF-8 text") from exc
    except ValueError as exc:
        raise BadSeries("not valid JSON: a number that is too long") from exc
    if not isinstance(value, dict):
        raise BadSeries("expected a JSON object")
    return value


def _color_limit(value: dict[str, Any]) -> int:
    """The older server writes it as a text, and reads both."""
    text = value.get("colorLimit")
    if not isinstance(text, str):
        return int(_take(value, "colorLimit", int, 0))
    if text.strip() and not NUMBER.fullmatch(text.strip()):
        raise BadSeries('"colorLimit" must be a whole number, such as 2 or "2"', "colorLimit")
    return int(text.strip() or 0)


def _take(value: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    item = value.get(key)
    if item is None:
        return default
    if not isinstance(item, kind) or (kind is int and isinstance(item, bool)):
        raise BadSeries(f'"{key}" must be {EXPECTED[kind]}', key)
    return item


def _filters(value: dict[str, Any], key: str) -> tuple[str, ...]:
    """The filters of one database, without null and "", which every row contains."""
    texts = _take(value, key, list, [])
    if not all(isinstance(text, str | None) for text in texts):
        raise BadSeries(f'"{key}" must be {EXPECTED[list]}', key)
    if len(texts) > MOST_FILTERS:
        raise BadSeries(f'"{key}" must have at most {MOST_FILTERS} texts, and has {len(texts)}', key)
    return tuple(text for text in texts if text)
