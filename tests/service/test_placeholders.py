"""Pages full of `?placeholder=1`, on real workers and through nginx: sketches are drawn beside requests."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from tests.kit.http import Answer, Client
from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.service import Service

MANY, FEW = 200, 50
ONE_THREAD: dict[str, Any] = {"WORKERS": 1, "THREADS": 1}
"""If it drew or waited for one sketch, nothing else would be answered before all of them."""


def new_path() -> str:
    return f"/dalle/simple/0x{token_hex(20)}?placeholder=1&w=64"


class Page:
    """Requests `<img>`s side by side; `answers` has what came, in that order."""

    def __init__(self, client: Client, paths: list[str]) -> None:
        self.client = client
        self.answers: list[Answer] = []
        self._pool = ThreadPoolExecutor(len(paths))
        self._images = [self._pool.submit(self._load, path) for path in paths]

    def _load(self, path: str) -> None:
        self.answers.append(self.client.ask(path, timeout=90))

    def loaded(self) -> list[Answer]:
        """All of them."""
        for image in self._images:
            image.result()
        return self.answers

    def left(self) -> list[Answer]:
        """Those that were answered before the service ended."""
        self._pool.shutdown()
        return self.answers


def sketches(answers: list[Answer]) -> list[Answer]:
    """The sketches among answers; the others say when to ask again."""
    assert {answer.status for answer in answers} <= {200, 503}
    for answer in answers:
        if answer.status == 503:
            assert (answer.error["code"], answer.headers["retry-after"]) == ("SERVICE_UNAVAILABLE", "5")
    return [answer for answer in answers if answer.status == 200]


@pytest.fixture
def place() -> Iterator[Place]:
    if NGINX is None:
        pytest.skip("nginx is not installed")
    with Place() as made:
        yield made


@pytest.mark.nginx
@pytest.mark.parametrize("where", ["direct", "nginx"])
def test_delays_nothing_else(place: Place, where: str) -> None:
    """The only thread answers others long before all sketches are drawn; the stop then ends the waits of the rest."""
    with place.service(port=0, **ONE_THREAD) as service, Nginx(place) as nginx:
        client = service.client if where == "direct" else nginx.client
        page = Page(client, [new_path() for _ in range(MANY)])
        service.wait_for(lambda: page.answers, "the first sketch")
        for path in ("/health?check=liveness", "/health", "/series", new_path().partition("?")[0]) * 4:
            assert client.ask(path, timeout=60).status == 200
        assert len(sketches(page.answers)) < MANY / 2
    drawn = sketches(page.left())
    assert {answer.headers["content-type"] for answer in drawn} == {"image/webp"}
    assert {answer.headers["x-dalle-state"] for answer in drawn} == {"idle"}
    assert len({answer.body for answer in drawn}) == len({answer.headers["x-request-id"] for answer in drawn})


def test_draws_what_many_ask_for_once_and_keeps_it(tmp_path: Path) -> None:
    path = new_path()
    with Service(tmp_path, **ONE_THREAD) as service:
        answers = sketches(Page(service.client, [new_path(), *[path] * FEW]).loaded())
        assert (len(answers), len({answer.body for answer in answers})) == (FEW + 1, 2)
    assert len([file for file in (service.data / "cache").rglob("*") if file.is_file()]) == 2
    with Service(tmp_path, **ONE_THREAD) as service:
        page = Page(service.client, [new_path() for _ in range(FEW)])
        service.wait_for(lambda: page.answers, "the first sketch")
        assert service.ask(path).body in {answer.body for answer in answers}
        assert len(sketches(page.answers)) < FEW


def test_refuses_more_than_it_has_places_for(tmp_path: Path) -> None:
    with Service(tmp_path, **ONE_THREAD) as service:
        page = Page(service.client, [new_path() for _ in range(MANY + FEW)])
        service.wait_for(lambda: len(page.answers) > len(sketches(page.answers)), "one that is refused")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT], ids=["politely", "at once"])
def test_ends_when_the_service_stops(tmp_path: Path, number: signal.Signals) -> None:
    """At once, and not with the last sketch."""
    with Service(tmp_path, **ONE_THREAD, GRACEFUL_TIMEOUT="60s") as service:
        page = Page(service.client, [new_path() for _ in range(FEW)])
        service.wait_for(lambda: page.answers, "the first sketch")
        service.send_signal(number)
        service.process.wait(60)
        drawn = sketches(page.left())
        assert 0 < len(drawn) < FEW
        if number == signal.SIGTERM:
            assert len(page.answers) == FEW
