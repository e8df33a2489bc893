"""Prometheus's own tool takes the files of the monitoring kit, and what we expose."""

import shutil
import subprocess

import pytest

from app.monitoring.metrics import Metrics
from tests.unit.app.monitoring.test_dashboard import KIT
from tests.unit.app.monitoring.test_flask_exporter import counted, exported
from tests.unit.app.monitoring.test_metrics import busy

pytestmark = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")


@pytest.mark.parametrize(("kind", "file"), [("rules", "alerts.yml"), ("config", "prometheus.yml")])
def test_passes_promtool(kind: str, file: str) -> None:
    done = subprocess.run(["promtool", "check", kind, file], cwd=KIT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_satisfies_promtool_but_for_the_name_that_dashboards_use() -> None:
    text = exported(busy(Metrics()))
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    complaints = [line for line in (done.stdout + done.stderr).decode().splitlines() if line]
    assert done.returncode == 3
    assert all(line.startswith("dalleserver_response_time_ms ") for line in complaints), complaints


def test_passes_the_checks_of_promtool() -> None:
    app, metrics = counted()
    for path in ("/series", "/fail", "/nowhere"):
        app.test_client().get(path)
    text = exported(metrics)
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, check=False)
    assert not [line for line in (done.stdout + done.stderr).decode().splitlines() if "flask" in line]
    assert b"error" not in done.stderr
