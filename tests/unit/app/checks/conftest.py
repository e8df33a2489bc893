"""The configuration of a data folder."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.config import Config
from app.environment import load

Configure = Callable[..., Config]


@pytest.fixture
def config(tmp_path: Path) -> Configure:
    """Returns the configuration of this test's data folder, or of `data`, with settings as variables."""

    def configure(data: Path = tmp_path, **settings: str) -> Config:
        return load({"TB_DALLE_DATA_DIR": str(data), **settings}, environ={}, dotenv=tmp_path / "none.env")

    return configure
