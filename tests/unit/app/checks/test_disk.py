"""The check of the disk below the data folder."""

from app.checks.disk import disk
from tests.unit.app.checks.conftest import Configure


def test_warns_of_a_disk_that_fills_up(config: Configure) -> None:
    assert disk(config(TB_DALLE_DEGRADED_PERCENT="0")).level == "warning"
    full = config(TB_DALLE_DEGRADED_PERCENT="0", TB_DALLE_UNHEALTHY_PERCENT="0")
    assert disk(full).level == "error"
