"""What the gallery's index costs: `python -m bench.gallery [pictures…]`, with a title beside each picture.

Prints, for each number of pictures in five series: the first listing of everything, a page, a filter that matches
nothing, a page after one more picture, and how long reading all titles takes in the background.
"""

import hashlib
import io
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from dalle.curator import Curator
from dalle.index import Index
from dalle.lock import Locks
from dalle.queue import Queue
from dalle.store import Store

SERIES = ("amber", "blue", "cyan", "dune", "ember")


def fill(root: Path, number: int) -> None:
    file = io.BytesIO()
    Image.new("RGB", (96, 96), "rebeccapurple").save(file, "PNG")
    for series in SERIES:
        for kind in ("annotated", "title"):
            (root / "output" / series / kind).mkdir(parents=True)
    for count in range(number):
        folder = root / "output" / SERIES[count % 5]
        name = f"0x{hashlib.sha1(str(count).encode(), usedforsecurity=False).hexdigest()}"
        (folder / "annotated" / f"{name}.png").write_bytes(file.getvalue())
        (folder / "title" / f"{name}.txt").write_text(f"The Quiet Otter the Baker, Gently Rowing {count}\n")


def took(work: Callable[[], object]) -> str:
    wall, own = time.perf_counter(), time.process_time()
    work()
    return f"{time.perf_counter() - wall:8.4f} s, CPU {time.process_time() - own:7.4f} s"


def measure(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        fill(store.root, number)
        index = Index(store)
        curator = Curator(store=store, index=index, locks=Locks(store.locks, 60), queue=Queue(store.queue, 9))

        def examine() -> None:
            while index.unseen(1):
                curator.tend()

        print(f"{number} pictures")
        print("  first listing     ", took(index.folders))
        print("  titles            ", took(examine))
        print("  page              ", took(index.page))
        print("  filter, no match  ", took(lambda: index.page(words="walrus")))
        time.sleep(1.1)
        (store.output / "blue" / "annotated" / f"0x{'1' * 40}.png").write_bytes(b"")
        print("  after one more    ", took(index.page))


for argument in sys.argv[1:] or ("100", "10000", "100000"):
    measure(int(argument))
