"""What the older server has written about a picture that is named by a seed: one of any text has no address."""

import json
from collections.abc import Mapping
from typing import Any

from dalle.gallery.details import PROMPTS, attribute, palette
from dalle.words.attributes import word_of

MOST_BYTES = 1_000_000
"""Of such a file."""


def metadata_details(series: str, name: str, content: bytes, raw: str = "") -> dict[str, Any] | None:
    """Return what `details` returns of a picture with an address; None when the content is no such file.

    `raw`: path of the picture without its caption, "" without one. The title is the index's.
    """
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    prompts = mapping(value.get("prompts"))
    selected = value.get("selectedRecords")
    rows = [row for row in map(record, selected if isinstance(selected, list) else []) if row]
    return {
        "series": series,
        "address": name,
        "version": "",
        "title": "",
        "prompts": {kind: text(prompts.get(field)) for kind, field in PROMPTS.items() if text(prompts.get(field))},
        "attributes": [{field: row[field] for field in ("name", "word", "about")} for row in rows],
        "palette": palette(rows),
        "model": "",
        "painter": "",
        "cost": 0,
        "image": f"{series}/annotated/{name}.png",
        "raw": raw,
    }


def record(selected: Any) -> dict[str, str] | None:
    """Return one selected record as `details.attribute` does; None if there is nothing to show."""
    fields = mapping(selected)
    kept = fields.get("record")
    name = text(fields.get("attribute")) or text(fields.get("database"))
    if isinstance(kept, dict):
        columns = {str(column): text(value) for column, value in kept.items() if column != "version"}
        word = word_of(columns)
        values = [word, *(value for value in columns.values() if value != word)]
    elif isinstance(kept, list):
        values = [text(value) for value in kept]
    else:
        values = [text(kept)]
    return attribute({"name": name, "value": ",".join(value for value in values if value)})


def mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def text(value: Any) -> str:
    """Return a text or a number as a text; "" for anything else."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
