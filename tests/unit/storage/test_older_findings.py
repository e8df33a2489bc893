from pathlib import Path

import pytest

from dalle.storage.folder.layout import Layout
from dalle.storage.folder.older.findings import found
from tests.kit.images import png
from tests.kit.older_folder import contents, older_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return older_folder(tmp_path / "dalle")


def lines(folder: Path) -> list[tuple[str, str]]:
    return [(finding.level, finding.message) for finding in found(Layout(folder), folder / "tmp")]


def test_says_nothing_of_a_folder_that_the_older_server_has_never_seen(tmp_path: Path) -> None:
    assert lines(tmp_path / "none") == []
    (tmp_path / "output/simple/annotated").mkdir(parents=True)
    assert lines(tmp_path) == []


def test_says_what_it_does_with_each_kind_of_file(folder: Path) -> None:
    before = contents(folder)
    assert lines(folder) == [
        ("ok", "2 series are read from user-series/; both from series/, which counts first"),
        ("ok", "output/gone.deleted/ is read as the pictures of gone"),
        ("ok", "1 picture is named by a seed: shown in the gallery, below /files/"),
        ("ok", "1 picture is archived and not shown: dalleserver archives list shows them"),
        ("ok", "metrics/progress_phase_history.jsonl has the averages of the phases until the first run has ended"),
    ]
    assert contents(folder) == before


def test_says_what_to_do_where_two_folders_are_of_one_series(folder: Path) -> None:
    (folder / "output/gone/annotated").mkdir(parents=True)
    (folder / "output/gone/annotated/x.png").write_bytes(png())
    finding = next(each for each in found(Layout(folder), folder / "tmp") if "output/gone" in each.message)
    assert (finding.level, finding.message) == (
        "warning",
        "output/gone.deleted/ is not shown, because output/gone/ is there too",
    )
    assert finding.todo == "move its pictures to output/gone/, or remove it"


def test_names_the_folders_where_the_older_server_went_on(folder: Path) -> None:
    fallback = folder / "tmp" / "dalleserver-fallback-123"
    fallback.mkdir(parents=True)
    finding = list(found(Layout(folder), folder / "tmp"))[-1]
    assert (finding.level, str(fallback) in finding.message) == ("warning", True)
    assert finding.todo == f"cp -rn {fallback}/output/. {folder}/output, then remove it"
