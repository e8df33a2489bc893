"""A series: the filters and the purpose that make its pictures look related."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dalle.words.catalog import NAMES

COLORS = 3
"""The colours of a picture."""


class BadSeries(ValueError):
    """The file does not hold a series; the text says why, for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series, as its file says.

    suffix       a short label of its pictures; the name when the file gives none
    purpose      one sentence that says what the series is for and how it looks
    last         where the older server's command had come to; kept, not used
    deleted      neither listed nor painted any more
    color_limit  how many of the three colours the texts may name, 1 or 2; 0: all
    sha256       of the file
    filters      database → substrings of which a row must contain one; a database without an entry is whole
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
        """Read the older server's JSON: null, missing and [] mean nothing, unknown keys are ignored.

        A `colorLimit` that limits nothing, such as 5, is none. Raises BadSeries.
        """
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
        color_limit = _take(value, "colorLimit", int, 0)
        return cls(
            name=name,
            suffix=_take(value, "suffix", str, "") or name,
            purpose=_take(value, "purpose", str, ""),
            last=_take(value, "last", int, 0),
            sha256=hashlib.sha256(text).hexdigest(),
            deleted=_take(value, "deleted", bool, False),
            color_limit=color_limit if 0 < color_limit < COLORS else 0,
            filters=MappingProxyType({key: wanted for key in NAMES if (wanted := _filters(value, key))}),
        )


EXPECTED = {str: "a text", int: "a whole number", bool: "true or false", list: "a list of texts"}


def _take(value: dict[str, Any], key: str, kind: type, default: Any) -> Any:
    found = value.get(key)
    if found is None:
        return default
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        raise BadSeries(f'"{key}" must be {EXPECTED[kind]}')
    return found


def _filters(value: dict[str, Any], key: str) -> tuple[str, ...]:
    """The filters of one database; null and empty texts, which every row contains, are left out."""
    found = _take(value, key, list, [])
    if not all(isinstance(wanted, str | None) for wanted in found):
        raise BadSeries(f'"{key}" must be {EXPECTED[list]}')
    return tuple(wanted for wanted in found if wanted)
