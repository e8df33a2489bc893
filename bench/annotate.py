"""Measures the caption strip and four thumbnails against decoding and encoding the picture alone.

    python bench/annotate.py [rounds]

Uses one photo-like picture of 1024 × 1024; both variants take turns, so that a busy machine slows both. Prints medians
in milliseconds of wall time and the ratio of the medians, then the single steps.
"""

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from dalle.imaging import png
from dalle.imaging.caption import annotate
from dalle.imaging.colors import scheme
from dalle.imaging.decoding import decode
from dalle.imaging.thumbnails import thumbnails
from dalle.imaging.typesetting import typeface, wrap
from dalle.storage.blob import WIDTHS
from tests.kit.images import as_file, clouds

CAPTION = (
    "An inky ghost shrimp, ski instructor by trade, craftily counting in Tanzania — full of “wonder” at the façade."
)
MOST_RATIO, MOST_MS = 1.6, 90


def medians(ways: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Returns name → median milliseconds; the variants take turns."""
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds + 1):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            times[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(taken[1:]) for name, taken in times.items()}


def main(arguments: Sequence[str]) -> int:
    rounds = int(arguments[0]) if arguments else 31
    picture = as_file(clouds(1024))
    image = decode(picture)
    annotated = annotate(image, CAPTION).preview
    whole = medians(
        {
            "decode + encode": lambda: png.encode(decode(picture)),
            "annotate + thumbnails": lambda: thumbnails(annotate(picture, CAPTION).preview, WIDTHS),
        },
        rounds,
    )
    alone, all_of_it = whole.values()
    steps = medians(
        {
            "decode": lambda: decode(picture),
            "colours": lambda: scheme(image),
            "set the text": lambda: wrap(CAPTION, typeface(32), 910),
            "encode": lambda: png.encode(annotated),
            "thumbnails": lambda: thumbnails(annotated, WIDTHS),
        },
        rounds,
    )
    for name, taken in {**whole, **steps}.items():
        print(f"{name:24} {taken:7.1f} ms")
    met = all_of_it <= MOST_RATIO * alone and all_of_it <= MOST_MS
    print(f"ratio {all_of_it / alone:.2f} (bar {MOST_RATIO}, {MOST_MS} ms): {'met' if met else 'missed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
