"""The paid provider behind four real workers: what a fault becomes in report, journal, metric and log."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.system.conftest import ROOT, Client, await_liveness, free_port

API_KEY = "sk-system-do-not-show-0815"


@dataclass
class Service:
    """A service, its data folder, its log and the stub that it pays."""

    client: Client
    data: Path
    log: Path
    stub: str

    def script(self, plan: Any) -> None:
        """Forget the stub's calls and give it a new plan."""
        for path, body in (("/reset", {}), ("/script", plan)):
            urllib.request.urlopen(self.stub + path, json.dumps(body).encode(), timeout=10).close()

    def calls(self) -> Any:
        with urllib.request.urlopen(self.stub + "/calls", timeout=10) as answer:
            return json.load(answer)

    def run(self) -> tuple[str, Any]:
        """Generate a new key to its end; gives its path and the last report."""
        path = f"/dalle/simple/0x{secrets.token_hex(20)}"
        return path, self.client.painted(path).json

    def metric(self, name: str) -> float:
        """The sum of a metric's samples (`name` may hold a label), 0 without any."""
        lines = self.client.ask("/metrics").body.decode().splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))

    def health(self) -> Any:
        value = self.client.ask("/health").json
        return value["data"]["components"]["openai"]

    def journal(self, path: str) -> Any:
        series, address = path.split("/")[2:]
        return json.loads((self.data / "runs" / series / f"{address}.json").read_text())


@contextmanager
def started(folder: Path, **environ: str) -> Iterator[Service]:
    """The stub and the service, with `environ` beside the defaults of these tests."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TB_DALLE_", "OPENAI_"))}
    stub = subprocess.Popen(
        [sys.executable, "-m", "tests.stub_openai", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    process = None
    log = folder / "service.log"
    try:
        assert stub.stdout
        base, port = stub.stdout.readline().strip(), free_port()
        settings = {
            "OPENAI_API_KEY": API_KEY,
            "OPENAI_BASE_URL": base,
            "TB_DALLE_DATA_DIR": str(folder / "data"),
            "TB_DALLE_PORT": str(port),
            "TB_DALLE_WORKERS": "4",
            "TB_DALLE_NO_ENHANCE": "1",
            "TB_DALLE_IMAGE_TIMEOUT": "2s",
        }
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "gunicorn"],
                cwd=ROOT,
                env=kept | settings | environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        url = f"http://127.0.0.1:{port}"
        await_liveness(url, process, log)
        yield Service(Client(url), folder / "data", log, base.removesuffix("/v1"))
    finally:
        for child in (process, stub):
            if child:
                child.send_signal(signal.SIGTERM)
                child.wait(60)
        if stub.stdout:
            stub.stdout.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One that never opens its breaker for failures in a row, so that the faults do not disturb each other."""
    folder = tmp_path_factory.mktemp("provider")
    with started(folder, TB_DALLE_BREAKER_FAILURES="1000", TB_DALLE_BREAKER_PAUSE="10ms") as running:
        yield running


MATRIX = [
    ("moderation", 1, "CONTENT_BLOCKED", "refused"),
    ("size", 1, "OPENAI_UNAVAILABLE", "refused"),
    ("401", 1, "OPENAI_AUTH", "refused"),
    ("403", 1, "OPENAI_AUTH", "refused"),
    ("404", 1, "OPENAI_UNAVAILABLE", "refused"),
    ("408", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("409", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("429_after", 3, "OPENAI_RATE_LIMIT", "refused"),
    ("quota", 1, "OPENAI_QUOTA", "refused"),
    ("500", 3, "OPENAI_UNAVAILABLE", "refused"),
    ("502", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("503_after", 3, "OPENAI_UNAVAILABLE", "refused"),
    ("slow", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("drip", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("reset_before", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("reset_after", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("html", 1, "OUTCOME_UNKNOWN", "unknown"),
    ("truncated_json", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("null_data", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("broken_base64", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("tiny", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("huge", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
    ("url_missing", 1, "IMAGE_DOWNLOAD_ERROR", "accepted"),
]


@pytest.mark.parametrize(("fault", "calls", "code", "outcome"), MATRIX, ids=[row[0] for row in MATRIX])
def test_tells_a_fault_alike_in_report_journal_metric_and_log(
    fault: str, calls: int, code: str, outcome: str, service: Service
) -> None:
    service.script({"rules": [{"fault": fault, "wait": 0.01}]})
    label = f'dalleserver_error_code_total{{code="{code}"}}'
    before = service.metric("dalleserver_openai_requests_total"), service.metric(label)
    seen = len(service.log.read_text())
    path, report = service.run()
    assert (report["errorCode"], report["done"]) == (code, True)
    assert report["error"]
    assert report["percent"] < 100
    assert service.calls()["images"] == calls
    journal = service.journal(path)
    assert journal["errorCode"] == code
    assert [attempt["outcome"] for attempt in journal["attempts"]] == [outcome] * calls
    assert service.metric(label) == before[1] + 1
    assert service.metric("dalleserver_openai_requests_total") >= before[0] + calls
    log = service.log.read_text()
    assert code in log[seen:]
    assert API_KEY not in log + json.dumps(report) + json.dumps(journal)


def test_paints_again_after_all_that(service: Service) -> None:
    time.sleep(0.05)
    service.script({})
    path, report = service.run()
    assert report["errorCode"] == ""
    assert service.client.ask(path).headers["content-type"] == "image/png"


def test_opens_the_breaker_once_probes_once_and_closes_again(tmp_path: Path) -> None:
    with started(tmp_path, TB_DALLE_BREAKER_PAUSE="2s") as service:
        service.script({"rules": [{"fault": "502"}]})
        for _ in range(5):
            assert service.run()[1]["errorCode"] == "OUTCOME_UNKNOWN"
        assert service.run()[1]["errorCode"] == "OPENAI_UNAVAILABLE"
        assert service.calls()["images"] == 5
        states = {service.health()["details"]["opened"] for _ in range(12)}
        assert states == {1}
        time.sleep(2.1)
        assert {service.health()["status"] for _ in range(12)} == {"degraded"}
        service.script({"latency": {"images": 1.0}})
        paths = [f"/dalle/simple/0x{secrets.token_hex(20)}" for _ in range(8)]
        for path in paths:
            service.client.ask(f"{path}?generate=1")
        codes = [service.client.painted(path).json["errorCode"] for path in paths]
        assert service.calls()["images"] == codes.count("") >= 1
        assert set(codes) <= {"", "OPENAI_UNAVAILABLE"}
        service.script({})
        assert service.run()[1]["errorCode"] == ""
        assert {service.health()["status"] for _ in range(12)} == {"healthy"}
        assert service.metric('dalleserver_circuit_breaker_state{state="CLOSED"}') == 1


def test_lets_the_offline_artist_paint_while_the_breaker_is_open(tmp_path: Path) -> None:
    with started(tmp_path, TB_DALLE_FALLBACK="sketch", TB_DALLE_BREAKER_FAILURES="1") as service:
        service.script({"rules": [{"fault": "502"}]})
        assert service.run()[1]["errorCode"] == "OUTCOME_UNKNOWN"
        path, report = service.run()
        assert report["errorCode"] == ""
        assert service.calls()["images"] == 1
        assert service.journal(path)["painter"] != "openai"


def test_pays_for_ten_of_many_when_the_budget_is_ten(tmp_path: Path) -> None:
    with started(tmp_path, TB_DALLE_DAILY_IMAGES="10") as service:
        paths = [f"/dalle/simple/0x{secrets.token_hex(20)}" for _ in range(24)]
        for path in paths:
            service.client.ask(f"{path}?generate=1")
        codes = [service.client.painted(path).json["errorCode"] for path in paths]
        assert (codes.count(""), codes.count("BUDGET_EXHAUSTED")) == (10, 14)
        assert service.calls()["images"] == 10
