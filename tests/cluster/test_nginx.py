"""The real nginx with the delivered configuration for several hosts, before two of them."""

import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.kit import postgres
from tests.kit.http import Client
from tests.kit.nginx import NGINX, HostsPlace, Nginx
from tests.kit.ports import free_port
from tests.kit.repository import ROOT
from tests.kit.service import Service
from tests.kit.waiting import wait

pytestmark = [
    pytest.mark.nginx,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
    pytest.mark.skipif(not postgres.is_here(), reason=postgres.NOT_HERE),
]
SKETCHES = "tests/system/test_programs.py::TestPlaceholder::test_is_a_sketch_and_then_the_picture"
"""Each host draws and keeps its own sketches, and the run may have ended before the second one has."""


class Front:
    """nginx, and two services behind it with data folders of their own, on one database and one bucket."""

    def __init__(self, top: Path, place: HostsPlace, database: str) -> None:
        self.place = place
        self.nginx = Nginx(place)
        shared: dict[str, Any] = {"DATABASE_URL": postgres.server().url(database), "BUCKET_URL": f"file://{top}/bucket"}
        self.hosts: list[Service] = []
        for port in place.ports:
            folder = top / str(port)
            folder.mkdir()
            self.hosts.append(Service(folder, BIND=f"127.0.0.1:{port}", PROXY_HOPS=1, WORKERS=1, **shared))

    @property
    def client(self) -> Client:
        return self.nginx.client


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    with postgres.database() as name, HostsPlace(free_port(), free_port()) as place, ExitStack() as stack:
        made = Front(tmp_path, place, name)
        for program in (*made.hosts, made.nginx):
            stack.enter_context(program)
        yield made


def new_path() -> str:
    return f"/dalle/simple/0x{secrets.token_hex(20)}"


@pytest.mark.timeout(600)
def test_keeps_the_contract_whichever_host_answers(front: Front) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/system"]
    command += ["--url", front.client.url, "--deselect", SKETCHES]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-8000:]
    for host in front.hosts:
        assert "GET /series" in host.text(), "nginx has asked only one of them"


def test_answers_from_the_other_host_when_one_is_killed(front: Front) -> None:
    path = new_path()
    front.client.painted(path)
    whole = front.client.ask(path)
    front.hosts[0].kill()
    for _ in range(6):
        answer = front.client.ask(path)
        assert (answer.status, answer.body, answer.headers["etag"]) == (200, whole.body, whole.headers["etag"])
    assert front.client.ask("/preview/items").data["items"]
    other = new_path()
    assert front.client.ask(f"{other}?generate=1", Prefer="wait=30").status == 200
    wait(lambda: front.client.ask(other).headers["content-type"] == "image/png")
    front.hosts[0].start()
    front.hosts[0].wait_until_ready()


def test_waits_for_a_run_of_any_host(front: Front) -> None:
    for _ in range(4):
        answer = front.client.ask(f"{new_path()}?generate", Prefer="wait=30")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["preference-applied"] == "wait=30"


def test_sends_no_picture_from_a_disk(front: Front) -> None:
    """A host's data folder may have been that of a single one before: what is there is not the present picture."""
    path = new_path()
    series, address = path.split("/")[2:]
    for folder in (front.place.output, *(host.data / "output" for host in front.hosts)):
        for name in (f"annotated/{address}.png", f"progress/{address}.json"):
            file = folder / series / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(b"an old one")
    assert front.client.ask(path).data == {}
    assert front.client.ask(f"{path}.png").status == 404
    assert front.client.ask(f"/files/{series}/annotated/{address}.png").status == 404


def test_says_that_no_host_answers(front: Front) -> None:
    for host in front.hosts:
        host.kill()
    answer = front.client.ask(new_path())
    assert (answer.status, answer.error["code"]) == (502, "SERVICE_UNAVAILABLE")
    assert int(answer.headers["retry-after"]) > 0
