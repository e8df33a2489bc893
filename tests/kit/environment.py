"""The environment of a program under test: this process's without the settings of the machine that runs the tests."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.environment import unknown_variables

OURS = ("TB_DALLE_", "OPENAI_", "PROMETHEUS_MULTIPROC_DIR", "PYTHONPATH")
NOWHERE = Path("/nonexistent/.env")


def environment(variables: Mapping[str, str] | None = None, **settings: Any) -> dict[str, str]:
    """This process's environment with these settings, and without those of the machine or a path to other code.

    Nor is there a home folder, where a key might be that pays for pictures.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {**kept, "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1", **named(variables, **settings)}


def named(variables: Mapping[str, str] | None = None, **settings: Any) -> dict[str, str]:
    """Settings as variables: WORKERS=2 is TB_DALLE_WORKERS; None leaves one out.

    Raises ValueError for a setting that does not exist: it would be ignored, and the test would prove nothing.
    """
    given = {f"TB_DALLE_{name}": str(value) for name, value in settings.items() if value is not None}
    given |= variables or {}
    if unknown := unknown_variables(given, NOWHERE):
        raise ValueError("; ".join(unknown))
    return given
