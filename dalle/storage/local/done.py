"""Which keys were done, so that what was interrupted goes on where it was."""

import json
from pathlib import Path

from dalle.atomic import append_line
from dalle.key import Key


class Done:
    """A file of keys, a line each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._keys: set[tuple[str, str]] = set()
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            lines = []
        for line in lines:
            try:
                series, address = json.loads(line)
                self._keys.add((series, address))
            except ValueError:
                continue  # it was interrupted there

    def has(self, key: Key) -> bool:
        return (key.series, key.address) in self._keys

    def add(self, key: Key) -> None:
        self._keys.add((key.series, key.address))
        append_line(self._path, f"{json.dumps([key.series, key.address])}\n".encode())
