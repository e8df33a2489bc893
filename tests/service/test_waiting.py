"""Requests that wait for the end of a run, on real workers and through nginx. `python -m bench.waiting` has figures."""

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from tests.kit.http import Answer, Client
from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.service import Service
from tests.kit.stub import Stub
from tests.kit.waiting import wait

SLOW = 600  # seconds of a provider that answers when nobody waits any more
MANY = 50


def new_path() -> str:
    return f"/dalle/simple/0x{token_hex(20)}"


@dataclass
class Waited:
    """A service with nginx in front of it, and its provider."""

    service: Service
    stub: Stub
    front: Client

    def held(self) -> str:
        """The path of a run that lasts until it is cancelled."""
        self.stub.script({"latency": {"images": SLOW}})
        path, before = new_path(), self.stub.images()
        assert self.service.ask(f"{path}?generate=1").json["done"] is False
        wait(lambda: self.stub.images() > before, "the call")
        return path


@pytest.fixture(scope="module")
def waited() -> Iterator[Waited]:
    if NGINX is None:
        pytest.skip("nginx is not installed")
    settings: dict[str, Any] = {"NO_ENHANCE": 1, "JOBS": 8, "WAITERS": 200, "GRACEFUL_TIMEOUT": "1s"}
    with Stub() as stub, Place() as place:
        service = place.service(port=0, variables=stub.variables, **settings)
        with service, Nginx(place) as nginx:
            yield Waited(service, stub, nginx.client)


@pytest.fixture(params=["direct", "nginx"])
def client(request: pytest.FixtureRequest, waited: Waited) -> Client:
    return waited.service.client if request.param == "direct" else waited.front


class Asking(threading.Thread):
    """One request; `answer` is there when it was joined."""

    answer: Answer

    def __init__(self, client: Client, path: str, prefer: str = "wait=60") -> None:
        super().__init__()
        self.ask: Callable[[], Answer] = lambda: client.ask(path, timeout=120, Prefer=prefer)
        self.start()

    def run(self) -> None:
        self.answer = self.ask()

    def joined(self) -> Answer:
        self.join(120)
        return self.answer


@pytest.mark.nginx
@pytest.mark.parametrize("query", ["?generate", "?generate=1"])
def test_gives_the_end_of_the_run_that_it_starts(waited: Waited, client: Client, query: str) -> None:
    waited.stub.script({"latency": {"images": 0.5}})
    before = waited.stub.images()
    answer = client.ask(new_path() + query, Prefer="wait=60")
    assert (answer.status, answer.headers["preference-applied"]) == (200, "wait=60")
    assert "Prefer" in answer.headers["vary"].split(", ")
    if query == "?generate":
        assert answer.headers["content-type"] == "image/png"
    else:
        assert (answer.json["done"], answer.json["cacheHit"], answer.json["error"]) == (True, True, "")
    assert waited.stub.images() == before + 1


@pytest.mark.nginx
def test_waits_though_the_progress_is_on_the_disk(waited: Waited, client: Client) -> None:
    path = waited.held()
    assert "preference-applied" not in client.ask(path).headers
    timed_out = client.ask(path, Prefer="wait=1")
    assert (timed_out.headers["preference-applied"], timed_out.json["done"]) == ("wait=1", False)
    assert "preference-applied" not in client.ask(path, Prefer="wait=0").headers
    assert client.ask(path, "HEAD", Prefer="wait=60").headers.get("preference-applied") is None
    asking = Asking(client, path)
    assert client.ask(path, "DELETE", Prefer="wait=60").json["errorCode"] == "CANCELLED"
    answer = asking.joined()
    assert answer.json["errorCode"] == "CANCELLED"
    assert "preference-applied" not in client.ask(path, Prefer="wait=60").headers


@pytest.mark.nginx
def test_delays_nothing_else(waited: Waited, client: Client) -> None:
    """More wait than there are threads, for one run that whichever worker has."""
    path = waited.held()
    asking = [Asking(client, path) for _ in range(MANY)]
    for path_of_others in ("/health?check=liveness", "/series", path) * 4:
        assert client.ask(path_of_others, timeout=20).status == 200
    assert all(one.is_alive() for one in asking)
    client.ask(path, "DELETE")
    answers = [one.joined() for one in asking]
    assert {answer.json["errorCode"] for answer in answers} == {"CANCELLED"}
    assert [answer.headers.get("preference-applied") for answer in answers] == ["wait=60"] * MANY
    assert len({answer.headers["x-request-id"] for answer in answers}) == MANY


def test_has_places_that_clients_give_back_when_they_leave(tmp_path: Path) -> None:
    with Stub() as stub:
        stub.script({"latency": {"images": SLOW}})
        settings: dict[str, Any] = {"WORKERS": 1, "NO_ENHANCE": 1, "WAITERS": 1, "GRACEFUL_TIMEOUT": "1s"}
        with Service(tmp_path, variables=stub.variables, **settings) as service:
            path = new_path()
            service.ask(f"{path}?generate=1")
            with waiting(service.port, path):
                assert not is_heeded(service, path)
            service.wait_for(lambda: is_heeded(service, path), "the place to be free")
            service.ask(path, "DELETE")


def waiting(port: int, path: str) -> socket.socket:
    """A client that is not answered before the run has ended; one that finds no place is answered at once."""
    client = socket.create_connection(("127.0.0.1", port))
    client.settimeout(2)
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nPrefer: wait=60\r\n\r\n".encode())
    with pytest.raises(TimeoutError):
        client.recv(1)
    return client


def is_heeded(service: Service, path: str) -> bool:
    answer = service.ask(path, Prefer="wait=1")
    assert answer.json["done"] is False
    return "preference-applied" in answer.headers


def test_ends_when_the_service_stops(tmp_path: Path) -> None:
    """At once, and not with the run, for which the service waits."""
    with Stub() as stub, ExitStack() as stack:
        stub.script({"latency": {"images": 20}})
        service = Service(tmp_path, variables=stub.variables, NO_ENHANCE=1, WAITERS=MANY, GRACEFUL_TIMEOUT="60s")
        stack.enter_context(service)
        path = new_path()
        service.ask(f"{path}?generate=1")
        wait(lambda: stub.images() == 1, "the call")
        asking = [Asking(service.client, path) for _ in range(MANY)]
        parked = lambda: service.ask(path).json["percent"] > 0  # noqa: E731
        service.wait_for(parked, "progress")
        for _ in range(3):  # they were sent before these, and there are two workers
            service.ask("/series")
        service.send_signal(signal.SIGTERM)
        answers = [one.joined() for one in asking]
        assert {answer.json["done"] for answer in answers} == {False}
        assert not any("preference-applied" in answer.headers for answer in answers)
        assert service.process.poll() is None
