import hashlib
import os
from pathlib import Path

import pytest

from dalle.atomic import write_atomic
from dalle.storage.folder.series import SeriesFolder
from dalle.words.series import MOST_BYTES
from dalle.words.series_files import SeriesConflict
from tests.service.storage.folder_engine import FolderEngine, FolderTests
from tests.service.storage.suites.series_editing import SeriesEditingTests, kept, present
from tests.service.storage.suites.series_files import SeriesFilesTests


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "series"


@pytest.fixture
def files(folder: Path) -> SeriesFolder:
    return SeriesFolder(folder)


class TestSeriesFolder(SeriesFilesTests):
    @pytest.fixture(autouse=True)
    def _folder(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, data: bytes) -> None:
        write_atomic(self.folder / f"{name}.json", data)

    def edit(self, name: str, data: bytes) -> None:
        (self.folder / f"{name}.json").write_bytes(data)

    def delete(self, name: str) -> None:
        (self.folder / f"{name}.json").unlink()

    def settle(self) -> None:
        for path in (self.folder, *self.folder.glob("*")):
            if path.exists():
                os.utime(path, (1000, 1000))


def test_lists_only_json_files_that_are_not_hidden(folder: Path, files: SeriesFolder) -> None:
    files.write("mine", b"{}")
    for name in (".hidden.json", ".mine.json.0a1b2c.tmp", "notes.txt", "mine.json~"):
        (folder / name).write_text("{}")
    assert files.names()[0] == ["mine"]


def test_writes_whole_files_into_a_folder_that_it_makes(folder: Path, files: SeriesFolder) -> None:
    files.write("mine", b"{}")
    files.write("mine", b"[]")
    assert [(path.name, path.read_bytes()) for path in folder.glob("*") if path.is_file()] == [("mine.json", b"[]")]
    assert [path.name for path in folder.glob(".*")] == [".versions"]


def test_trusts_no_stamp_of_a_file_or_folder_that_changed_a_moment_ago(folder: Path) -> None:
    files = SeriesFolder(folder, now=lambda: 1000.019)
    files.write("mine", b"{}")
    os.utime(folder / "mine.json", (1000, 1000))
    os.utime(folder, (1000, 1000))
    assert files.read("mine")[1] is None
    assert files.names()[1] is None
    later = SeriesFolder(folder, now=lambda: 1000.021)
    assert later.read("mine")[1] == later.stamp("mine")
    assert later.names()[1] == later.names_stamp()


def test_opens_nothing_but_regular_files(folder: Path, files: SeriesFolder) -> None:
    folder.mkdir()
    os.mkfifo(folder / "fifo.json")  # opening one would wait for a writer
    (folder / "folder.json").mkdir()
    for name in ("fifo", "folder"):
        with pytest.raises(OSError, match=r"^not a file$"):
            files.read(name)


def test_reads_nothing_that_is_too_large(folder: Path, files: SeriesFolder) -> None:
    files.write("large", b" " * MOST_BYTES)
    assert len(files.read("large")[0]) == MOST_BYTES
    (folder / "large.json").write_bytes(b" " * (MOST_BYTES + 1))
    with pytest.raises(OSError, match=r"^larger than 1 MB$"):
        files.read("large")


def test_takes_a_dangling_link_and_a_folder_that_is_a_file_for_absent(folder: Path, files: SeriesFolder) -> None:
    folder.mkdir()
    (folder / "gone.json").symlink_to("nowhere")
    with pytest.raises(FileNotFoundError):
        files.stamp("gone")
    with pytest.raises(FileNotFoundError):
        SeriesFolder(folder / "gone.json").read("mine")
    (folder / "plain").write_text("")
    with pytest.raises(FileNotFoundError):
        SeriesFolder(folder / "plain").read("mine")
    assert SeriesFolder(folder / "plain").names()[0] == []


def test_shows_no_path_when_a_file_cannot_be_read(folder: Path, files: SeriesFolder) -> None:
    folder.mkdir()
    (folder / "endless.json").symlink_to("endless.json")
    for look in (files.stamp, files.read):
        with pytest.raises(OSError, match="Too many levels of symbolic links") as caught:
            look("endless")
        assert str(folder) not in str(caught.value.strerror)


class TestSeriesEditing(FolderTests, SeriesEditingTests):
    def test_removes_what_a_killed_editor_left(self, engine: FolderEngine) -> None:
        engine.storage.series.write("mine", b"1")
        engine.storage.series.write("mine", b"2")
        folder = engine.layout.series
        left = [folder / ".mine.json.0a1b2c3d4e5f.tmp", folder / ".versions/mine/.2.json.0a1b2c3d4e5f.tmp"]
        for path in left:
            path.write_bytes(b"{")
            os.utime(path, (1000, 1000))
        engine.storage.tidy(3600)
        assert not [path for path in left if path.exists()]
        assert kept(engine.storage.series, "mine") == [b"1"]

    def test_opens_no_pipe_in_place_of_a_version(self, engine: FolderEngine) -> None:
        engine.storage.series.write("mine", b"1")
        kept_ones = engine.layout.series / ".versions/mine"
        kept_ones.mkdir()
        os.mkfifo(kept_ones / "4.json")
        (kept_ones / "notes.txt").write_text("by hand")
        with pytest.raises(FileNotFoundError):
            engine.storage.series.version("mine", 4)


class TestOlderFolder:
    """`user-series/` beside `series/`."""

    @pytest.fixture
    def engine(self, tmp_path: Path) -> FolderEngine:
        return FolderEngine(tmp_path)

    def put(self, engine: FolderEngine, name: str, data: bytes) -> Path:
        path = engine.layout.root / name
        write_atomic(path, data)
        return path

    def test_counts_where_the_first_has_no_file_of_that_name(self, engine: FolderEngine) -> None:
        files = engine.storage.series
        self.put(engine, "user-series/mine.json", b"older")
        self.put(engine, "user-series/theirs.json", b"theirs")
        assert files.read("mine")[0] == b"older"
        path = self.put(engine, "series/mine.json", b"ours")
        assert files.read("mine")[0] == b"ours"
        assert list(files.names()[0]) == ["mine", "theirs"]
        path.unlink()
        assert files.read("mine")[0] == b"older"

    def test_is_named_as_people_type(self, engine: FolderEngine) -> None:
        files = engine.storage.series
        self.put(engine, "user-series/My Set.json", b"typed")
        assert list(files.names()[0]) == ["my-set"]
        assert files.read("my-set")[0] == b"typed"
        self.put(engine, "user-series/my-set.json", b"exact")
        assert files.read("my-set")[0] == b"exact"

    def test_is_left_as_it_is_by_a_write(self, engine: FolderEngine) -> None:
        files = engine.storage.series
        path = self.put(engine, "user-series/My Set.json", b"typed")
        with pytest.raises(SeriesConflict):
            files.write("my-set", b"edited", expecting="")
        files.write("my-set", b"edited", expecting=hashlib.sha256(b"typed").hexdigest())
        assert path.read_bytes() == b"typed"
        assert (engine.layout.series / "my-set.json").read_bytes() == b"edited"
        assert (present(files, "my-set"), kept(files, "my-set")) == (b"edited", [b"typed"])

    def test_does_not_bring_a_deleted_series_back(self, engine: FolderEngine) -> None:
        files = engine.storage.series
        for name, data in {"user-series/My Set": b"1", "user-series/my-set": b"2", "series/my-set": b"3"}.items():
            self.put(engine, f"{name}.json", data)
        assert files.delete("my-set")
        assert (present(files, "my-set"), kept(files, "my-set")) == (None, [b"3", b"2", b"1"])
        assert list(engine.layout.user_series.iterdir()) == []

    def test_shows_a_file_that_comes_or_goes_at_once(self, engine: FolderEngine) -> None:
        files = engine.storage.series
        for _ in range(20):
            stamp = files.names_stamp()
            path = self.put(engine, "user-series/mine.json", b"1")
            os.utime(path.parent, (1000, 1000))
            assert (files.read("mine")[0], list(files.names()[0])) == (b"1", ["mine"])
            assert files.names_stamp() != stamp
            path.unlink()
            assert (present(files, "mine"), list(files.names()[0])) == (None, [])
