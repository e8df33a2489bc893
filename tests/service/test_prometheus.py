"""A real Prometheus with the kit's configuration scrapes a real service and answers the dashboard's queries."""

import os
import re
import shutil
import urllib.parse
from pathlib import Path
from typing import Any

import pytest

from tests.kit.http import Client
from tests.kit.ports import free_port
from tests.kit.program import Program
from tests.kit.service import Service
from tests.unit.app.monitoring.test_dashboard import KIT, NGINX, dashboard_queries, rule_queries

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("prometheus"), reason="prometheus is not installed"),
]
EMPTY = (
    "5..",
    "budget_left",
    "spend_usd",
    "tokens_total",
    "provider_latency",
    "attempts_total",
    "phase_errors",
    "webhooks",
)
ADDRESS = "0x" + "4" * 40


class Prometheus(Program):
    """Scrapes the services on the ports `targets` by the kit's configuration, every second."""

    def __init__(self, folder: Path, *targets: int) -> None:
        port = free_port()
        self.client = Client(f"http://127.0.0.1:{port}")
        scraped = ", ".join(f'"127.0.0.1:{target}"' for target in targets)
        text = (KIT / "prometheus.yml").read_text().replace('["127.0.0.1:8080"]', f"[{scraped}]")
        (folder / "prometheus.yml").write_text(text.replace("_interval: 15s", "_interval: 1s"))
        shutil.copy(KIT / "alerts.yml", folder)
        command = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb"]
        command += [f"--web.listen-address=127.0.0.1:{port}"]
        super().__init__(command, folder, os.environ, folder / "prometheus.log")

    def wait_until_ready(self) -> None:
        self.wait_for(lambda: self.runs() and self.client.ask("/-/ready").status == 200, "Prometheus to start")

    def api(self, path: str, **parameters: str) -> Any:
        answer = self.client.ask(f"/api/v1/{path}?{urllib.parse.urlencode(parameters)}")
        assert answer.status == 200, answer.text
        return answer.data

    def value(self, query: str) -> list[float]:
        return [float(row["value"][1]) for row in self.api("query", query=query)["result"]]

    def wait_for_value(self, query: str, least: float) -> None:
        self.wait_for(lambda: any(value >= least for value in self.value(query)), f"{query} >= {least}")


def test_answers_the_queries_of_dashboard_and_rules(tmp_path: Path) -> None:
    with Service(tmp_path, WORKERS=2) as service, Prometheus(tmp_path, service.port) as prometheus:
        service.ask(f"/dalle/simple/{ADDRESS}?generate=1")
        service.ask("/nowhere")
        prometheus.wait_for_value('dalleserver_runs_total{code="OK"}', 1)
        prometheus.wait_for_value('count_over_time(up{job="dalleserver"}[1m])', 4)
        for name in ("runs_total", "error_code_total"):  # a rate needs two
            prometheus.wait_for_value(f"count_over_time(dalleserver_{name}[1m])", 2)
        for query in (*dashboard_queries(), *rule_queries()):
            filled = query.replace("$__rate_interval", "1m").replace("$instance", ".*")
            answer = prometheus.value(filled)
            if query in dashboard_queries() and not any(name in query for name in (*NGINX, *EMPTY)):
                assert answer, query
        assert prometheus.value("dalleserver_up") == [1]
        assert prometheus.value("sum(dalleserver_error_code_total)") == [1]
        rules = [rule for group in prometheus.api("rules")["groups"] for rule in group["rules"]]
        assert len(rules) == len(rule_queries())
        assert {rule["health"] for rule in rules} <= {"ok", "unknown"}
        known = prometheus.api("metadata", limit="1000")
        exposed = re.findall(r"^# TYPE (\w+)", service.ask("/metrics").text, re.MULTILINE)
        missing = {name for name in exposed if not known.get(name, [{}])[0].get("help")}
        assert missing == set()
