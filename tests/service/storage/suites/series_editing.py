"""What editing promises in every implementation of `dalle.words.series_files.SeriesFiles`."""

import hashlib
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from dalle.words.series import MOST_BYTES
from dalle.words.series_files import KEPT, SeriesConflict, SeriesFiles
from tests.kit.processes import Child
from tests.service.storage.suites.engine import MOST_WRITES, Engine, Opener

EDITORS = 4
ROUNDS = 10


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def content(number: int) -> bytes:
    """Long enough to be torn."""
    return b"%06d" % number * 5_000


def kept(files: SeriesFiles, name: str) -> list[bytes]:
    return [files.version(name, version.number) for version in files.versions(name)]


def present(files: SeriesFiles, name: str) -> bytes | None:
    try:
        return files.read(name)[0]
    except FileNotFoundError:
        return None


def replacing(pipe: Connection, opener: Opener, die: Callable[[], None]) -> None:
    files = opener().series
    die()
    files.write("mine", content(2), expecting=digest(content(1)))
    pipe.send("done")


def deleting(pipe: Connection, opener: Opener, die: Callable[[], None]) -> None:
    files = opener().series
    die()
    files.delete("mine")
    pipe.send("done")


def counting(pipe: Connection, opener: Opener) -> None:
    """Add one to the number in the file, again and again, as several editors at once."""
    files = opener().series
    for _ in range(ROUNDS):
        while True:
            before = files.read("count")[0]
            try:
                files.write("count", b"%d" % (int(before) + 1), expecting=digest(before))
                break
            except SeriesConflict:
                continue
    pipe.send("done")


def done(child: Child) -> bool:
    try:
        return bool(child.receive() == "done")
    except EOFError:
        return False


class SeriesEditingTests:
    def test_writes_what_every_worker_reads_then(self, engine: Engine) -> None:
        engine.storage.series.write("mine", b'{"purpose": "\xff"}', expecting="")
        for files in (engine.storage.series, engine.open().series):
            assert files.read("mine")[0] == b'{"purpose": "\xff"}'
            assert list(files.names()[0]) == ["mine"]
            assert files.versions("mine") == []

    def test_keeps_what_it_replaces_or_deletes(self, engine: Engine) -> None:
        files = engine.storage.series
        for number in (1, 2, 3):
            files.write("mine", content(number))
        files.write("other", b"{}")
        assert files.delete("mine", expecting=digest(content(3)))
        for again in (files, engine.open().series):
            assert present(again, "mine") is None
            assert kept(again, "mine") == [content(3), content(2), content(1)]
            assert kept(again, "other") == []
            assert list(again.names()[0]) == ["other"]
        newest, *older = files.versions("mine")
        assert newest.number > older[0].number > older[1].number
        assert newest.size == len(content(3))
        assert newest.replaced_ns >= older[0].replaced_ns

    def test_keeps_the_last_ten_of_each_name(self, engine: Engine) -> None:
        files = engine.storage.series
        for number in range(KEPT + 5):
            files.write("mine", content(number))
        assert kept(files, "mine") == [content(number) for number in range(KEPT + 3, 3, -1)]
        with pytest.raises(FileNotFoundError):
            files.version("mine", files.versions("mine")[-1].number - 1)

    def test_keeps_no_version_of_a_write_that_changes_nothing(self, engine: Engine) -> None:
        for _ in range(3):
            engine.storage.series.write("mine", content(1))
        assert engine.storage.series.versions("mine") == []

    @pytest.mark.parametrize("expected", [b"", content(1), content(3)])
    def test_refuses_to_replace_what_the_editor_has_not_read(self, engine: Engine, expected: bytes) -> None:
        files = engine.storage.series
        files.write("mine", content(1))
        files.write("mine", content(2))
        expecting = digest(expected) if expected else ""
        with pytest.raises(SeriesConflict):
            files.write("mine", content(4), expecting=expecting)
        if expecting:
            with pytest.raises(SeriesConflict):
                files.delete("mine", expecting=expecting)
        assert (present(files, "mine"), kept(files, "mine")) == (content(2), [content(1)])

    def test_refuses_to_write_where_the_file_was_deleted_meanwhile(self, engine: Engine) -> None:
        files = engine.storage.series
        with pytest.raises(SeriesConflict):
            files.write("mine", content(2), expecting=digest(content(1)))
        with pytest.raises(SeriesConflict):
            files.delete("mine", expecting=digest(content(1)))
        assert present(files, "mine") is None
        assert files.delete("mine") is False
        assert files.versions("mine") == []

    @pytest.mark.parametrize("name", ["", "../mine", "a/b", "My Set", ".mine", "x" * 65, "mine\n"])
    def test_writes_no_name_that_a_series_cannot_have(self, engine: Engine, name: str) -> None:
        files = engine.storage.series
        with pytest.raises(ValueError, match="expected 1 to 64 of a-z, 0-9 and -"):
            files.write(name, b"{}")
        assert files.versions(name) == []
        with pytest.raises(FileNotFoundError):
            files.version(name, 1)
        assert list(files.names()[0]) == []

    def test_writes_nothing_that_it_would_not_read(self, engine: Engine) -> None:
        files = engine.storage.series
        files.write("mine", b" " * MOST_BYTES)
        with pytest.raises(OSError, match=r"^larger than 1 MB$"):
            files.write("mine", b" " * (MOST_BYTES + 1))
        assert present(files, "mine") == b" " * MOST_BYTES

    def test_leaves_the_file_as_it_was_when_it_cannot_write(self, engine: Engine) -> None:
        files = engine.storage.series
        files.write("mine", content(1))
        with engine.failing(), pytest.raises(OSError):  # noqa: PT011  of whatever kind the engine's are
            files.write("mine", content(2))
        assert (present(files, "mine"), kept(files, "mine")) == (content(1), [])

    def test_loses_no_edit_of_several_editors_at_once(self, engine: Engine) -> None:
        engine.storage.series.write("count", b"0")
        children = [Child(counting, engine.opener) for _ in range(EDITORS)]
        for child in children:
            with child:
                assert done(child)
        assert engine.storage.series.read("count")[0] == b"%d" % (EDITORS * ROUNDS)

    @pytest.mark.parametrize("act", [replacing, deleting])
    def test_has_the_old_or_the_new_when_an_editor_is_killed(self, engine: Engine, act: Callable[..., None]) -> None:
        """Killed at each write in turn: nothing is torn, and what was replaced is kept."""
        files = engine.storage.series
        after = content(2) if act is replacing else None
        for number in range(1, MOST_WRITES):
            files.write("mine", content(1))
            with Child(act, engine.opener, engine.dying(number)) as child:
                ended = done(child)
                child.wait()
            now = present(files, "mine")
            assert now in (content(1), after), number
            assert set(kept(files, "mine")) <= {content(1), content(2)}, number
            if now != content(1):
                assert kept(files, "mine")[0] == content(1), number
            if ended:
                assert now == after
                assert number > 3
                return
            files.delete("mine")
        raise AssertionError("the edit does not end")
