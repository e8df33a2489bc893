"""How long the phases took so far, shared by all workers: what percent and ETA are computed from."""

import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dalle.errors import FileSystemError
from dalle.storage.folder.atomic import read_json, update_json

ALPHA = 0.2

# Before the first run there must be something to go by; measured with a provider of medium speed.
BUILT_IN: Mapping[str, int] = {
    "setup": 20_000_000,
    "base_prompts": 10_000_000,
    "enhance_prompt": 6_000_000_000,
    "image_prep": 5_000_000,
    "image_wait": 25_000_000_000,
    "image_download": 500_000_000,
    "annotate": 200_000_000,
}

log = logging.getLogger(__name__)


class Averages:
    """Exponential moving averages in `metrics/progress_phase_stats.json`, in the older server's format."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mutex = threading.Lock()
        self._stamp: object = None
        self._durations: dict[str, int] = dict(BUILT_IN)
        self._cache_hits = 0

    def durations(self) -> dict[str, int]:
        """Phase → nanoseconds; read anew only when the file changed."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return dict(BUILT_IN)
        with self._mutex:
            stamp = (status.st_mtime_ns, status.st_ino)
            if stamp != self._stamp:
                self._durations = self._read()
                self._stamp = stamp
            return dict(self._durations)

    def learn(self, durations: Mapping[str, int]) -> None:
        """Take in one finished run (phase → nanoseconds; skipped phases left out)."""

        def change(stats: dict[str, Any]) -> dict[str, Any]:
            averages = stats.get("phaseAverages")
            averages = dict(averages) if isinstance(averages, dict) else {}
            for phase, duration in durations.items():
                try:
                    count, average = int(averages[phase]["count"]), float(averages[phase]["avgNs"])
                    average += ALPHA * (duration - average)
                except (KeyError, TypeError, ValueError):
                    count, average = 0, float(duration)
                averages[phase] = {"count": count + 1, "avgNs": round(average)}
            runs = whole(stats.get("generationRuns")) + 1
            return {**stats, "version": "v1", "phaseAverages": averages, "generationRuns": runs}

        update_json(self._path, change)

    def count_cache_hit(self) -> None:
        """Remember a cache hit; `flush` writes the sum, so that a poll writes no file."""
        with self._mutex:
            self._cache_hits += 1

    def flush(self) -> None:
        """Add the remembered cache hits to the file."""
        with self._mutex:
            hits, self._cache_hits = self._cache_hits, 0
        if hits:
            update_json(
                self._path,
                lambda stats: {
                    "version": "v1",
                    "phaseAverages": {},
                    "generationRuns": 0,
                    **stats,
                    "cacheHits": whole(stats.get("cacheHits")) + hits,
                },
            )

    def _read(self) -> dict[str, int]:
        durations = dict(BUILT_IN)
        try:
            stats = read_json(self._path)
            for phase, entry in (stats or {}).get("phaseAverages", {}).items():
                if phase in durations and float(entry["avgNs"]) > 0:
                    durations[phase] = round(float(entry["avgNs"]))
        except (FileSystemError, AttributeError, TypeError, KeyError, ValueError):
            log.warning("the averages file is damaged and starts anew")
        return durations


def whole(value: object) -> int:
    """A counter out of a file that others may have written."""
    return value if isinstance(value, int) and value >= 0 else 0
