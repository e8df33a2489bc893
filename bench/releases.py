"""Shows the ratios of each release, and adds those of `build/bench.json` to them.

    python -m bench.releases          one column a release
    python -m bench.releases add      after `make bench` of a release

`bench/releases.jsonl` has one line a release: version, commit, date, machine, and ratios by the name of their row.
"""

import json
import sys
from typing import Any

from bench.speed import RESULT
from tests.kit.repository import ROOT

RELEASES = ROOT / "bench" / "releases.jsonl"


def read() -> list[dict[str, Any]]:
    return [json.loads(line) for line in RELEASES.read_text(encoding="utf-8").splitlines()]


def add() -> None:
    """Replaces the line of the version, or adds one."""
    result = json.loads(RESULT.read_text(encoding="utf-8"))
    rows = result.pop("rows")
    result["ratios"] = {row["name"]: row["ratio"] for row in rows if "ratio" in row}
    result["cpu_ratios"] = {row["name"]: row["cpu_ratio"] for row in rows if row.get("cpu_ratio")}
    kept = [line for line in read() if line["version"] != result["version"]]
    lines = [json.dumps(line, ensure_ascii=False) for line in (*kept, result)]
    RELEASES.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main(words: list[str]) -> int:
    if words == ["add"]:
        add()
    releases = read()
    print("| row | " + " | ".join(release["version"] for release in releases) + " |")
    print("|---" * (len(releases) + 1) + "|")
    for name in dict.fromkeys(name for release in releases for name in release["ratios"]):
        ratios = [release["ratios"].get(name) for release in releases]
        print(f"| {name} | " + " | ".join("" if ratio is None else f"{ratio:.2f}" for ratio in ratios) + " |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
