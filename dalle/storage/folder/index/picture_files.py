"""The files of finished pictures: opened, probed for a torn end, and read for the index."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from dalle.imaging.probe import HEAD, PNG_END, Probe, probe
from dalle.storage.blob import OpenBlob
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.older.titles import title_of
from dalle.storage.open_file import open_file
from dalle.storage.picture import Picture

MOST_TITLE = 200  # characters


class PictureFiles:
    """The picture files of one data folder. What is missing or cannot be read counts as torn, or as no title."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def read(self, picture: Picture) -> Picture | None:
        """Return the picture with what its files say, None when it is torn: two small reads, and one of the title."""
        seen = self._probe(picture)
        if not seen.whole:
            return None
        return replace(picture, width=seen.width, height=seen.height, title=self._title(picture), painter=seen.painter)

    def _older_title(self, picture: Picture) -> str:
        with suppress(OSError):
            return title_of(f"{self._folder(picture)}/metadata/{picture.name}.json")
        return ""

    def _folder(self, picture: Picture) -> str:
        return self._layout.series_folder(picture.series)

    def _probe(self, picture: Picture) -> Probe:
        try:
            with open_descriptor(f"{self._folder(picture)}/annotated/{picture.name}.png") as descriptor:
                size = os.fstat(descriptor).st_size
                head = os.pread(descriptor, HEAD, 0)
                return probe(head, os.pread(descriptor, len(PNG_END), max(0, size - len(PNG_END))))
        except OSError:
            return Probe(whole=False)

    def _title(self, picture: Picture) -> str:
        try:
            with open_descriptor(f"{self._folder(picture)}/title/{picture.name}.txt") as descriptor:
                text = os.read(descriptor, 4 * MOST_TITLE).decode(errors="replace")
        except FileNotFoundError:
            text = "" if picture.key else self._older_title(picture)
        except OSError:
            return ""
        return " ".join(text.split())[:MOST_TITLE]


@contextmanager
def open_descriptor(path: str) -> Iterator[int]:
    """A descriptor for reading. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def open_picture(path: str) -> OpenBlob | None:
    """Open a finished picture; None without a whole one: a torn file, which something else left, counts as absent."""
    picture = open_file(path)
    if picture is None:
        return None
    try:
        if ends_well(picture):
            return picture
    except BaseException:
        picture.close()
        raise
    picture.close()
    return None


def is_torn(path: Path) -> bool:
    """Return whether there is a regular file that does not end as a PNG file does."""
    picture = open_file(path)
    if picture is None:
        return False
    with picture.file:
        return not ends_well(picture)


def ends_well(picture: OpenBlob) -> bool:
    return os.pread(picture.file.fileno(), len(PNG_END), max(0, picture.size - len(PNG_END))) == PNG_END
