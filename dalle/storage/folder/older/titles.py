"""Titles of the older server's pictures that are named by a seed: in `metadata/<seed>.json`."""

import json
from pathlib import Path

from dalle.storage.open_file import read_bounded

MOST_BYTES = 1_000_000


def title_of(path: Path | str) -> str:
    """Return the title in a file of metadata, else the text that the picture was made from; "" without either."""
    content = read_bounded(path, MOST_BYTES)
    try:
        value = json.loads(content or b"{}")
    except (ValueError, RecursionError):
        return ""
    if not isinstance(value, dict):
        return ""
    prompts = value.get("prompts")
    title = prompts.get("titlePrompt") if isinstance(prompts, dict) else None
    return next((text for text in (title, value.get("input")) if isinstance(text, str) and text.strip()), "")
