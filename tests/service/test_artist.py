"""Sketches are drawn by a process beside each worker, which never outlives it."""

import logging
import signal
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import psutil
import pytest

from dalle.painters.sketch import SIZES
from dalle.sketches.artist import Artist, made_of
from dalle.words.catalog import Catalog
from dalle.words.orientation import orientation_of
from dalle.words.selection import Selection, select
from dalle.words.series import Series
from tests.kit.service import Service


@pytest.fixture
def artist() -> Iterator[Artist]:
    made = Artist()
    yield made
    made.rest()


@pytest.fixture
def selection() -> Selection:
    return select(f"0x{'ab' * 20}", Series(name="plain"), Catalog.load())


def drawers() -> set[psutil.Process]:
    """The processes of this one that draw."""
    return set(psutil.Process().children())


def test_draws_in_one_other_process_what_this_one_would(artist: Artist, selection: Selection) -> None:
    shape, before = SIZES[orientation_of(selection)], drawers()
    for width in (512, 256, 64):
        assert artist.draw(selection, shape, width) == made_of(selection, shape, width)
    (drawer,) = drawers() - before
    assert drawer.nice() > psutil.Process().nice()
    artist.rest()
    assert drawers() == before


def test_draws_here_while_the_process_is_gone(
    artist: Artist, selection: Selection, caplog: pytest.LogCaptureFixture
) -> None:
    shape, before = SIZES[orientation_of(selection)], drawers()
    expected = artist.draw(selection, shape, 64)
    (drawer,) = drawers() - before
    drawer.terminate()  # which is for those that have something to end
    assert artist.draw(selection, shape, 64) == expected
    assert drawers() - before == {drawer}
    drawer.kill()
    with caplog.at_level(logging.WARNING):
        assert artist.draw(selection, shape, 64) == expected
    assert "a sketch is drawn in the worker" in caplog.text
    assert artist.draw(selection, shape, 64) == expected
    assert drawers() - before not in ({drawer}, set())


def test_ends_with_its_worker(tmp_path: Path) -> None:
    with Service(tmp_path, WORKERS=1) as service:
        for number in (signal.SIGTERM, signal.SIGKILL):
            service.wait_for(lambda: len(service.workers()) == 1, "a worker")
            worker = psutil.Process(service.workers()[0])
            assert service.ask(f"/dalle/simple/0x{token_hex(20)}?placeholder=1&w=64").status == 200
            (drawer,) = worker.children()
            worker.send_signal(number)
            service.wait_for(lambda ended=drawer: not ended.is_running(), "the end of the process")
            service.wait_for(lambda ended=worker: not ended.is_running(), "the end of the worker")
