"""`/health` of a real service that something really is wrong with, over its whole matrix."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.monitoring.multiprocess import VARIABLE
from dalle.storage.folder.documents import FolderDocuments
from dalle.storage.folder.layout import Layout
from tests.kit import mounts
from tests.kit.http import Answer
from tests.kit.provider import serving
from tests.kit.service import BOUND, Service
from tests.soak.running import may

ADDRESS = "0x" + "3" * 40
KEY = "sk-test-never-shown-anywhere"


def component(answer: Answer, name: str) -> dict[str, Any]:
    component: dict[str, Any] = answer.data["components"][name]
    return component


def assert_unhealthy(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.json["success"] is False
    assert answer.json["error"]["code"] == "SERVICE_UNAVAILABLE"
    assert answer.json["error"]["request_id"] == answer.json["request_id"] == answer.headers["x-request-id"]
    assert answer.data["status"] == "unhealthy"


def settled(service: Service, condition: Callable[[Answer], bool]) -> Answer:
    """Health once every answer agrees for longer than the second that each worker keeps its assessment."""

    def agreed() -> bool:
        end = time.monotonic() + 1.3
        while time.monotonic() < end:
            if not condition(service.ask("/health")):
                return False
            time.sleep(0.05)
        return True

    service.wait_for(agreed, "health to change")
    return service.ask("/health")


def test_is_healthy_when_nothing_is_wrong(tmp_path: Path) -> None:
    with Service(tmp_path, WORKERS=1) as service:
        answer = service.ask("/health")
        assert answer.status == 200
        assert answer.data["status"] == "healthy"
        assert set(answer.data["components"]) == {"filesystem", "openai", "memory", "disk_space"}
        for name, part in answer.data["components"].items():
            assert set(part) == {"name", "status", "last_checked", "duration_ms", "message", "details"}
            assert part["name"] == name
        assert answer.headers["cache-control"] == "no-store"
        assert service.ask("/health?check=liveness").data["status"] == "alive"
        assert service.ask("/health?check=readiness").data["status"] == "ready"
        wrong = service.ask("/health?check=everything")
        assert (wrong.status, wrong.json["error"]["code"]) == (400, "INVALID_REQUEST")
        assert str(tmp_path) not in answer.text


@pytest.mark.parametrize(
    ("degraded", "unhealthy", "status", "code"), [(0, 100, "degraded", 200), (0, 0, "unhealthy", 503)]
)
def test_says_when_memory_is_short(tmp_path: Path, degraded: int, unhealthy: int, status: str, code: int) -> None:
    with Service(tmp_path, WORKERS=1, DEGRADED_PERCENT=degraded, UNHEALTHY_PERCENT=unhealthy) as service:
        answer = service.ask("/health")
        assert answer.status == code
        assert component(answer, "memory")["status"] == component(answer, "disk_space")["status"] == status
        assert component(answer, "memory")["details"]["service_processes"] == 2
        assert service.ask("/health?check=readiness").status == code
        assert service.ask("/health?check=liveness").status == 200


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root needs setpriv to be bound")
def test_says_when_the_data_folder_cannot_be_written(tmp_path: Path) -> None:
    with Service(tmp_path, prefix=BOUND, WORKERS=2) as service:
        assert service.ask("/health").status == 200
        (tmp_path / "data").chmod(0o555)
        answer = settled(service, lambda answer: answer.status == 503)
        (tmp_path / "data").chmod(0o755)
        assert_unhealthy(answer)
        assert component(answer, "filesystem")["details"] == {"writable": False, "error": "EACCES"}
        assert str(tmp_path) not in answer.text
        assert settled(service, lambda answer: answer.status == 200)
        assert any("the service is unhealthy: filesystem" in line for line in service.lines())


def test_names_a_broken_series_file_until_it_is_mended(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        folder = tmp_path / "data" / "series"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mine.json").write_text('{"nouns": 3}')

        def broken_series(answer: Answer) -> Any:
            return component(answer, "filesystem")["details"]["broken_series"]

        answer = settled(service, lambda answer: broken_series(answer) != {})
        assert (answer.status, answer.data["status"]) == (200, "healthy")
        assert broken_series(answer) == {"mine": '"nouns" must be a list of texts'}
        assert "mine" not in service.ask("/series").data["series"]
        assert any("series mine cannot be used" in line for line in service.lines())
        (folder / "mine.json").write_text("{}")
        assert broken_series(settled(service, lambda answer: broken_series(answer) == {})) == {}
        assert "mine" in service.ask("/series").data["series"]


@pytest.mark.skipif(os.geteuid() == 0 and not shutil.which("setpriv"), reason="root needs setpriv to be bound")
def test_only_reads_on_a_read_only_server(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with Service(tmp_path, prefix=BOUND, WORKERS=1, READ_ONLY=1) as service:
        (tmp_path / "data").chmod(0o555)
        answer = service.ask("/health")
        (tmp_path / "data").chmod(0o755)
        assert answer.status == 200
        assert component(answer, "filesystem")["details"] == {"writable": False, "broken_series": {}}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The data folder, on a disk with room for a few runs."""
    if not may(*mounts.MOUNTS):
        pytest.skip("refused: file systems cannot be mounted here")
    with mounts.small_disk(tmp_path / "data") as disk:
        yield disk.folder


def test_says_when_the_disk_is_full(tmp_path: Path, small_disk: Path) -> None:
    with Service(tmp_path, WORKERS=2) as service:
        before = service.ask("/health")
        assert before.status == 200
        with open(small_disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"x" * 4096)
            except OSError:
                pass
        answer = settled(service, lambda answer: answer.status == 503)
        assert_unhealthy(answer)
        assert component(answer, "disk_space")["status"] == "unhealthy"
        assert component(answer, "filesystem")["details"]["error"] == "ENOSPC"
        assert service.ask("/health?check=readiness").json["error"]["code"] == "SERVICE_UNAVAILABLE"
        figures = service.client.figures()
        assert figures["dalleserver_disk_used_ratio"] > 0.99
        assert figures["dalleserver_disk_free_bytes"] == 0
        (small_disk / "ballast").unlink()
        settled(service, lambda answer: answer.status == 200)


def test_says_when_the_disk_became_read_only(tmp_path: Path, small_disk: Path) -> None:
    with Service(tmp_path, WORKERS=1) as service:
        # Over the old one: a file system with open files, such as the index, is made read-only by the kernel alone.
        subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "tmpfs", str(small_disk)], check=True)
        try:
            answer = settled(service, lambda answer: answer.status == 503)
        finally:
            subprocess.run(["umount", "--lazy", str(small_disk)], check=True)
        assert component(answer, "filesystem")["details"]["error"] == "EROFS"


def test_follows_the_breaker_in_every_worker_until_it_closes(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "500", "times": 1}]}) as stub:
        settings: dict[str, Any] = {"BREAKER_FAILURES": 1, "BREAKER_PAUSE": "10m", "IMAGE_ATTEMPTS": 1, "NO_ENHANCE": 1}
        plain = {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": stub.url, "TB_DALLE_PROVIDER_HOSTS": "127.0.0.1"}
        with Service(tmp_path, variables=plain, WORKERS=3, PAUSE_TRANSIENT="300ms", **settings) as service:
            assert component(service.ask("/health"), "openai")["details"]["key_set"] is True
            service.ask(f"/dalle/simple/{ADDRESS}?generate=1")
            opened = settled(service, lambda answer: answer.status == 503)
            figures = service.client.figures()
            assert service.ask("/health?check=readiness").status == 200
            with FolderDocuments(Layout(service.data)).edit("breaker") as record:
                record["until"] = 0.0
            half = settled(service, lambda answer: answer.data["status"] == "degraded")
            for number in range(2):
                address = f"0x{number:040x}"
                service.ask(f"/dalle/simple/{address}?generate=1")
                service.wait_for(lambda key=address: is_painted(service, key), "a probe to paint")
            settled(service, lambda answer: answer.data["status"] == "healthy")
            later = service.client.figures()
            latest = service.ask("/errors?format=json").data["latest"]
    assert_unhealthy(opened)
    assert component(opened, "openai")["details"]["state"] == "OPEN"
    assert component(half, "openai")["details"]["state"] == "HALF_OPEN"
    assert figures['dalleserver_circuit_breaker_state{state="OPEN"}'] == 1
    assert figures["dalleserver_openai_errors_total"] == 1
    assert figures['dalleserver_attempts_total{kind="image",model="gpt-image-2",outcome="refused"}'] == 1
    assert later['dalleserver_circuit_breaker_state{state="CLOSED"}'] == 1
    assert later['dalleserver_circuit_breaker_transitions_total{state="OPEN"}'] == 1
    assert later['dalleserver_error_code_total{code="OPENAI_UNAVAILABLE"}'] == 1
    assert later['dalleserver_attempts_total{kind="image",model="gpt-image-2",outcome="accepted"}'] == 2
    assert later['dalleserver_spend_usd_total{model="gpt-image-2",quality="default"}'] > 0
    assert [
        (incident["key"], incident["endpoint"]) for incident in latest if incident["code"] == "OPENAI_UNAVAILABLE"
    ] == [(f"simple/{ADDRESS}", "generation")]
    assert KEY not in service.text() + str(opened.body)


def is_painted(service: Service, address: str) -> bool:
    return bool(service.ask(f"/dalle/simple/{address}").headers["content-type"] == "image/png")


def test_names_no_folder_of_counters_to_the_tests() -> None:
    assert VARIABLE not in os.environ
