"""Measures caption strip and four thumbnails of a picture beside decoding and encoding it alone, by turns.

    python bench/annotate.py PICTURE CAPTION TURNS

The product's code is the one that PYTHONPATH leads to. Prints JSON: for each turn milliseconds and microseconds of
processor time, first ours, then the baseline's. `bench/captions.py` starts it.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bench.frozen import pictures
from bench.pairs import Figure, by_turns
from dalle.imaging.caption import annotate
from dalle.imaging.thumbnails import thumbnails


def timed(work: Callable[[], object]) -> Figure:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return Figure((time.perf_counter() - wall) * 1e3, (time.process_time() - own) * 1e6)


def main(file: str, caption: str, turns: str) -> None:
    data = Path(file).read_bytes()

    def ours() -> Figure:
        return timed(lambda: thumbnails(annotate(data, caption).preview, pictures.WIDTHS))

    def baseline() -> Figure:
        return timed(lambda: pictures.encode(pictures.decode(data)))

    by_turns(ours, baseline, 2)
    print(json.dumps(by_turns(ours, baseline, int(turns))))


if __name__ == "__main__":
    main(*sys.argv[1:])
