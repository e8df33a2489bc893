"""The older server's newer record of how long phases take: a line for each run, with the averages up to then."""

import json
import os
from pathlib import Path
from typing import Any

from dalle.storage.open_file import open_file

TAIL = 65_536
"""Bytes at the end that are looked at: a hundred lines."""


def averages_of(path: Path) -> dict[str, Any]:
    """Return what the last whole line says, as the document of averages has it; {} without one."""
    opened = open_file(path)
    if opened is None:
        return {}
    with opened.file as file:
        file.seek(max(0, opened.size - TAIL), os.SEEK_SET)
        lines = file.read(TAIL).splitlines()
    for line in reversed(lines):
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict) and isinstance(value.get("phases"), dict):
            counts = {"generationRuns": value.get("runs"), "cacheHits": value.get("cacheHits")}
            known = {name: count for name, count in counts.items() if isinstance(count, int)}
            return {"version": "v1", "phaseAverages": value["phases"], **known}
    return {}
