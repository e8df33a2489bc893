"""The configuration of an application in this process."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.config import Config
from app.environment import load
from tests.kit.environment import NOWHERE, named


def configured(data: Path, variables: Mapping[str, str] | None = None, **settings: Any) -> Config:
    """The defaults with this data folder, and `settings` and `variables` as in `environment`."""
    return load(named(variables, **{"DATA_DIR": data, **settings}), environ={}, dotenv=NOWHERE)
