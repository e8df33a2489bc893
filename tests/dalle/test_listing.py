import os
import sqlite3
from pathlib import Path

import pytest

from dalle.index import Index
from dalle.listing import MOST_DELAY_NS, PATIENCE_NS
from dalle.store import Store
from tests.dalle.pictures import MOMENT, address, put

START = (MOMENT + 1000) * 1_000_000_000


class Large:
    """A folder with one picture whose listing is said to take long; then a second one is put there at START."""

    def __init__(self, folder: Path) -> None:
        self.now = START - 2 * MOST_DELAY_NS
        self.index = Index(Store(folder), now_ns=lambda: self.now)
        path = put(folder, "blue", address(1))
        os.utime(path.parent, ns=(START - 10**10,) * 2)
        assert self.seen() == 1
        base = sqlite3.connect(folder / "gallery" / "index.sqlite", isolation_level=None)
        base.execute("UPDATE folders SET took=50000000")
        base.close()
        put(folder, "blue", address(2), age=1)
        os.utime(path.parent, ns=(START, START))
        self.now = START

    def seen(self) -> int:
        return len(self.index.page().pictures)


@pytest.fixture
def large(tmp_path: Path) -> Large:
    return Large(tmp_path)


def test_lets_a_question_not_wait_for_a_large_folder(large: Large) -> None:
    assert large.seen() == 1
    large.now += PATIENCE_NS // 2
    assert large.seen() == 1
    large.index.refresh()
    assert large.seen() == 2


def test_lists_it_for_a_question_when_nobody_else_does(large: Large) -> None:
    assert large.seen() == 1
    large.now += PATIENCE_NS
    assert large.seen() == 2


def test_lists_it_though_it_changes_all_the_time(large: Large, tmp_path: Path) -> None:
    folder = tmp_path / "output" / "blue" / "annotated"
    assert large.seen() == 1
    for _ in range(3):
        large.now += PATIENCE_NS // 2
        os.utime(folder, ns=(large.now, large.now))
        seen = large.seen()
    assert seen == 2


def test_lists_a_folder_at_once_whose_time_lies_in_the_future(large: Large, tmp_path: Path) -> None:
    os.utime(tmp_path / "output" / "blue" / "annotated", ns=(START * 2, START * 2))
    assert large.seen() == 2
