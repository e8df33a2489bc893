"""Studios that are started in a test and stopped after it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dalle.compose import Studio
from tests.kit.fakes import PaidPainter, Start, studio


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts studios on one folder, as workers do; nobody asks them for anything."""
    started = []

    def begin(painter: PaidPainter | None = None, **settings: Any) -> Studio:
        one = studio(tmp_path, painter, **settings)
        started.append(one)
        one.start()
        return one

    yield begin
    for one in started:
        one.stop()
