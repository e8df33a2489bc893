"""What is made from the pictures and journals of a data folder: thumbnails, the names of versions, reports.

None of it is worth keeping where it is wrong: it is made again.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from dalle.atomic import remove
from dalle.key import Key
from dalle.storage.entries import Entry
from dalle.storage.folder.inspection.files import is_torn_report, is_torn_thumbnail, version_in
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.versions import Versions
from dalle.storage.inventory import Fault

YOUNG = 60.0  # seconds in which a request that has just made a thumbnail may still delete it
AGAIN = "--fix deletes it; it is made again when it is asked for"


class Copies:
    """Those of one data folder."""

    def __init__(self, layout: Layout, versions: Versions, *, now: Callable[[], float] = time.time) -> None:
        self._layout = layout
        self._versions = versions
        self._now = now

    def faults(self, key: Key, places: Sequence[str]) -> Iterator[Fault]:
        """Yield what is wrong now with some files of a key; `places`: as `<kind>/<name>` below its series."""
        noted = self._versions.noted(key)
        if any(place.startswith("progress/") for place in places) and is_torn_report(self._layout.progress(key)):
            message = "its report is torn, and a web server sends it"
            yield Fault("torn-report", "error", str(key), message, "--fix deletes it", without_report)
        has_picture = self._layout.annotated(key).exists() or self._layout.previous(key).exists()
        for place in places:
            path, kind = Path(self._layout.series_folder(key.series), place), place.partition("/")[0]
            if kind == "thumbs":
                yield from self._of_thumbnail(key, path, has_picture=has_picture)
            elif kind == "versions" and path.suffix != ".txt":
                yield from self._of_version(key, path, noted)
        if noted and not has_picture:
            message = "the version of a picture is noted that does not exist any more"
            yield Fault("version-of-nothing", "warning", str(key), message, AGAIN, without_version)

    def _of_thumbnail(self, key: Key, path: Path, *, has_picture: bool) -> Iterator[Fault]:
        if is_torn_thumbnail(path):
            message = f"the thumbnail {self._name(path)} is torn"
            yield Fault("torn-thumbnail", "error", str(key), message, AGAIN, partial(deleted, path))
        elif not has_picture and self._age(path) > YOUNG:
            message = f"the thumbnail {self._name(path)} is of a picture that does not exist any more"
            yield Fault("thumbnail-of-nothing", "warning", str(key), message, AGAIN, partial(deleted, path))

    def _of_version(self, key: Key, path: Path, noted: Sequence[str]) -> Iterator[Fault]:
        """Yield what is wrong with a name that a web server sends as what never changes."""
        version = path.name.split(".")[1]
        if not path.exists():
            return
        if version not in noted:
            message = f"{self._name(path)} is a version that is not noted"
            yield Fault("stray-version", "error", str(key), message, AGAIN, partial(deleted, path))
        elif path.suffix == ".png" and (found := version_in(path)) and found != version:
            message = f"{self._name(path)} has the bytes of version {found}"
            yield Fault("changed-version", "error", str(key), message, AGAIN, without_version)

    def _name(self, path: Path) -> str:
        return os.path.relpath(path, self._layout.root)

    def _age(self, path: Path) -> float:
        with suppress(OSError):
            return self._now() - path.stat().st_mtime
        return 0.0


def deleted(path: Path, _: Entry) -> None:
    remove(path)


def without_version(entry: Entry) -> None:
    entry.forget_version()


def without_report(entry: Entry) -> None:
    entry.hide()
