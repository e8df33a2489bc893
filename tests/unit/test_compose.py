"""compose.yaml, as Docker Compose reads it."""

import re
from typing import Any

import pytest
import yaml

from app.example import every_setting
from tests.kit.repository import ROOT

FIXED = {"TB_DALLE_HOST", "TB_DALLE_PORT", "TB_DALLE_BIND", "TB_DALLE_DATA_DIR", "TB_DALLE_PROXY_HOPS"}
"""Where the container listens, has its data and its proxy."""
KEY = {"OPENAI_API_KEY", "OPENAI_API_KEY_FILE"}


@pytest.fixture
def variables() -> dict[str, Any]:
    """Those that the service gets; None passes on what `.env` or the shell says."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))["services"]
    environment: dict[str, Any] = services["app"]["environment"]
    return environment


def test_passes_every_setting_on(variables: dict[str, Any]) -> None:
    names = {row.name for row in every_setting()}
    passed = {name for name, value in variables.items() if value is None}
    assert names - passed == FIXED
    assert passed >= KEY | {"OPENAI_CUSTOM_HEADERS"}


def test_fixes_what_the_containers_are_built_for(variables: dict[str, Any]) -> None:
    image = re.findall(r"(TB_DALLE_\w+)=", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    assert {name for name, value in variables.items() if value is not None} | set(image) == FIXED
