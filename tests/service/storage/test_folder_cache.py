import os
from pathlib import Path

from dalle.storage.folder.layout import Layout
from dalle.storage.local.cache import BLOCK, FOLDERS, MOST_BYTES, LocalCache
from tests.kit.data_folder import put_bytes
from tests.service.storage.folder_engine import FolderEngine, FolderTests
from tests.service.storage.suites.cache import CacheTests, content, name_of


class TestFolderCache(FolderTests, CacheTests):
    def test_is_outside_of_what_is_public(self, engine: FolderEngine) -> None:
        engine.storage.cache.put(name_of(1), b"x")
        assert engine.layout.cached(name_of(1)).is_file()
        assert not engine.layout.output.exists()

    def test_makes_room_in_place_of_what_killed_processes_left(self, engine: FolderEngine) -> None:
        name = name_of(1)
        engine.storage.cache.put(name, b"x")
        left = engine.layout.cached(name).with_name(f".{name}.abc.tmp")
        left.write_bytes(bytes(MOST_BYTES // FOLDERS))
        os.utime(left, (1000, 1000))
        engine.storage.cache.put(name[0] + name_of(2)[1:], content(2))
        assert (left.exists(), engine.storage.cache.get(name)) == (False, b"x")

    def test_counts_what_a_small_file_takes_on_the_disk(self, engine: FolderEngine) -> None:
        """Else there could be millions of them."""
        most = MOST_BYTES // FOLDERS // BLOCK
        folder = engine.layout.cached(name_of(1)).parent
        for number in range(most):
            put_bytes(folder / name_of(number), b"x")
            os.utime(folder / name_of(number), (number, number))
        engine.storage.cache.put(name_of(1)[0] + name_of(2)[1:], b"x")
        assert [path.name for path in folder.iterdir() if path.stat().st_mtime < 2] == [name_of(1)]

    def test_has_nothing_where_it_cannot_be_written_or_read(self, tmp_path: Path) -> None:
        (tmp_path / "cache").write_bytes(b"a file in its place")
        cache = LocalCache(Layout(tmp_path).cached)
        cache.put(name_of(1), b"x")
        assert cache.get(name_of(1)) is None
