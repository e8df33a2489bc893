"""Figures, errors and log lines of a real service whose workers come and go."""

import json
import os
import re
import signal
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.kit.folders import put
from tests.kit.service import Service

SCRIPT = {"/series": "images.series", "/dalle/nope/0x1": "images.show", "/nowhere": "unmatched"}
STATUS = {"/series": 200, "/dalle/nope/0x1": 400, "/nowhere": 404}


class Client(threading.Thread):
    """Asks the script's questions over and over; counts answers, and questions that had none."""

    def __init__(self, service: Service) -> None:
        super().__init__()
        self.service = service
        self.stopping = threading.Event()
        self.answered: Counter[str] = Counter()
        self.lost: Counter[str] = Counter()

    def run(self) -> None:
        while not self.stopping.is_set():
            for path in SCRIPT:
                try:
                    status = self.service.ask(path).status
                except OSError:
                    self.lost[path] += 1
                else:
                    assert status == STATUS[path]
                    self.answered[path] += 1


def requests(figures: dict[str, float], path: str) -> float:
    return figures.get(
        f'dalleserver_requests_total{{endpoint="{SCRIPT[path]}",method="GET",status="{STATUS[path]}"}}', 0.0
    )


def exported(figures: dict[str, float], path: str) -> float:
    labels = f'endpoint="{SCRIPT[path]}",method="GET",status="{STATUS[path]}"'
    return figures.get(f"flask_http_request_duration_seconds_count{{{labels}}}", 0.0)


def is_counter(series: str) -> bool:
    return re.match(r"(dalleserver|flask)_\w+(_total|_bucket|_count|_sum)\b", series) is not None


def assert_counted(figures: dict[str, float], clients: list[Client]) -> None:
    """Each answer that a client had is in the figures, and nothing beyond the questions that were asked."""
    for path, endpoint in SCRIPT.items():
        answered = sum(client.answered[path] for client in clients)
        lost = sum(client.lost[path] for client in clients)
        assert answered > 50
        assert answered <= requests(figures, path) <= answered + lost
        if endpoint == "images.show":
            assert exported(figures, path) == 0
        else:
            assert answered <= exported(figures, path) <= answered + lost
    # A worker may be killed between the two counts of a request.
    failed = [path for path in SCRIPT if STATUS[path] >= 400]
    for name, paths in (
        ("dalleserver_errors_total", failed),
        ('dalleserver_error_code_total{code="NOT_FOUND"}', ["/nowhere"]),
        ('dalleserver_error_endpoint_total{endpoint="images.show"}', ["/dalle/nope/0x1"]),
    ):
        had = sum(client.answered[path] for client in clients for path in paths)
        assert had <= figures[name] <= sum(requests(figures, path) for path in paths)


@pytest.mark.slow
def test_counts_what_clients_count_while_workers_are_reloaded_and_killed(tmp_path: Path) -> None:
    with Service(tmp_path, WORKERS=4) as service:
        clients = [Client(service) for _ in range(3)]
        for client in clients:
            client.start()
        try:
            before: dict[str, float] = {}
            for scrape in range(200):
                if scrape % 50 == 10:
                    service.reload()
                if scrape % 50 == 35:
                    os.kill(max(service.workers()), signal.SIGKILL)
                try:
                    now = service.client.figures()
                except OSError:
                    continue  # the scrape was in flight in the killed worker
                fallen = {name: (value, now.get(name)) for name, value in before.items() if now.get(name, -1) < value}
                assert not {name: pair for name, pair in fallen.items() if is_counter(name)}
                before = now
                time.sleep(0.02)
        finally:
            for client in clients:
                client.stopping.set()
            for client in clients:
                client.join()
        service.wait_for(lambda: len(service.workers()) == 4, "four workers")
        figures = service.client.figures()
        assert_counted(figures, clients)
        assert sum(client.lost.total() for client in clients) < 20


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> object:
    with Service(tmp_path_factory.mktemp("service"), WORKERS=2, LOG_FORMAT="json") as running:
        yield running


def lines(service: Service, request_id: str) -> list[dict[str, object]]:
    return [line for line in map(json.loads, service.lines()) if line["request_id"] == request_id]


def test_shows_the_errors_of_all_workers(service: Service) -> None:
    for number in range(20):
        service.ask(f"/nowhere/{number}")
    data = service.ask("/errors?format=json").data
    assert data["by_code"]["NOT_FOUND"] >= 20
    assert data["by_endpoint"]["unmatched"] >= 20
    assert len([entry for entry in data["latest"] if entry["code"] == "NOT_FOUND"]) >= 20
    text = service.ask("/errors").text
    assert text.count("NOT_FOUND") >= 21


def test_writes_one_line_a_request_with_its_id(service: Service) -> None:
    service.ask("/series", X_Request_ID="0badcafe-1234")
    (line,) = lines(service, "0badcafe")
    assert line["message"] == f"GET /series 200 {line['ms']} ms"
    assert (line["method"], line["path"], line["status"], line["level"]) == ("GET", "/series", 200, "info")


def test_keeps_scrapes_checks_and_polls_out_of_the_log(service: Service) -> None:
    key = "/dalle/simple/0x" + "0" * 40
    for path in ("/health", "/health?check=liveness", "/metrics", "/errors", key):
        service.ask(path, X_Request_ID="0badf00d")
    assert lines(service, "0badf00d") == []


def test_follows_a_run_by_the_id_of_the_request_that_began_it(service: Service) -> None:
    key = "/dalle/simple/0x" + "1" * 40
    service.ask(f"{key}?generate=1", X_Request_ID="feedbeef")
    service.wait_for(lambda: service.ask(key).headers["content-type"] == "image/png", "the picture")

    def messages() -> list[str]:
        return [str(line["message"]).strip() for line in lines(service, "feedbeef")]

    service.wait_for(lambda: messages()[-1].endswith("completed"), "the last line of the run")
    assert len([message for message in messages() if message.startswith("GET ")]) == 1
    for phase in ("setup", "base_prompts", "image_wait", "annotate"):
        assert any(message.endswith(phase) for message in messages()), phase


def test_writes_client_errors_without_and_bad_targets_without_harm(service: Service) -> None:
    service.ask("/%0aERROR%20%1b[31m", X_Request_ID="0000aaaa")
    (line,) = lines(service, "0000aaaa")
    assert line["status"] == 404
    assert "traceback" not in line
    assert "%0aERROR" in str(line["path"])


def test_logs_server_errors_with_a_traceback_and_hides_it_from_the_client(service: Service) -> None:
    address = "0x" + "2" * 40
    put(service.data, "simple", address)
    (service.data / f"output/simple/thumbs/64/{address}.webp").mkdir(parents=True)
    answer = service.ask(f"/dalle/simple/{address}?w=64", X_Request_ID="0000bbbb")
    assert answer.status == 500
    assert str(service.folder) not in answer.text
    error, access = lines(service, "0000bbbb")
    assert "IsADirectoryError" in str(error["traceback"])
    assert access["status"] == 500
    assert "traceback" not in access
    latest = service.ask("/errors?format=json").data["latest"][0]
    assert (latest["status"], latest["request_id"]) == (500, "0000bbbb")
    assert latest["key"] == f"simple/{address}"


def test_heads_the_exposition_with_the_id_and_names_the_format(service: Service) -> None:
    answer = service.ask("/metrics", X_Request_ID="12345678", Accept="application/openmetrics-text")
    assert answer.body.startswith(b"# Request ID: 12345678\n")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["x-request-id"] == "12345678"
    assert answer.headers["cache-control"] == "no-store"


def test_never_puts_an_address_into_a_label(service: Service) -> None:
    service.ask("/dalle/simple/0x" + "a" * 40)
    service.ask("/dalle/0x" + "b" * 40)
    service.ask("/files/0x" + "c" * 40)
    assert b"0x" not in service.ask("/metrics").body


def test_leaves_no_counters_behind(tmp_path: Path) -> None:
    with Service(tmp_path, WORKERS=1) as service:
        environ = Path(f"/proc/{service.workers()[0]}/environ").read_text()
        assert "PROMETHEUS_MULTIPROC_DIR" not in environ  # it is made by the master, after its start
        folders = [path for path in Path("/dev/shm").glob("dalleserver-*") if owner(path) == service.process.pid]  # noqa: S108
        assert len(folders) == 1
    assert not folders[0].exists()


def owner(path: Path) -> int:
    try:
        return int((path / "owner").read_text())
    except FileNotFoundError:
        return 0
