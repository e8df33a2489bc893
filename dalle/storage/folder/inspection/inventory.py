"""The inventory of a data folder: every folder is listed once, and SQLite sorts by key what was found."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import groupby
from operator import itemgetter

from dalle.key import ADDRESS, SERIES, Key
from dalle.storage.blob import EXTENSIONS, TEXTS, WIDTHS, Blob
from dalle.storage.codec import encode_json
from dalle.storage.folder.calls.lines import call_of, is_whole, lines
from dalle.storage.folder.calls.months import Months
from dalle.storage.folder.inspection.copies import Copies
from dalle.storage.folder.layout import Layout, parse_original
from dalle.storage.folder.versions import Versions
from dalle.storage.inventory import Fault, Holding
from dalle.storage.local.scratch import ScratchInventory

SHOWN = ("annotated", "former", "generated", *TEXTS, "selector")
"""Folders of a series whose files are blobs that a key is known by."""
MADE = (*(f"thumbs/{width}" for width in WIDTHS), "versions", *(f"versions/{width}" for width in WIDTHS), "progress")
"""Folders of a series with what is made from its pictures and journals."""
BESIDE = "metadata"
"""A folder of older servers, whose pictures have other names than addresses."""
FILES = """
    CREATE TABLE files (series TEXT, address TEXT, place TEXT);
    CREATE TABLE torn (place TEXT, at INTEGER);
"""
BY_KEY = "CREATE INDEX files_by_key ON files (series, address)"


class FolderInventory(ScratchInventory):
    """Satisfies `Inventory`. `series` and `addresses`: of these only, unless they are empty."""

    def __init__(self, layout: Layout, *, series: str = "", addresses: Sequence[str] = ()) -> None:
        super().__init__("files", FILES, series=series, addresses=addresses)
        self._layout = layout
        self._copies = Copies(layout, Versions(layout))
        for name in [series] if series else self._folders():
            self._list(name)
        self._read_calls()
        self._base.execute(BY_KEY)
        self._sort()

    # -- taking it ---------------------------------------------------------------------------------------------

    def _folders(self) -> list[str]:
        public = {self._layout.hidden.series_of(name) or "" for name in folders(os.fspath(self._layout.output))}
        names = public.union(folders(os.fspath(self._layout.runs)))
        return sorted(name for name in names if SERIES.fullmatch(name))

    def _list(self, series: str) -> None:
        top, insert = self._layout.series_folder(series), "INSERT INTO files VALUES (?, ?, ?)"
        for kind in (*SHOWN, *MADE, BESIDE):
            self._base.executemany(insert, self._of_keys(series, f"{top}/{kind}", kind))
        self._base.executemany(insert, self._of_keys(series, f"{self._layout.runs}/{series}", "runs"))

    def _of_keys(self, series: str, folder: str, kind: str) -> Iterator[tuple[str, str, str]]:
        """Yield what belongs to keys; note what does not."""
        count = 0
        for name in files(folder):
            address = name.partition(".")[0]
            count += kind == "annotated" and name.endswith(".png")
            if ADDRESS.fullmatch(address):
                if not self._addresses or address in self._addresses:
                    yield series, address, f"{kind}/{name}"
            elif kind in SHOWN or kind == BESIDE:
                self._base.execute("INSERT INTO others VALUES (?)", (f"{series}/{kind}/{name}",))
        if count:
            self._base.execute("INSERT INTO pictures VALUES (?, ?)", (series, count))

    def _read_calls(self) -> None:
        with Months(self._layout.calls).opened() as opened:
            for month, file in opened:
                self._base.executemany("INSERT INTO calls VALUES (?, ?, ?, ?)", self._calls_of(month, lines(file, 0)))

    def _calls_of(self, month: str, found: Iterator[tuple[int, bytes]]) -> Iterator[tuple[str, str, int, bytes]]:
        for place, line in found:
            call = call_of(line)
            if call is None:
                if line.strip() and is_whole(line):  # the last one may still be being written
                    self._base.execute("INSERT INTO torn VALUES (?, ?)", (month, place))
                continue
            series, address = str(call[1].get("series", "")), str(call[1].get("address", ""))
            if self._wants(series, address):
                yield series, address, call[0], encode_json(call[1])

    def __iter__(self) -> Iterator[Holding]:
        held = self._base.execute("SELECT series, address, place FROM files ORDER BY series, address")
        groups = groupby(held, itemgetter(0, 1))
        group = next(groups, None)
        for key in self._keys():
            places: list[str] = []
            if group and group[0] == (key.series, key.address):
                places = [place for _, _, place in group[1]]
                group = next(groups, None)
            yield self._holding(key, sorted(places))

    def _holding(self, key: Key, places: Sequence[str]) -> Holding:
        blobs = [blob for place in places if (blob := blob_of(key, place))]
        names = [place.removeprefix("runs/") for place in places if place.startswith("runs/")]
        originals = [original for name in names if (original := parse_original(key.series, name))]
        return Holding(key, tuple(blobs), tuple(originals), self._calls(key))

    def faults(self, key: Key) -> Iterator[Fault]:
        query = "SELECT place FROM files WHERE series=? AND address=? ORDER BY place"
        places = [place for (place,) in self._base.execute(query, (key.series, key.address))]
        return self._copies.faults(key, places)

    def stray(self) -> Iterator[Fault]:
        torn = "SELECT place, COUNT(*), MIN(at) FROM torn GROUP BY place ORDER BY place"
        for month, count, at in self._base.execute(torn):
            log = self._layout.calls if month == "current" else self._layout.calls.with_suffix("") / f"{month}.jsonl"
            name = os.path.relpath(log, self._layout.root)
            message = f"{count} {'line' if count == 1 else 'lines'} cannot be read, the first one at byte {at}"
            yield Fault("torn-line", "warning", name, message, "nothing: sums leave such lines out")


def blob_of(key: Key, place: str) -> Blob | None:
    """Return the blob of a file, None for one that is none that a key is known by."""
    kind, _, name = place.rpartition("/")
    extension = name.removeprefix(f"{key.address}.")
    wanted = {"annotated": ("png",), "former": ("png",), "selector": ("json",), "generated": (*EXTENSIONS, "jpg")}
    if extension in wanted.get(kind, ("txt",) if kind in TEXTS else ()):
        return Blob(key, f"{key.series}/{place}")
    return None


def folders(top: str) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(top) as entries:
        return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    return []


def files(folder: str) -> Iterator[str]:
    """Yield the names of the regular files in a folder that are not hidden; none where there is no folder."""
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.name.startswith(".") and entry.is_file(follow_symlinks=False):
                yield entry.name
