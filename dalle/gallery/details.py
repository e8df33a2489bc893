"""The details of one finished picture, as the gallery shows them."""

import re
from typing import Any

from dalle.eip55 import checksummed
from dalle.storage.journal import Journal

COLOR = re.compile(r"#[0-9a-fA-F]{6}\b")
BACKGROUND = re.compile(r"^Background: (.+)$", re.MULTILINE)
NAMED = re.compile(r"\{(\w+)\}")
PROMPTS = {"terse": "tersePrompt", "prompt": "prompt", "enhanced": "enhancedPrompt", "data": "dataPrompt"}


def details(report: dict[str, Any], journal: Journal | None) -> dict[str, Any]:
    """Return the details of a picture, from its progress fields and its journal.

    address  in EIP-55 form
    version  of the picture; "" if it was removed meanwhile
    cost     USD, 0 when no charge is known
    attributes  [{name, word, about}]
    palette  [{hex, name}]
    image, raw  paths below the output folder; "" if there is no such file
    """
    dress = report["dalleDress"]
    attributes = [row for row in map(attribute, dress["attributes"]) if row]
    fill(attributes, dress["dataPrompt"])
    painted = journal.painted if journal else None
    return {
        "series": report["series"],
        "address": checksummed(report["address"]),
        "version": report["version"],
        "title": dress["titlePrompt"],
        "prompts": {name: dress[field] for name, field in PROMPTS.items() if dress[field]},
        "attributes": [{name: row[name] for name in ("name", "word", "about")} for row in attributes],
        "palette": palette(attributes),
        "model": painted.maker if painted else "",
        "painter": painted.painter if painted else "",
        "cost": journal.spent(painted.run_id) if journal and painted else 0,
        "image": dress["annotatedPath"],
        "raw": dress["generatedPath"],
    }


def attribute(selected: Any) -> dict[str, str] | None:
    """Return one selected row as word, explanation and colour; None if there is nothing to show."""
    if not isinstance(selected, dict):
        return None
    value = str(selected.get("value", ""))
    color = COLOR.search(value)
    parts = [part.strip() for part in value.split(",") if part.strip() and not COLOR.fullmatch(part.strip())]
    if not parts or parts == ["none"]:
        return None
    return {
        "name": str(selected.get("name", "")),
        "word": parts[0],
        "about": ", ".join(parts[1:]),
        "hex": color.group() if color else "",
    }


def fill(attributes: list[dict[str, str]], data_prompt: str) -> None:
    """Put what was painted in the place of words that name other attributes: `a flat wash of {color3}`.

    The data prompt has it, since the colours of a series may be limited; without one, those attributes do.
    """
    words = {row["name"]: row["word"] for row in attributes}
    background = BACKGROUND.search(data_prompt)
    for row in attributes:
        if "{" in row["word"]:
            painted = background[1] if background and row["name"] == "backStyle" else row["word"]
            row["word"] = NAMED.sub(lambda match: words.get(match[1], ""), painted)


def palette(attributes: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the colours among the attributes, each once."""
    names = {row["hex"]: row["word"] for row in attributes if row["hex"]}
    return [{"hex": code, "name": name} for code, name in names.items()]
