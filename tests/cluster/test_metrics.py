"""What two hosts count, scraped by a real Prometheus with the delivered configuration."""

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.kit import postgres
from tests.kit.service import Service
from tests.service.test_prometheus import Prometheus
from tests.unit.app.monitoring.test_dashboard import dashboard_queries

if not postgres.is_here():
    pytest.skip(postgres.NOT_HERE, allow_module_level=True)

RUNS = 6


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[list[Service]]:
    with postgres.database() as name, ExitStack() as stack:
        url = postgres.server().url(name)
        shared: dict[str, Any] = {"DATABASE_URL": url, "BUCKET_URL": f"file://{tmp_path}/bucket", "DAILY_IMAGES": 50}
        services = []
        for part in ("one", "other"):
            (tmp_path / part).mkdir()
            services.append(stack.enter_context(Service(tmp_path / part, WORKERS=1, **shared)))
        yield services


def painted(hosts: list[Service]) -> None:
    for number in range(RUNS):
        hosts[number % 2].client.painted(f"/dalle/simple/0x{secrets.token_hex(20)}")


def test_adds_up_over_the_hosts(hosts: list[Service]) -> None:
    """Each counts what it accepted and what it ended; what they share is the same on both."""
    painted(hosts)
    figures = [host.client.figures() for host in hosts]
    for name in ("dalleserver_runs_queued_total", 'dalleserver_runs_total{code="OK",painter="sketch"}'):
        assert sum(each.get(name, 0) for each in figures) == RUNS, name
    for each in figures:
        assert each["dalleserver_runs_queued_total"] == RUNS / 2
        assert each["dalleserver_workers"] == 1
    for name in ("dalleserver_queue_depth", "dalleserver_budget_left_images"):
        assert len({each.get(name) for each in figures}) == 1


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("prometheus"), reason="prometheus is not installed")
def test_is_shown_by_host(tmp_path: Path, hosts: list[Service]) -> None:
    painted(hosts)
    with Prometheus(tmp_path, *[host.port for host in hosts]) as prometheus:
        prometheus.wait_for_value('count(count_over_time(up{job="dalleserver"}[1m]) >= 4)', 2)
        names = [f"127.0.0.1:{host.port}" for host in hosts]
        for query in dashboard_queries():
            if "by (instance)" in query or query == "dalleserver_workers":
                filled = query.replace("$__rate_interval", "1m").replace("$instance", "|".join(names))
                rows = prometheus.api("query", query=filled)["result"]
                if "5.." not in query:
                    assert {row["metric"]["instance"] for row in rows} == set(names), query
        assert prometheus.value("max by (state) (dalleserver_jobs)") == [0, 0]
        alerts = prometheus.api("alerts")["alerts"]
        assert [alert["labels"]["alertname"] for alert in alerts] == []
