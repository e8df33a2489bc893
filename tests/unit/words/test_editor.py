import json
from pathlib import Path

import pytest

from dalle.atomic import write_atomic
from dalle.storage.folder.series import SeriesFolder
from dalle.words.editor import SeriesEditor
from dalle.words.series import BadSeries
from dalle.words.series_files import SeriesConflict
from dalle.words.shelf import SeriesShelf


@pytest.fixture
def files(tmp_path: Path) -> SeriesFolder:
    return SeriesFolder(tmp_path / "series", older=tmp_path / "user-series")


@pytest.fixture
def editor(files: SeriesFolder) -> SeriesEditor:
    return SeriesEditor(files)


@pytest.fixture
def shelf(files: SeriesFolder) -> SeriesShelf:
    return SeriesShelf(files)


def test_opens_the_operators_file_before_the_built_in_series(editor: SeriesEditor) -> None:
    built_in = editor.open("simple")
    assert built_in
    assert (built_in.sha256, built_in.built_in, json.loads(built_in.text)["suffix"]) == ("", True, "simple")
    editor.save("simple", b"{}", expecting=built_in.sha256)
    own = editor.open("simple")
    assert own
    assert (own.text, own.built_in) == (b"{}", False)
    assert editor.open("unknown") is None
    assert editor.open("../simple") is None


def test_saves_for_one_of_two_editors(editor: SeriesEditor) -> None:
    editor.save("mine", b'{"last": 1}', expecting="")
    first, second = editor.open("mine"), editor.open("mine")
    assert first
    assert second
    editor.save("mine", b'{"last": 2}', expecting=first.sha256)
    with pytest.raises(SeriesConflict):
        editor.save("mine", b'{"last": 3}', expecting=second.sha256)


@pytest.mark.parametrize("name", ["simple", "mine", "theirs"])
def test_hides_and_restores(
    editor: SeriesEditor, shelf: SeriesShelf, files: SeriesFolder, tmp_path: Path, name: str
) -> None:
    editor.save("mine", b'{"purpose": "Mine.", "mood": 1}', expecting="")
    write_atomic(tmp_path / "user-series" / "theirs.json", b'{"purpose": "Theirs.", "source": "user", "version": "2"}')
    before = shelf.get(name)
    assert before
    assert editor.hide(name)
    assert not editor.hide(name)
    assert shelf.get(name) is None
    assert name not in shelf.names()
    assert editor.restore(name)
    assert not editor.restore(name)
    assert shelf.get(name) == before
    if name == "theirs":
        assert json.loads(files.read("theirs")[0]) == {
            **{"purpose": "Theirs.", "source": "user", "version": "2"},
            "deleted": False,
        }


def test_leaves_no_file_of_a_built_in_series_that_was_hidden(editor: SeriesEditor, files: SeriesFolder) -> None:
    editor.hide("simple")
    assert files.names()[0] == ["simple"]
    editor.restore("simple")
    assert files.names()[0] == []


def test_keeps_the_file_of_a_built_in_series_that_was_changed_and_hidden(
    editor: SeriesEditor, shelf: SeriesShelf
) -> None:
    editor.save("simple", b'{"purpose": "Another."}', expecting="")
    editor.hide("simple")
    editor.restore("simple")
    series = shelf.get("simple")
    assert series
    assert series.purpose == "Another."


def test_deletes_and_restores_the_newest_version(editor: SeriesEditor, shelf: SeriesShelf, files: SeriesFolder) -> None:
    for number in (1, 2):
        editor.save("mine", b'{"last": %d}' % number, expecting=None)
    assert editor.delete("mine")
    assert not editor.delete("mine")
    assert shelf.get("mine") is None
    assert editor.restore("mine")
    assert files.read("mine")[0] == b'{"last": 2}'
    editor.restore_version("mine", files.versions("mine")[-1].number)
    assert files.read("mine")[0] == b'{"last": 1}'
    assert files.version("mine", files.versions("mine")[0].number) == b'{"last": 2}'


def test_brings_a_built_in_series_back_by_deleting_the_file_over_it(editor: SeriesEditor, shelf: SeriesShelf) -> None:
    built_in = shelf.get("simple")
    editor.save("simple", b'{"purpose": "Another."}', expecting="")
    editor.delete("simple")
    assert shelf.get("simple") == built_in


def test_refuses_what_is_unknown_or_broken(editor: SeriesEditor) -> None:
    for change in (editor.hide, editor.restore):
        with pytest.raises(FileNotFoundError):
            change("unknown")
    editor.save("bad", b"{", expecting="")
    with pytest.raises(BadSeries):
        editor.hide("bad")
    with pytest.raises(FileNotFoundError):
        editor.restore_version("mine", 1)
    with pytest.raises(ValueError, match="expected 1 to 64"):
        editor.save("My Set", b"{}", expecting="")


class Contended(SeriesFolder):
    """Another editor writes between the first reading and the first writing."""

    others = 1

    def write(self, name: str, content: bytes, *, expecting: str | None = None) -> None:
        if expecting is not None and self.others:
            self.others -= 1
            super().write(name, b'{"last": %d}' % self.others)
        super().write(name, content, expecting=expecting)


def test_hides_what_another_editor_has_just_written(tmp_path: Path) -> None:
    files = Contended(tmp_path)
    write_atomic(tmp_path / "mine.json", b"{}")
    assert SeriesEditor(files).hide("mine")
    assert json.loads(files.read("mine")[0]) == {"last": 0, "deleted": True}


def test_does_not_try_for_good_to_hide_what_others_keep_writing(tmp_path: Path) -> None:
    files = Contended(tmp_path)
    files.others = 100
    write_atomic(tmp_path / "mine.json", b"{}")
    with pytest.raises(SeriesConflict):
        SeriesEditor(files).hide("mine")
