"""All that there is to tell about one finished picture."""

import re
from typing import Any

from dalle.eip55 import checksummed
from dalle.storage.journal import Journal

COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")


def portrait(report: dict[str, Any], present: Journal | None) -> dict[str, Any]:
    """What the gallery's panel shows, from the picture's progress fields and its journal.

    address  in EIP-55 form; time: Unix seconds; cost: USD, 0 when nothing is known to have been charged
    attributes  [{name, word, about}]; palette: [{hex, name}]; image, raw: paths below the output folder, "" without
    """
    dress = report["dalleDress"]
    attributes = [told for told in map(attribute, dress["attributes"]) if told]
    painted = present.painted if present else None
    return {
        "series": report["series"],
        "address": checksummed(report["address"]),
        "title": dress["titlePrompt"],
        "prompts": {
            name: dress[field]
            for name, field in (
                ("terse", "tersePrompt"),
                ("prompt", "prompt"),
                ("enhanced", "enhancedPrompt"),
                ("data", "dataPrompt"),
            )
            if dress[field]
        },
        "attributes": [{name: told[name] for name in ("name", "word", "about")} for told in attributes],
        "palette": palette(attributes),
        "model": painted.model if painted else "",
        "painter": painted.painter if painted else "",
        "cost": present.spent(painted.runId) if present and painted else 0,
        "image": dress["annotatedPath"],
        "raw": dress["generatedPath"],
    }


def attribute(found: Any) -> dict[str, str] | None:
    """One selected row for people: its word first, the rest of the row as an explanation; None for no row."""
    if not isinstance(found, dict):
        return None
    value = str(found.get("value", ""))
    color = COLOR.search(value)
    parts = [part.strip() for part in value.split(",") if part.strip() and not COLOR.fullmatch(part.strip())]
    if not parts or parts == ["none"]:
        return None
    return {
        "name": str(found.get("name", "")),
        "word": parts[0],
        "about": ", ".join(parts[1:]),
        "hex": color.group() if color else "",
    }


def palette(attributes: list[dict[str, str]]) -> list[dict[str, str]]:
    """The colours among the attributes, each once."""
    found = {told["hex"]: told["word"] for told in attributes if told["hex"]}
    return [{"hex": code, "name": name} for code, name in found.items()]
