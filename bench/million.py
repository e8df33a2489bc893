"""Measures the gallery by the number of its pictures: `python -m bench.million [options] [pictures…]`.

Pictures are small files in five series, each with a time of its own, and titles are hard links. For each number: a
plain listing with stat; from no index to the first page, to all names, to all titles, and until their words are merged,
with the processor time of the thread that builds it; then bytes of the index a picture; what one publication and one
picture that was put in by hand cost; pages, neighbours and filters (medians, and as a ratio to the first number given).
Then, through HTTP, what `bench.served` measures.
"""

import argparse
import math
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import TURNS, Figures, took
from bench.served import Served
from dalle.key import Key
from dalle.storage.blob import Blob, Facts
from dalle.storage.folder.engine import FolderStorage
from tests.kit.images import png
from tests.kit.version_1_0 import extract

SERIES = ("amber", "blue", "cyan", "dune", "ember")
NUMBERS = (100, 10_000, 100_000, 1_000_000)
BEGAN = 1_700_000_000
FILTERS = {
    "a frequent word": "otter", "a rare word": "zyzzyva", "no match": "walrus", "one letter": "q",
    "several words": "quiet otter baker", "the beginning of an address": "0xabc",
    "one digit of a beginning": "0xa", "two": "0xab", "four": "0xabcd", "eight": "0xabcd0123",
    "a whole address": f"0x{'abcd0123' * 5}", "three digits inside": "abc", "four digits inside": "abc4",
    "five digits inside": "abc45", "twelve digits inside": "abc45678def0", "a word and digits": "otter abc45",
}  # fmt: skip


def fill(root: Path, number: int) -> None:
    chance = random.Random(number)
    titles, content = texts(root), png()
    for at in range(number):
        series = root / "output" / SERIES[at % 5]
        if at < 5:
            for kind in ("annotated", "title"):
                (series / kind).mkdir(parents=True)
        name = f"0x{chance.getrandbits(160):040x}"
        picture = f"{series}/annotated/{name}.png"
        with open(picture, "wb") as file:
            file.write(content)
        os.utime(picture, (BEGAN + at, BEGAN + at))
        rare = at % max(number // 20, 1) == 0
        text = titles[-1] if rare else titles[chance.randrange(len(titles) - 1)]
        os.link(text[at // 50_000 % len(text)], series / "title" / f"{name}.txt")


def texts(root: Path) -> list[list[Path]]:
    """Titles, each in so many files that none gets too many links; the last one is the rare one."""
    sorts, animals = ("Quiet", "Brave", "Gentle", "Silver"), ("Otter", "Hawk", "Moth", "Lynx", "Heron")
    words = [f"The {sort} {animal} the {who}" for sort in sorts for animal in animals for who in ("Baker", "Smith")]
    paths = []
    for at, title in enumerate([*words, "The Zyzzyva, Equable"]):
        paths.append([root / f"title-{at}-{copy}" for copy in range(20)])
        for path in paths[-1]:
            path.write_text(f"{title}\n")
    return paths


@contextmanager
def timed(figures: Figures, row: str) -> Iterator[list[float]]:
    wall, own = time.perf_counter(), time.process_time()
    times: list[float] = []
    yield times
    times += [time.perf_counter() - wall, time.process_time() - own]
    figures.add(row, f"{times[0]:.3f} s, processor {times[1]:.3f} s")


def list_plainly(root: Path) -> None:
    for series in SERIES:
        with os.scandir(root / "output" / series / "annotated") as entries:
            for entry in entries:
                entry.stat(follow_symlinks=False)


def build(figures: Figures, root: Path, number: int) -> FolderStorage:
    list_plainly(root)
    with timed(figures, "a plain listing with stat") as plain:
        list_plainly(root)
    storage = FolderStorage(root)
    with timed(figures, "no index: first answer"):
        storage.pictures.page()
    wall = time.perf_counter()
    index = storage.pictures
    builder = next((thread for thread in threading.enumerate() if thread.name == "gallery"), threading.current_thread())
    clock = time.pthread_getcpuclockid(builder.ident or 0)
    pauses: dict[str, Callable[[], bool]] = {
        "first page": lambda: bool(index.page(limit=1).pictures),
        "all names": lambda: sum(folder.count for folder in index.folders()) >= number,
        "all titles": lambda: bool(index.folders()) and index.progress().unread == 0,
        "words merged": lambda: all(thread.name != "gallery" for thread in threading.enumerate()),
    }
    for row, done in pauses.items():
        while not done():
            time.sleep(0.01 if row != "words merged" else 0.2)
        times = time.perf_counter() - wall, time.clock_gettime(clock) if builder.is_alive() else math.nan
        ratio = f"{times[0] / plain[0]:.2f} × the listing, by processor {times[1] / plain[1]:.2f} ×"
        figures.add(f"no index: {row}", f"{times[0]:.3f} s, processor {times[1]:.3f} s, {ratio}")
    size = sum(path.stat().st_size for path in (root / "gallery").iterdir())
    figures.add("bytes of the index a picture", f"{size / number:.0f}")
    return storage


def publish(figures: Figures, storage: FolderStorage) -> None:
    """What a publication costs, with the page that shows it and the upkeep after it."""
    picture, index = png(), storage.pictures
    fresh = iter(range(TURNS))

    def publication() -> None:
        key = Key("blue", f"0x{next(fresh):040x}")
        staged = [storage.blobs.stage(Blob.picture(key), picture, durable=True)]
        with storage.guard(key) as entry:
            entry.publish(staged, Facts())
        index.page(limit=1)
        index.tend(0.3)

    figures.ratio("one publication", took(publication))
    with timed(figures, "one picture by hand"):
        (storage.layout.output / "blue" / "annotated" / f"0x{'e' * 40}.png").write_bytes(picture)
        while index.page(limit=1).pictures[0].name != f"0x{'e' * 40}":
            time.sleep(0.05)


def read(figures: Figures, storage: FolderStorage, number: int) -> None:
    index = storage.pictures
    figures.ratio("first page", took(lambda: index.page(limit=96)))
    figures.ratio("first page of a series", took(lambda: index.page(series="dune", limit=96)))
    for share in (0.1, 0.5, 0.99):
        after = index.position(share=share)
        figures.ratio(f"page after {share:.0%}", took(lambda after=after: index.page(after=after, limit=96)))  # type: ignore[misc]
        picture = index.page(after=after, limit=1).pictures[0]
        figures.ratio(f"neighbours at {share:.0%}", took(lambda picture=picture: index.around(picture)))  # type: ignore[misc]
        figures.ratio(f"link at {share:.0%}", took(lambda one=picture: index.find(one.series, one.name)))  # type: ignore[misc]
        figures.ratio(f"jump to {share:.0%}", took(lambda share=share: index.position(share=share)))  # type: ignore[misc]
    for row, words in FILTERS.items():
        figures.ratio(f"{row}, page", took(lambda words=words: index.page(words=words, limit=96)))  # type: ignore[misc]
        figures.ratio(f"{row}, count", took(lambda words=words: index.matches(words)))  # type: ignore[misc]


def serve(figures: Figures, storage: FolderStorage, number: int, *, before: bool) -> None:
    index, data = storage.pictures, storage.layout.root
    places = [index.position(share=share) for share in (0.01, 0.5, 0.99)]
    pictures = [index.page(after=place, limit=1).pictures[0] for place in places]
    names = [f"{picture.series}/{picture.name}" for picture in pictures]
    complete = data / "complete"
    (data / "gallery").rename(complete)

    def restore() -> None:
        shutil.rmtree(data / "gallery")
        complete.rename(data / "gallery")
        index.catch_up()  # the other index has marked the folders

    Served(figures, data, "now").measure(number, names, restore)
    if before:
        with tempfile.TemporaryDirectory() as folder:
            Served(figures, data, "1.0", extract(Path(folder) / "tree")).measure(number, names)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="where the folders are made; default: a temporary folder")
    parser.add_argument("--before", action="store_true", help="measure version 1.0 through HTTP as well")
    parser.add_argument("numbers", type=int, nargs="*", default=NUMBERS)
    arguments = parser.parse_args()
    figures = Figures()
    for number in arguments.numbers:
        root = Path(tempfile.mkdtemp(prefix="million-", dir=arguments.data))
        try:
            print(f"{number:,} pictures", flush=True)
            fill(root, number)
            storage = build(figures, root, number)
            read(figures, storage, number)
            publish(figures, storage)
            serve(figures, storage, number, before=arguments.before)
        finally:
            shutil.rmtree(root)


if __name__ == "__main__":
    main()
