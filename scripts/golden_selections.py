"""Prints selections.json: computes the specification independently, without the code under test.

    python scripts/golden_selections.py > tests/unit/golden/selections.json

A released version of the databases never changes: run this when a new version is added, never to make a test pass.
"""

import csv
import hashlib
import json
import math
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "dalle" / "data"
SERIES = ["empty", "five-tone-postal-protozoa", "midnight-noir"]
ORDER = ["adverbs", "adjectives", "nouns", "emotions", "occupations", "actions", "artstyles", "artstyles", "litstyles"]
ORDER += ["colors", "colors", "colors", "viewpoints", "gazes", "compositions", "places", "tropes", "backstyles"]


def rows(name, filters):
    with open(DATA / "databases" / f"{name}.csv", newline="", encoding="utf-8") as file:
        lines = [line[1:] for line in list(csv.reader(file))[1:]]
    if filters:
        return [line for line in lines if any(text in ",".join(line) for text in filters)]
    return [line for line in lines if name != "artstyles" or "sensitive" not in line]


addresses = ["0x" + "0" * 40, "0x" + "f" * 40]
addresses += ["0x" + hashlib.sha256(b"golden %d" % n).hexdigest()[:40] for n in range(48)]
golden = {}
for series in SERIES:
    wanted = json.loads((DATA / "series" / f"{series}.json").read_text())
    pools = {name: rows(name, wanted[name]) for name in set(ORDER)}
    for address in addresses:
        seed = (address + "".join(reversed(address)))[2 : 2 + 64]
        later = hashlib.sha256(seed.encode("ascii")).hexdigest()
        digits = [seed[i : i + 6] for i in range(0, 57, 4)] + [later[i : i + 6] for i in (0, 4, 8)]
        chosen = []
        for name, window in zip(ORDER, digits, strict=True):
            selector = math.floor(len(pools[name]) * (int(window, 16) / 16777216))
            chosen.append([window, len(pools[name]), selector, pools[name][selector][0]])
        golden.setdefault(address, {})[series] = chosen
print("{")
for number, (address, chosen) in enumerate(golden.items()):
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(rows, ensure_ascii=False)}" for name, rows in chosen.items())
    print(f" {json.dumps(address)}: {{\n{lines}}}{',' if number < len(golden) - 1 else ''}")
print("}")
