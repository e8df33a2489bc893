"""Measures ratios of the product to frozen baselines, and whether each is as it shall be (`make bench`).

    python -m bench.speed [--tree FOLDER] [word …]      only the rows whose names contain one of the words

--tree: measures the code of another checkout with these benchmarks. Prints a table and writes `build/bench.json`. Ends
with 1 if a target is missed by more than what is resolved. Needs wrk and nginx, and takes five minutes.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bench import painting, processes, reads
from bench.pairs import STARTS, TOLERANCE, Aim, Pair, Row, table
from bench.parts import WRK, about
from tests.kit.nginx import NGINX
from tests.kit.repository import ROOT

Start = Callable[[Path, Sequence[str]], Iterator[tuple[str, list[Pair]]]]
GROUPS: tuple[tuple[Start, tuple[Aim, ...]], ...] = (
    (reads.start, reads.AIMS),
    (painting.polls, (painting.POLLED,)),
    (painting.forty, (painting.PICTURES,)),
    (processes.annotated, (processes.ANNOTATED,)),
    (processes.started, (processes.STARTED,)),
)
RESULT = ROOT / "build" / "bench.json"


def measure_all(tree: Path, rows: dict[str, Row]) -> None:
    """Starts all groups once, then again: each sees good and bad minutes."""
    for number in range(1, STARTS + 1):
        for start, aims in GROUPS:
            if names := [aim.name for aim in aims if aim.name in rows and not rows[aim.name].failure]:
                began = time.perf_counter()
                measure(start, tree, {name: rows[name] for name in names})
                print(f"  {number}/{STARTS} {names[0]} … {time.perf_counter() - began:.0f} s", file=sys.stderr)


def measure(start: Start, tree: Path, rows: dict[str, Row]) -> None:
    """Adds the pairs of one start; where it fails, the rows say why."""
    left = set(rows)
    try:
        for name, pairs in start(tree, list(rows)):
            rows[name].starts.append(pairs)
            left.remove(name)
    except (AssertionError, OSError, subprocess.SubprocessError) as exc:
        for name in left:
            rows[name].failure = f"{type(exc).__name__}: {str(exc)[-200:]}"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.speed")
    parser.add_argument("--tree", type=Path, default=ROOT)
    parser.add_argument("words", nargs="*")
    given = parser.parse_args()
    if NGINX is None or WRK is None:
        print("nginx or wrk is missing: apt-get install nginx-light wrk")
        return 2
    tree = given.tree.resolve()
    aims = [
        aim for _, aims in GROUPS for aim in aims if not given.words or any(word in aim.name for word in given.words)
    ]
    by_name = {aim.name: Row(aim) for aim in aims}
    try:
        measure_all(tree, by_name)
    except KeyboardInterrupt:
        print("interrupted: no row holds without its starts", file=sys.stderr)
    rows = list(by_name.values())
    result = {**about(tree), "rows": [row.as_json() for row in rows]}
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{result['version']} ({result['commit']}), {result['machine']}; a target holds within {TOLERANCE}")
    print("\n".join(table(rows)))
    return 0 if all(row.holds for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
