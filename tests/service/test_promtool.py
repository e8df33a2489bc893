"""Prometheus's own tool takes the files of the monitoring kit, and what we expose."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from app.monitoring.metrics import Metrics
from tests.unit.app.monitoring.test_dashboard import KIT
from tests.unit.app.monitoring.test_flask_exporter import counted, exported
from tests.unit.app.monitoring.test_metrics import busy

pytestmark = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")

TWO_HOSTS = """
rule_files: [alerts.yml]
evaluation_interval: 1m
tests:
  - interval: 1m
    input_series:
      - {series: 'dalleserver_circuit_breaker_state{job="dalleserver",instance="one",state="OPEN"}', values: '1x60'}
      - {series: 'dalleserver_circuit_breaker_state{job="dalleserver",instance="other",state="OPEN"}', values: '1x60'}
      - {series: 'dalleserver_webhooks_pending{job="dalleserver",instance="one"}', values: '3x60'}
      - {series: 'dalleserver_webhooks_pending{job="dalleserver",instance="other"}', values: '3x60'}
      - {series: 'dalleserver_webhooks_delivered_total{job="dalleserver",instance="one"}', values: '0x60'}
      - {series: 'dalleserver_webhooks_delivered_total{job="dalleserver",instance="other"}', values: '0+1x60'}
      - {series: 'dalleserver_requests_total{job="dalleserver",instance="one",status="503"}', values: '0+60x60'}
      - {series: 'dalleserver_requests_total{job="dalleserver",instance="other",status="200"}', values: '0+6000x60'}
      - {series: 'dalleserver_build_info{job="dalleserver",instance="one",version="1"}', values: '1x120'}
      - {series: 'dalleserver_build_info{job="dalleserver",instance="other",version="2"}', values: '1x120'}
    alert_rule_test:
      - alertname: DalleserverBreakerOpen
        eval_time: 10m
        exp_alerts: [{exp_labels: {severity: critical, job: dalleserver}}]
      - alertname: DalleserverWebhooksFail
        eval_time: 50m
        exp_alerts: []
      - alertname: DalleserverServerErrors
        eval_time: 20m
        exp_alerts: [{exp_labels: {severity: critical, instance: one}}]
      - alertname: DalleserverVersionsDiffer
        eval_time: 30m
        exp_alerts: []
      - alertname: DalleserverVersionsDiffer
        eval_time: 90m
        exp_alerts: [{exp_labels: {severity: warning, job: dalleserver}}]
"""


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


def test_fires_once_for_hosts_that_work_together(tmp_path: Path) -> None:
    rules = yaml.safe_load((KIT / "alerts.yml").read_text())
    for rule in rules["groups"][0]["rules"]:
        rule.pop("annotations")  # promtool would compare these texts, too
    (tmp_path / "alerts.yml").write_text(yaml.safe_dump(rules))
    (tmp_path / "test.yml").write_text(TWO_HOSTS)
    done = subprocess.run(
        ["promtool", "test", "rules", "test.yml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
