"""`Prefer: wait` where requests wait in their threads, as under any WSGI server but ours."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.web.waiting import PARK, PAUSE, WAITED, Wait, WaitingThreads
from dalle.errors import ContentBlocked
from tests.kit.clocks import Clock
from tests.kit.configuration import configured
from tests.kit.fakes import KEY, PaidPainter, studio
from tests.kit.images import photo
from tests.kit.waiting import wait as until

PATH = f"/dalle/{KEY}"


class Held(PaidPainter):
    """Paints when `go` is set."""

    def __init__(self, *answers: bytes | BaseException) -> None:
        super().__init__(*answers)
        self.go = threading.Event()
        self.before = self.hold

    def hold(self) -> None:
        assert self.go.wait(20)


@pytest.fixture
def painter() -> Held:
    return Held(photo())


@pytest.fixture
def app(tmp_path: Path, painter: Held) -> Iterator[Flask]:
    made = create_app(configured(tmp_path), studio(tmp_path, painter))
    yield made
    painter.go.set()
    made.extensions["dalle.studio"].stop()


class Sleeper:
    """Looks after what waits: lets the painter go once a request sleeps."""

    def __init__(self, app: Flask, painter: Held, most: int = 1) -> None:
        self.slept = 0
        self.painter = painter
        self.clock = Clock()
        self.app = app
        app.extensions["dalle.waiting"] = WaitingThreads(most, sleep=self.sleep, clock=self.clock)

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= PAUSE
        self.slept += 1
        self.clock.now += seconds
        self.painter.go.set()
        until(lambda: self.app.extensions["dalle.studio"].has_ended(KEY))


def ask(client: FlaskClient, query: str = "", prefer: str = "wait=30", **options: Any) -> TestResponse:
    return client.get(PATH + query, headers={"Prefer": prefer}, **options)


@pytest.mark.parametrize(
    ("query", "expected"), [("?generate=1", "application/json"), ("?generate", "image/png"), ("", "image/png")]
)
def test_answers_as_once_the_run_has_ended(
    client: FlaskClient, app: Flask, painter: Held, query: str, expected: str
) -> None:
    sleeper = Sleeper(app, painter)
    if not query:
        client.get(f"{PATH}?generate=1")
    answer = ask(client, query, buffered=True)
    assert (answer.status_code, answer.content_type) == (200, expected)
    assert (answer.headers["Preference-Applied"], answer.headers["Vary"]) == ("wait=30", "Prefer")
    assert (sleeper.slept, painter.calls) == (1, 1)
    if expected == "application/json":
        assert answer.json
        assert (answer.json["done"], answer.json["cacheHit"]) == (True, True)


def test_answers_with_a_small_picture(client: FlaskClient, app: Flask, painter: Held) -> None:
    Sleeper(app, painter)
    client.get(f"{PATH}?generate=1")
    answer = ask(client, "?w=64", buffered=True)
    assert (answer.content_type, answer.headers["Preference-Applied"]) == ("image/webp", "wait=30")


def test_starts_nothing_again_when_the_run_has_failed(client: FlaskClient, app: Flask, painter: Held) -> None:
    painter.answers = [ContentBlocked("no")]
    app.extensions["dalle.studio"].cancel(KEY)
    Sleeper(app, painter)
    answer = ask(client, "?generate=1")
    assert answer.json
    assert (answer.json["errorCode"], painter.calls) == ("CONTENT_BLOCKED", 1)
    assert answer.headers["Preference-Applied"] == "wait=30"
    answer = ask(client, "?generate=1")
    assert "Preference-Applied" not in answer.headers


def test_starts_nothing_again_when_the_run_was_cancelled(client: FlaskClient, app: Flask, painter: Held) -> None:
    def sleep(seconds: float) -> None:
        client.delete(PATH)

    app.extensions["dalle.waiting"] = WaitingThreads(1, sleep=sleep)
    answer = ask(client, "?generate=1")
    assert answer.json
    assert (answer.json["errorCode"], answer.headers["Preference-Applied"]) == ("CANCELLED", "wait=30")


def test_answers_with_progress_when_the_time_is_over(client: FlaskClient, app: Flask, painter: Held) -> None:
    clock = Clock()
    app.extensions["dalle.waiting"] = WaitingThreads(1, sleep=clock.sleep, clock=clock)
    began = clock.now
    answer = ask(client, "?generate=1", "wait=90")
    assert answer.json
    assert (answer.json["done"], answer.headers["Preference-Applied"]) == (False, "wait=60")
    assert clock.now - began == pytest.approx(60)


@pytest.mark.parametrize("prefer", ["wait=0", "wait=x", "respond-async", ""])
def test_does_not_wait_for_other_preferences(client: FlaskClient, app: Flask, painter: Held, prefer: str) -> None:
    sleeper = Sleeper(app, painter)
    answer = ask(client, "?generate=1", prefer)
    assert answer.json
    assert (answer.json["done"], sleeper.slept) == (False, 0)
    assert not {"Preference-Applied", "Vary"} & set(answer.headers.keys())


def test_does_not_wait_where_nothing_is_at_work_or_another_method_asks(
    client: FlaskClient, app: Flask, painter: Held
) -> None:
    sleeper = Sleeper(app, painter)
    headers = {"Prefer": "wait=30"}
    seen = [ask(client), client.delete(PATH, headers=headers)]
    client.get(f"{PATH}?generate=1")
    seen += [client.head(PATH, headers=headers), ask(client, "?remove=1"), ask(client, "?generate=1&remove=1")]
    assert sleeper.slept == 0
    assert not any("Preference-Applied" in answer.headers for answer in seen)


def test_answers_at_once_when_no_thread_may_wait(client: FlaskClient, app: Flask, painter: Held) -> None:
    sleeper = Sleeper(app, painter, most=0)
    answer = ask(client, "?generate=1")
    assert answer.json
    assert (answer.json["done"], sleeper.slept, "Preference-Applied" in answer.headers) == (False, 0, False)


@pytest.mark.parametrize(("waiters", "threads", "most"), [(64, 4, 2), (1, 4, 1), (0, 4, 0), (64, 1, 0)])
def test_lets_half_of_the_threads_wait(tmp_path: Path, waiters: int, threads: int, most: int) -> None:
    made = create_app(configured(tmp_path, WAITERS=waiters, THREADS=threads))
    waiting = made.extensions["dalle.waiting"]
    wait = Wait(KEY, 1, "", started=False, has_ended=lambda: True)
    free = 0
    while waiting._free_for_runs.acquire(blocking=False):
        free += 1
    assert (free, waiting.wait(wait)) == (most, False)


def test_leaves_one_thread_to_those_that_do_not_wait(tmp_path: Path) -> None:
    waiting = create_app(configured(tmp_path, THREADS=4)).extensions["dalle.waiting"]
    sketch, both = Future[bytes](), threading.Barrier(3)

    def has_ended() -> bool:
        both.wait(20)
        return True

    run = Wait(KEY, 1, "", started=False, has_ended=has_ended)
    runs = [threading.Thread(target=waiting.wait, args=(run,)) for _ in range(2)]
    waits = Wait(KEY, 20, "", started=False, has_ended=sketch.done, sketch=sketch)
    sketches = [threading.Thread(target=waiting.wait, args=(waits,))]
    for thread in (*runs, *sketches):
        thread.start()
    until(lambda: waiting._free._value == 0)
    assert not waiting.wait(waits)
    sketch.set_result(b"")
    sketches[0].join()
    assert waiting.wait(waits)
    both.wait(20)
    for thread in runs:
        thread.join()


def test_lets_the_only_thread_wait_for_a_sketch(tmp_path: Path) -> None:
    waiting = create_app(configured(tmp_path, THREADS=1)).extensions["dalle.waiting"]
    sketch = Future[bytes]()
    sketch.set_result(b"")
    assert waiting.wait(Wait(KEY, 1, "", started=False, has_ended=sketch.done, sketch=sketch))


def test_is_parked_by_a_server_that_can_and_asked_again(client: FlaskClient, painter: Held) -> None:
    """The protocol between application and server."""
    parked: list[Wait] = []

    def park(wait: Wait) -> bool:
        parked.append(wait)
        return True

    ask(client, "?generate=1", environ_overrides={PARK: park, "HTTP_X_REQUEST_ID": "deadbeef"})
    [wait] = parked
    assert (wait.key, wait.seconds, wait.request_id, wait.has_ended()) == (KEY, 30, "deadbeef", False)
    painter.go.set()
    until(wait.has_ended)
    over = Wait(KEY, 30, "deadbeef", started=True, has_ended=wait.has_ended, is_heeded=True)
    answer = ask(client, "?generate=1", environ_overrides={WAITED: over})
    assert answer.json
    assert (answer.json["done"], answer.headers["Preference-Applied"]) == (True, "wait=30")
    unheeded = ask(client, "?generate=1", environ_overrides={WAITED: wait})
    assert "Preference-Applied" not in unheeded.headers


def test_is_counted_and_logged_once(client: FlaskClient, app: Flask, painter: Held) -> None:
    park: Callable[[Wait], bool] = lambda wait: True  # noqa: E731
    series = 'dalleserver_requests_total{endpoint="images.show",method="GET",status="200"}'
    ask(client, "?generate=1", environ_overrides={PARK: park})
    assert series not in client.get("/metrics").text
    ask(client, "?generate=1", environ_overrides={PARK: lambda wait: False})
    assert f"{series} 1.0" in client.get("/metrics").text
