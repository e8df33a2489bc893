import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from dalle.storage.folder.index import Index
from dalle.storage.folder.layout import Store
from tests.kit.pictures import address, put
from tests.unit.storage.test_index import Clock, names


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(Store(tmp_path), now_ns=Clock())


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b"garbage" * 999), lambda path: path.unlink()])
def test_is_made_again_when_its_file_is_spoilt_or_gone(tmp_path: Path, spoil: Callable[[Path], object]) -> None:
    put(tmp_path, "blue", address(1))
    Index(Store(tmp_path)).folders()
    for name in ("index.sqlite-wal", "index.sqlite-shm"):
        (tmp_path / "gallery" / name).unlink(missing_ok=True)
    spoil(tmp_path / "gallery" / "index.sqlite")
    assert names(Index(Store(tmp_path), now_ns=Clock()).page()) == [f"blue/{address(1)}"]


def test_goes_on_when_its_file_is_deleted_under_it(index: Index, tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1))
    assert index.folders()
    for path in (tmp_path / "gallery").iterdir():
        path.unlink()
    assert names(index.page()) == [f"blue/{address(1)}"]


def test_is_the_same_for_every_process_and_thread(tmp_path: Path) -> None:
    for number in range(300):
        put(tmp_path, "blue", address(number), age=number)
    program = (
        "import sys; from pathlib import Path; from dalle.storage.folder.index import Index\n"
        "from dalle.storage.folder.layout import Store\n"
        "print(len(Index(Store(Path(sys.argv[1]))).page(limit=500).pictures))"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", program, str(tmp_path)]
    others = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) for _ in range(3)]
    index, seen = Index(Store(tmp_path)), []
    threads = [threading.Thread(target=lambda: seen.append(len(index.page(limit=500).pictures))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [int(other.communicate()[0]) for other in others] == [300] * 3
    assert seen == [300] * 4


def test_looks_at_a_folder_where_nothing_can_be_written(tmp_path: Path) -> None:
    put(tmp_path, "blue", address(1))
    (tmp_path / "gallery").write_bytes(b"in the way: no folder can be made here")
    assert names(Index(Store(tmp_path)).page()) == [f"blue/{address(1)}"]
