"""How long the phases took so far, shared by all workers: what percent and ETA are computed from."""

import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dalle.events import Observer
from dalle.storage.protocol import Documents

ALPHA = 0.2

# Seconds that an average may be old. Reports need it while a key is held, when an engine may have no second connection.
FRESH = 5.0

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


class Averages(Observer):
    """Exponential moving averages, in the older server's format; learns from the runs that it observes."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._mutex = threading.Lock()
        self._cache_hits = 0

    def durations(self) -> dict[str, int]:
        """Return phase → nanoseconds."""
        return {**BUILT_IN, **{name: duration for name, duration in self._known().items() if name in BUILT_IN}}

    def total(self) -> float:
        """Return the seconds that the phases of a run took on average, 0 before the first run."""
        return sum(self._known().values()) / 1e9

    def run_timed(self, durations: Mapping[str, int]) -> None:
        with suppress(OSError), self._documents.edit("averages") as stats:
            present = stats.get("phaseAverages")
            averages: dict[str, Any] = dict(present) if isinstance(present, dict) else {}
            for phase, duration in durations.items():
                try:
                    count, average = int(averages[phase]["count"]), float(averages[phase]["avgNs"])
                    average += ALPHA * (duration - average)
                except (KeyError, TypeError, ValueError):
                    count, average = 0, float(duration)
                averages[phase] = {"count": count + 1, "avgNs": round(average)}
            runs = whole(stats.get("generationRuns")) + 1
            stats |= {"version": "v1", "phaseAverages": averages, "generationRuns": runs}

    def cache_hit(self) -> None:
        """Remember a cache hit; `flush` writes the sum, so that a poll writes nothing."""
        with self._mutex:
            self._cache_hits += 1

    def flush(self) -> None:
        """Add the remembered cache hits to the document. Raises OSError."""
        with self._mutex:
            hits, self._cache_hits = self._cache_hits, 0
        if hits:
            with self._documents.edit("averages") as stats:
                for name, value in (("version", "v1"), ("phaseAverages", {}), ("generationRuns", 0)):
                    stats.setdefault(name, value)
                stats["cacheHits"] = whole(stats.get("cacheHits")) + hits

    def _known(self) -> dict[str, int]:
        """Return the averages of phases that have been timed."""
        averages = self._documents.read("averages", max_age=FRESH).get("phaseAverages")
        known = {}
        for phase, entry in averages.items() if isinstance(averages, dict) else ():
            with suppress(TypeError, KeyError, ValueError):
                average = float(entry["avgNs"])
                if average > 0:
                    known[str(phase)] = round(average)
        return known


def whole(value: object) -> int:
    """Return a counter out of a document that others may have written."""
    return value if isinstance(value, int) and value >= 0 else 0
