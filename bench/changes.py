"""Changes by hand beside runs: `python -m bench.changes [pictures] [rounds] [workers]` (100000 200 4).

An operator puts pictures into a large folder, replaces and deletes them, while workers publish and remove others there
and a second master paints there, too. Prints how long it takes until the index of a fifth process, and the pages of the
second master, show each change; the limit is 2 s.
"""

import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.painting import painters
from dalle.storage.folder.engine import FolderStorage
from tests.kit.folders import address, put
from tests.kit.processes import Child
from tests.kit.service import Service
from tests.kit.waiting import wait
from tests.service.storage.test_folder_index import Operator, differences, publishing

LINKS = 30_000
SERIES = "blue"
LONGEST = 900.0  # seconds for all titles


def fill(root: Path, number: int) -> None:
    for at in range(number):
        if at % LINKS == 0:
            picture = put(root, SERIES, address(at), age=number - at)
        else:
            os.link(picture, picture.with_name(f"{address(at)}.png"))
    (root / "series").mkdir()
    (root / "series" / f"{SERIES}.json").write_text("{}")


def shown(service: Service) -> dict[str, int]:
    """The operator's pictures, as a page has them, with their times in seconds."""
    answer = service.ask(f"/preview/items?series={SERIES}&q=by-hand")
    assert answer.status == 200, answer.body
    items = json.loads(answer.body)["data"]["items"]
    return {item["address"]: item["time"] for item in items}


def main(pictures: int = 100_000, rounds: int = 200, workers: int = 4) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        root = Path(name) / "data"
        fill(root, pictures)
        storage, operator = FolderStorage(root), Operator(root, SERIES)
        index = storage.pictures
        wait(lambda: index.folders() and not index.progress().unread, "all titles", LONGEST)
        service = stack.enter_context(Service(Path(name), DATA_DIR=root, WORKERS=2))
        publishers = [stack.enter_context(Child(publishing, root, SERIES, 90 + seed)) for seed in range(workers)]
        times, pages = [], []
        listed = index.tend(0).listed
        with painters(f"{service.url}/dalle/{SERIES}", 1):
            for _ in range(rounds):
                operator.act()
                began = time.monotonic()
                wait(lambda: operator.is_seen(storage))
                times.append(time.monotonic() - began)
                wait(lambda: shown(service) == operator.seconds)
                pages.append(time.monotonic() - began)
        for publisher in publishers:
            publisher.send("end")
            publisher.receive()
        listed = index.tend(0).listed
        wait(lambda: not differences(storage))
    print(f"load {os.getloadavg()[0]:.0f}; folders listed here: {listed}")
    for what, each in (("index", times), ("page of the second master", pages)):
        print(f"{rounds} changes, {what}: median {median(each):.2f} s, longest {max(each):.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
