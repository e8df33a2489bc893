"""Computes what calls cost, from a table: an estimate before the call, the cost from its usage afterwards."""

import json
import logging
import math
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import chain
from pathlib import Path
from typing import Any

from dalle import data
from dalle.limits.naming import all_names, bare_names
from dalle.storage.open_file import read_bounded

TABLE = data.FOLDER / "prices.json"
MOST_BYTES = 1_000_000
MILLION = 1_000_000
SQUARE = 1024 * 1024

log = logging.getLogger(__name__)

Table = list[tuple[str, dict[str, Any]]]


class Prices:
    """The price table. The file `override` comes first, and in a file an exact name before the patterns.

    A model without a price counts as 0 USD, and is logged once. Raises ValueError if the file is invalid.
    """

    def __init__(self, override: Path | None = None) -> None:
        self._own = rows(override) if override else []
        self._table = rows(TABLE)
        self._missed: set[str] = set()

    def estimate(self, model: str, size: str, quality: str) -> float:
        """Return USD for one picture: the highest price for an unknown quality, 0 for an unknown model."""
        pictures: dict[str, float] = self._row(model).get("picture", {})
        if not pictures:
            return 0.0
        width, _, height = size.partition("x")
        share = int(width) * int(height) / SQUARE if width.isdigit() and height.isdigit() else 1.0
        return round(pictures.get(quality, max(pictures.values())) * share, 6)

    def cost_of(self, model: str, usage: Mapping[str, int], estimate: float = 0.0) -> float:
        """Return USD for the tokens that were used; the estimate if usage or prices are missing."""
        row = self._row(model).get("million", {})
        output = usage.get("output_tokens", usage.get("completion_tokens", 0))
        total_input = usage.get("input_tokens", usage.get("prompt_tokens", 0))
        if not row or not (output or total_input):
            return estimate
        images = min(usage.get("input_tokens_details_image_tokens", 0), total_input)
        cached = usage.get("input_tokens_details_cached_tokens", usage.get("prompt_tokens_details_cached_tokens", 0))
        cached = min(cached, total_input - images)
        text = row.get("text_in", 0)
        cost = (total_input - images - cached) * text + cached * row.get("cached_in", text)
        cost += images * row.get("image_in", text) + output * row.get("out", 0)
        return float(round(cost / MILLION, 6))

    def knows(self, model: str) -> bool:
        """Return whether the price of this model's pictures is known."""
        return bool((self._find(model) or {}).get("picture"))

    def knows_tokens(self, model: str) -> bool:
        """Return whether the price of this model's tokens is known, as a language model's should be."""
        return bool((self._find(model) or {}).get("million"))

    def _row(self, model: str) -> dict[str, Any]:
        row = self._find(model)
        if row is None and model not in self._missed:
            self._missed.add(model)
            log.warning("no price is known for model %s: it counts as 0 USD", model)
        return row or {}

    def _find(self, model: str) -> dict[str, Any] | None:
        row = find(self._own, all_names(model))
        return find(self._table, bare_names(model)) if row is None else row


def find(table: Table, names: Sequence[str]) -> dict[str, Any] | None:
    """Return the row that has one of the names, else the first whose pattern fits one of them; None without one."""
    exact = (row for name in names for pattern, row in table if name in (pattern, pattern.lower()))
    fitting = (
        row
        for name in names
        for pattern, row in table
        if fnmatchcase(name, pattern) or fnmatchcase(name, pattern.lower())
    )
    return next(chain(exact, fitting), None)


def rows(file: Path) -> Table:
    """Return a file's patterns and prices. Raises ValueError: an invalid price must not surface after a paid call."""
    content = read_bounded(file, MOST_BYTES)
    if content is None:
        raise ValueError(f"{file.name}: not found, or not a file")
    if len(content) > MOST_BYTES:
        raise ValueError(f"{file.name}: larger than {MOST_BYTES // 1_000_000} MB")
    try:
        models = json.loads(content)["models"]
        table = [(pattern, dict(row)) for pattern, row in models.items()]
        lists = [dict(row.get(name, {})) for _, row in table for name in ("million", "picture")]
    except (ValueError, TypeError, KeyError, AttributeError) as exc:
        raise ValueError(f"{file.name}: expected an object `models`, see dalle/data/prices.json") from exc
    if any(type(usd) not in (int, float) or not 0 <= usd < math.inf for prices in lists for usd in prices.values()):
        raise ValueError(f"{file.name}: expected every price to be a number, 0 or more")
    return table
