import os
from pathlib import Path

import pytest

from dalle.storage.folder.series import SeriesFolder
from dalle.words.series import MOST_BYTES
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
        SeriesFolder(self.folder).write(name, data)

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
    assert [(path.name, path.read_bytes()) for path in folder.iterdir()] == [("mine.json", b"[]")]


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
    files.write("large", b" " * (MOST_BYTES + 1))
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
