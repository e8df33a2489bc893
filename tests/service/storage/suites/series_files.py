"""What reading promises in every implementation of `dalle.words.series_files.SeriesFiles`."""

import multiprocessing
import threading
import time
from collections.abc import Callable

import pytest

from dalle.words.series_files import SeriesFiles, Stamp

VERSIONS = 100


def content(version: int) -> bytes:
    """Long enough to be torn; every version is of the same size."""
    return b"%06d" % version * 5_000


class Reader:
    """Reads a file again whenever its stamp differs, as the shelf does."""

    def __init__(self, files: SeriesFiles, name: str) -> None:
        self._files, self._name = files, name
        self._stamp: Stamp | None = None
        self._data: bytes | None = None

    def read(self) -> bytes | None:
        try:
            if self._stamp is None or self._files.stamp(self._name) != self._stamp:
                self._data, self._stamp = self._files.read(self._name)
        except FileNotFoundError:
            self._data = self._stamp = None
        return self._data


class SeriesFilesTests:
    """The subclass has a fixture `files`, and changes files as an operator does."""

    def put(self, name: str, data: bytes) -> None:
        """Adds or replaces a file, whole."""
        raise NotImplementedError

    def edit(self, name: str, data: bytes) -> None:
        """Changes a file in place."""
        raise NotImplementedError

    def delete(self, name: str) -> None:
        raise NotImplementedError

    def settle(self) -> None:
        """Makes the last change long ago."""
        raise NotImplementedError

    def test_has_nothing_at_first(self, files: SeriesFiles) -> None:
        names, stamp = files.names()
        assert list(names) == []
        assert stamp in (None, files.names_stamp())
        with pytest.raises(FileNotFoundError):
            files.stamp("mine")
        with pytest.raises(FileNotFoundError):
            files.read("mine")

    def test_says_where_an_operator_puts_them(self, files: SeriesFiles) -> None:
        place = files.place
        assert place
        self.put("blue", content(1))
        assert files.place == place

    def test_returns_the_bytes_that_were_put(self, files: SeriesFiles) -> None:
        for name, data in {"mine": b'{"purpose": "\xff"}\r\n', "other": b"", "Any:Name": b"{}"}.items():
            self.put(name, data)
            assert files.read(name)[0] == data
        assert sorted(files.names()[0]) == ["Any:Name", "mine", "other"]

    def test_forgets_a_deleted_file(self, files: SeriesFiles) -> None:
        self.put("mine", b"{}")
        self.put("other", b"{}")
        self.delete("mine")
        assert list(files.names()[0]) == ["other"]
        with pytest.raises(FileNotFoundError):
            files.stamp("mine")
        with pytest.raises(FileNotFoundError):
            files.read("mine")

    def test_keeps_a_stamp_as_long_as_nothing_changes(self, files: SeriesFiles) -> None:
        self.put("mine", b"{}")
        self.put("other", b"{}")
        self.settle()
        stamp = files.read("mine")[1]
        assert stamp is not None
        assert stamp == files.stamp("mine") == files.read("mine")[1]
        names_stamp = files.names()[1]
        assert names_stamp is not None
        assert names_stamp == files.names_stamp() == files.names()[1]

    @pytest.mark.parametrize("how", ["put", "edit"])
    def test_shows_a_change_of_the_same_size_at_once(self, files: SeriesFiles, how: str) -> None:
        self.put("mine", content(0))
        self.settle()
        reader = Reader(files, "mine")
        for version in range(50):
            getattr(self, how)("mine", content(version))
            assert reader.read() == content(version)
            if version % 2:  # the next change meets a file that was trusted
                self.settle()
                assert reader.read() == content(version)

    def test_changes_the_stamp_of_the_names_with_every_file_that_comes_goes_or_is_replaced(
        self, files: SeriesFiles
    ) -> None:
        changes: list[Callable[[], None]] = [
            lambda: self.put("mine", b"1"),
            lambda: self.put("other", b"1"),
            lambda: self.put("mine", b"2"),
            lambda: self.delete("other"),
        ]
        for change in changes:
            self.settle()
            _, stamp = files.names()
            change()
            assert files.names_stamp() != stamp

    def test_shows_threads_whole_files_and_in_the_end_the_last(self, files: SeriesFiles) -> None:
        self.put("mine", content(0))
        wrong: list[bytes] = []
        last: list[bool] = []

        def follow() -> None:
            reader, end = Reader(files, "mine"), time.monotonic() + 20
            while (data := reader.read()) != content(VERSIONS) and time.monotonic() < end:
                if data is None or data != data[:6] * 5_000:
                    wrong.append(data or b"")
            last.append(data == content(VERSIONS))

        threads = [threading.Thread(target=follow) for _ in range(4)]
        for thread in threads:
            thread.start()
        for version in range(1, VERSIONS + 1):
            self.put("mine", content(version))
        for thread in threads:
            thread.join()
        assert wrong == []
        assert last == [True] * 4

    def test_shows_what_another_process_puts(self, files: SeriesFiles) -> None:
        self.put("mine", content(0))
        reader = Reader(files, "mine")
        assert reader.read() == content(0)
        writer = multiprocessing.get_context("fork").Process(target=self._put_all)
        writer.start()
        while writer.is_alive():
            data = reader.read()
            assert data is not None
            assert data == data[:6] * 5_000
        writer.join()
        assert writer.exitcode == 0
        assert reader.read() == content(VERSIONS)

    def _put_all(self) -> None:
        for version in range(1, VERSIONS + 1):
            self.put("mine", content(version))
