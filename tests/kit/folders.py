"""Small pictures put into a data folder by hand."""

import os
from pathlib import Path
from typing import TypedDict

from dalle.storage.folder.index.index import FolderIndex
from dalle.storage.folder.layout import Layout
from tests.kit.clocks import Ticking
from tests.kit.images import png

MOMENT = 1_700_000_000
SIZE = 9, 7


class Looks(TypedDict, total=False):
    """What a test decides about a picture of a gallery.

    age   seconds by which it is older than MOMENT; 0
    size  width and height in pixels; SIZE
    """

    title: str
    painter: str
    age: float
    size: tuple[int, int]


def address(number: int) -> str:
    return f"0x{number:040x}"


def put(  # a picture with a title, `age` seconds older than MOMENT
    data_dir: Path, series: str, name: str, *, title: str = "", age: float = 0, content: bytes | None = None
) -> Path:
    folder = data_dir / "output" / series
    (folder / "annotated").mkdir(parents=True, exist_ok=True)
    if title:
        (folder / "title").mkdir(exist_ok=True)
        (folder / "title" / f"{name}.txt").write_text(f"{title}\n", encoding="utf-8")
    path = folder / "annotated" / f"{name}.png"
    part = path.with_suffix(".part")
    part.write_bytes(png() if content is None else content)
    os.utime(part, (MOMENT - age, MOMENT - age))
    part.replace(path)
    return path


def open_index(data_dir: Path) -> FolderIndex:
    """The index of a data folder, that lists each folder before each query if it changed."""
    return FolderIndex(Layout(data_dir), now_ns=Ticking())
