"""Changes by hand beside runs: `python -m bench.changes [pictures] [rounds] [workers]` (100000 200 5).

An operator puts pictures into a large folder, replaces and deletes them, while workers publish and remove others there.
Prints how long the index takes to show each change; the limit is 2 s.
"""

import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from dalle.storage.folder.engine import FolderStorage
from tests.kit.folders import address, put
from tests.kit.processes import Child
from tests.kit.waiting import wait
from tests.service.storage.test_folder_index import Operator, differences, publishing

LINKS = 30_000


def fill(root: Path, number: int) -> None:
    for at in range(number):
        if at % LINKS == 0:
            picture = put(root, "blue", address(at), age=number - at)
        else:
            os.link(picture, picture.with_name(f"{address(at)}.png"))


def main(pictures: int = 100_000, rounds: int = 200, workers: int = 5) -> None:
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        root = Path(name)
        fill(root, pictures)
        storage, operator = FolderStorage(root), Operator(root, "blue")
        wait(lambda: storage.pictures.folders() and storage.pictures.progress().known >= pictures)
        publishers = [stack.enter_context(Child(publishing, root, "blue", 90 + seed)) for seed in range(workers)]
        times = []
        for _ in range(rounds):
            operator.act()
            began = time.monotonic()
            wait(lambda: operator.is_seen(storage))
            times.append(time.monotonic() - began)
        for publisher in publishers:
            publisher.send("end")
            publisher.receive()
        wait(lambda: not differences(storage))
    print(f"{rounds} changes seen: median {median(times):.2f} s, longest {max(times):.2f} s")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
