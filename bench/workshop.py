"""Measures the workshop: `python -m bench.workshop [alone] [crowd]`, both by default. Needs wrk.

alone  twelve sketches of 256 pixels, the processor time of one core; target: a second
crowd  50 people who move a filter every two seconds on two workers: milliseconds until the numbers are there, until a
       sketch is, and polls beside them; target: p99 of polls at most twice that without them
"""

import json
import random
import secrets
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.parts import ask, wrk
from dalle.painters.sketch import SIZES
from dalle.sketches.artist import made_of
from dalle.words.catalog import Catalog
from dalle.words.orientation import orientation_of
from dalle.words.selection import select
from dalle.words.series import Series
from dalle.workshop.samples import sheet
from tests.kit.http import Client
from tests.kit.service import Service

PEOPLE, PAUSE, SECONDS = 50, 2.0, 20.0
AT_ONCE = 4  # sketches that a page waits for, as in static/sketches.js
BUSY = 0.4  # seconds, as in static/workshop.js
ROUNDS = 5
GROUPS = ("bird", "mammal", "fish", "flower", "insect", "beast", "mushroom", "reptile", "butterfly", "tree")


def alone() -> bool:
    """Prints how long a contact sheet takes; returns whether that is a second at most."""
    catalog, series, times = Catalog.load(), Series(name="plain"), []
    for number in range(1, ROUNDS + 1):
        selections = [select(address, series, catalog) for address in sheet([], number)]
        began = time.process_time()
        for selection in selections:
            made_of(selection, SIZES[orientation_of(selection)], 256)
        times.append(time.process_time() - began)
    print(
        f"twelve sketches of 256 pixels: median {statistics.median(times):.2f} s, slowest of {ROUNDS}: {max(times):.2f}"
    )
    return statistics.median(times) <= 1


@dataclass
class Crowd:
    """People at the page; what they wait for, in milliseconds."""

    url: str
    drafts: list[float] = field(default_factory=list)
    sketches: list[float] = field(default_factory=list)
    refused: int = 0
    superseded: int = 0
    until: float = 0.0

    def run(self, beside: Callable[[], float]) -> float:
        """Lets all of them design for a while; returns what was measured beside them."""
        self.until = time.monotonic() + SECONDS
        people = [threading.Thread(target=self._person, args=(number,)) for number in range(PEOPLE)]
        for person in people:
            person.start()
        measured = beside()
        for person in people:
            person.join()
        return measured

    def _person(self, number: int) -> None:
        dice, client = random.Random(number), Client(self.url)
        time.sleep(dice.random() * PAUSE)
        while time.monotonic() < self.until:
            move = time.monotonic() + PAUSE
            query = {"nouns": "\n".join(f",{group}," for group in dice.sample(GROUPS, 2))}
            query["colors"] = dice.choice(("blue", "red", "green", "", "gold"))
            began = time.monotonic()
            while (answer := client.ask(f"/workshop/draft?{urlencode(query)}", "GET", None, timeout=60)).status == 503:
                self.refused += 1
                time.sleep(BUSY * (0.75 + dice.random() / 2))
            self.drafts.append((time.monotonic() - began) * 1000)
            waiting = [tile["sketch"] for tile in json.loads(answer.body)["data"]["tiles"]]
            threads = [threading.Thread(target=self._fetch, args=(client, waiting, move)) for _ in range(AT_ONCE)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            self.superseded += len(waiting)
            time.sleep(max(0.0, move - time.monotonic()))

    def _fetch(self, client: Client, waiting: list[str], until: float) -> None:
        """Fetches what the page waits for, until the person moves the next filter."""
        while waiting and time.monotonic() < until:
            path, began = waiting.pop(0), time.monotonic()
            try:
                answer = client.ask(path, "GET", None, timeout=max(0.05, until - began))
            except OSError:  # the person has moved on: the browser drops the request
                self.superseded += 1
                return
            if answer.status == 200:
                self.sketches.append((time.monotonic() - began) * 1000)
            else:
                self.refused += 1


def polls(url: str) -> float:
    """The p99 of polls in milliseconds: the median of some rounds."""
    return statistics.median(wrk(url, seconds=2, connections=8).p99 for _ in range(ROUNDS))


def crowd() -> bool:
    """Prints what 50 people and those who poll beside them wait for; returns whether polls are as quick as promised."""
    with tempfile.TemporaryDirectory() as folder, Service(Path(folder)) as service:
        path = f"{service.url}/dalle/simple/0x{secrets.token_hex(20)}"
        ask(path)
        quiet = polls(path)
        people = Crowd(service.url)
        beside = people.run(lambda: polls(path))
    for name, times in (("numbers", people.drafts), ("sketch", people.sketches)):
        if len(times) > 1:
            cuts = statistics.quantiles(times, n=100)
            print(f"{name}: {len(times)}, p50 {cuts[49]:.0f} ms, p99 {cuts[98]:.0f} ms")
    print(f"sketches that nobody waited for: {people.superseded}; refused, to be asked for again: {people.refused}")
    print(f"polls, p99: {beside:.1f} ms beside {PEOPLE} people, {quiet:.1f} without them")
    return beside <= 2 * quiet


def main() -> int:
    parts = {"alone": alone, "crowd": crowd}
    held = [parts[name]() for name in sys.argv[1:] or parts]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
