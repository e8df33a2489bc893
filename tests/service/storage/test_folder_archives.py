"""The folder engine's archives: what the older server has moved there."""

import multiprocessing
from pathlib import Path

import pytest

from tests.kit.dying import DyingAtWrite
from tests.kit.images import png
from tests.kit.older_folder import ARCHIVED, contents, older_folder
from tests.service.storage.folder_engine import FolderEngine, FolderTests
from tests.service.storage.suites.archives import ArchivesTests

KINDS = ("annotated", "generated", "metadata")


class TestFolderArchives(FolderTests, ArchivesTests):
    pass


@pytest.fixture
def engine(tmp_path: Path) -> FolderEngine:
    return FolderEngine(older_folder(tmp_path / "dalle"))


def places(engine: FolderEngine, top: str) -> list[str]:
    folder = engine.layout.root / top / "my-set"
    return sorted(path.parent.name for path in folder.rglob(f"{ARCHIVED}.*"))


def test_lists_what_the_older_server_has_archived(engine: FolderEngine) -> None:
    (archived,) = engine.storage.archives.list()
    assert (archived.series, archived.name, archived.size) == ("my-set", ARCHIVED, len(png("green")))


def test_restores_a_picture_with_what_belongs_to_it(engine: FolderEngine) -> None:
    before = contents(engine.layout.root)
    assert engine.storage.archives.restore("my-set", ARCHIVED)
    after = contents(engine.layout.root)
    moved = {
        name.replace("output/", "archives/", 1) if ARCHIVED in name else name: kept for name, kept in after.items()
    }
    assert moved == before
    assert (places(engine, "archives"), places(engine, "output")) == ([], list(KINDS))
    assert engine.storage.archives.list() == []
    found = engine.storage.pictures.find("my-set", ARCHIVED)
    assert found
    assert found.title == "Salty Sea"
    assert not engine.storage.archives.restore("my-set", ARCHIVED)


def test_moves_nothing_over_another_picture(engine: FolderEngine) -> None:
    other = engine.layout.root / "output/my-set/annotated" / f"{ARCHIVED}.png"
    other.write_bytes(png("red"))
    before = contents(engine.layout.root)
    with pytest.raises(FileExistsError):
        engine.storage.archives.restore("my-set", ARCHIVED)
    assert contents(engine.layout.root) == before


def test_ends_what_a_killed_process_has_begun(tmp_path: Path) -> None:
    for number in range(1, 100):
        engine = FolderEngine(older_folder(tmp_path / f"{number}"))

        def restore(engine: FolderEngine = engine, number: int = number) -> None:
            DyingAtWrite(number)()
            engine.storage.archives.restore("my-set", ARCHIVED)

        child = multiprocessing.get_context("fork").Process(target=restore)
        child.start()
        child.join()
        if "annotated" in places(engine, "archives"):
            assert engine.storage.archives.restore("my-set", ARCHIVED), number
        assert (places(engine, "archives"), places(engine, "output")) == ([], list(KINDS)), number
        if child.exitcode == 0:
            assert number > 5
            return
    raise AssertionError("the restoration does not end")
