"""Changes series: whole files, which the shelf of every process sees with the next request."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dalle.key import SERIES
from dalle.words.series import Series, read_object
from dalle.words.series_files import SeriesConflict, SeriesFiles
from dalle.words.series_text import changed
from dalle.words.shelf import BUILT_IN

TRIES = 5
"""Of a change that takes a file as it is: between its reading and its writing another editor may write."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A series as an editor reads it.

    sha256    of the operator's file, "" without one: what `SeriesEditor.save` expects to replace
    built_in  the text is that of a built-in series, which a file of this name would replace
    """

    name: str
    text: bytes
    sha256: str
    built_in: bool


class SeriesEditor:
    """Opens and changes the series of a storage. A built-in one is changed by a file that takes its place."""

    def __init__(self, files: SeriesFiles, *, built_in: Path = BUILT_IN) -> None:
        self._files = files
        self._built_in = built_in

    def open(self, name: str) -> Opened | None:
        """Returns the operator's file, else the built-in series; None without either. Raises OSError."""
        try:
            text = self._files.read(name)[0]
        except FileNotFoundError:
            original = self.built_in(name)
            return None if original is None else Opened(name, original, "", True)
        return Opened(name, text, hashlib.sha256(text).hexdigest(), False)

    def built_in(self, name: str) -> bytes | None:
        """Returns the text of the built-in series of that name."""
        path = self._built_in / f"{name}.json"
        return path.read_bytes() if SERIES.fullmatch(name) and path.is_file() else None

    def save(self, name: str, text: bytes, *, expecting: str | None) -> None:
        """Writes a series. `expecting`: `Opened.sha256`, None for whatever is there.

        Raises SeriesConflict when another editor has changed it since, ValueError for a name that no series can have,
        and OSError; then it is as it was.
        """
        self._files.write(name, text, expecting=expecting)

    def hide(self, name: str) -> bool:
        """Marks a series as deleted, so that it is neither listed nor painted; its pictures stay.

        Returns False when it is already. Raises FileNotFoundError, BadSeries, SeriesConflict and OSError.
        """

        def change() -> bool:
            opened = self._opened(name)
            text = changed(opened.text, {"deleted": True})
            if text == opened.text:
                return False
            self._files.write(name, text, expecting=opened.sha256)
            return True

        return _again(change)

    def restore(self, name: str) -> bool:
        """Ends what `hide` did; a built-in series that was only hidden needs no file any more.

        A series that was deleted has its newest version again. Returns False when it is neither. Raises as `hide`.
        """

        def change() -> bool:
            versions = self._files.versions(name)
            if not self.open(name) and versions:
                self._files.write(name, _shown(self._files.version(name, versions[0].number)), expecting="")
                return True
            opened = self._opened(name)
            text = _shown(opened.text)
            if text == opened.text:
                return False
            original = self.built_in(name)
            if original is not None and _same(text, original):
                self._files.delete(name, expecting=opened.sha256)
            else:
                self._files.write(name, text, expecting=opened.sha256)
            return True

        return _again(change)

    def restore_version(self, name: str, number: int) -> None:
        """Makes the file what it was; what it is now becomes a version. Raises FileNotFoundError, OSError."""
        self._files.write(name, self._files.version(name, number))

    def delete(self, name: str) -> bool:
        """Deletes the operator's file; its pictures stay, and a built-in series of that name counts again.

        Returns whether there was one. Raises OSError.
        """
        return self._files.delete(name)

    def _opened(self, name: str) -> Opened:
        opened = self.open(name)
        if opened is None:
            raise FileNotFoundError(f"series {name[:64]} not found")
        return opened


def _shown(text: bytes) -> bytes:
    """The file without the mark that hides its series."""
    return changed(text, {"deleted": False}) if Series.parse("any", text).deleted else text


def _same(text: bytes, other: bytes) -> bool:
    """Whether two files say the same, but for how they are marked and written."""
    fields, others = read_object(text), read_object(other)
    return {**fields, "deleted": False} == {**others, "deleted": False}


def _again(change: Callable[[], bool]) -> bool:
    for _ in range(TRIES - 1):
        try:
            return change()
        except SeriesConflict:
            continue
    return change()
