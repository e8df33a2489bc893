"""The configuration of a data folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.config import Config
from tests.kit.configuration import configured

Configure = Callable[..., Config]


@pytest.fixture
def config(tmp_path: Path) -> Configure:
    """Returns the configuration of this test's data folder, or of `data`, with settings as variables."""

    def configure(data: Path = tmp_path, **settings: str) -> Config:
        return configured(data, settings)

    return configure
