"""The log of every call: in memory for `GET /calls`, and as JSON lines in a file."""

import json
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any


class Calls:
    """Thread-safe; a call is written when it arrives, so that one which never gets an answer counts too."""

    def __init__(self, file: Path | None) -> None:
        self.lock = threading.Lock()
        self.file = file.open("a", buffering=1, encoding="utf-8") if file else None
        self.clear()

    def clear(self) -> None:
        with self.lock:
            self.rows: list[dict[str, Any]] = []

    def add(self, **row: Any) -> dict[str, Any]:
        """Log one call: `time` is its arrival, `answered` the moment before the answer; `end` completes the row."""
        row = {"time": time.time(), "answered": None, "status": None, "fault": ""} | row
        with self.lock:
            self.rows.append(row)
            if self.file:
                self.file.write(json.dumps(row) + "\n")
        return row

    def end(self, row: dict[str, Any], status: int) -> None:
        row["status"] = status
        row["seconds"] = time.time() - row["time"]
        if self.file:
            with self.lock:
                self.file.write(json.dumps({"ended": True} | row) + "\n")

    def summary(self, *, rows: bool) -> dict[str, Any]:
        """Counts by path, by status and by model of the images; all rows on request."""
        with self.lock:
            seen = list(self.rows)
        images = [row for row in seen if row["path"] == "images"]
        answer: dict[str, Any] = dict.fromkeys(("images", "chat", "models", "pictures", "tasks", "other"), 0)
        answer |= Counter(row["path"] for row in seen)
        answer["statuses"] = Counter(str(row["status"]) for row in images)
        answer["by_model"] = Counter(row["model"] for row in images)
        if rows:
            answer["rows"] = seen
        return answer
