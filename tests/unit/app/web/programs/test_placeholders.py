"""`?placeholder=1`: the picture or a sketch, and what it says about itself."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.web.waiting import PARK, WAITED, Wait
from dalle.errors import ContentBlocked
from dalle.key import Key
from dalle.sketches.drawings import Drawings
from tests.kit.application import application
from tests.kit.fakes import PaidPainter, studio
from tests.kit.folders import put
from tests.kit.images import png, reopened
from tests.kit.waiting import wait

NAME = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
PICTURE = f"/dalle/simple/{NAME}"
SHOWN = f"{PICTURE}?placeholder=1"


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of an application that starts no run."""
    made = application(tmp_path, studio(tmp_path, jobs=0))
    yield made.test_client()
    made.extensions["dalle.studio"].stop()


def get(client: FlaskClient, path: str = SHOWN, **headers: str) -> TestResponse:
    answer = client.get(path, buffered=True, headers=headers)
    assert answer.status_code == 200
    return answer


def sketched(client: FlaskClient, path: str = SHOWN, **headers: str) -> str:
    """The state of a key for which a sketch is shown."""
    answer = get(client, path, **headers)
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("image/webp", "no-store")
    assert "ETag" not in answer.headers
    assert reopened(answer.data).format == "WEBP"
    return answer.headers["X-Dalle-State"]


def ok(answer: TestResponse) -> bytes:
    """The body of a 200, else nothing."""
    return answer.data if answer.status_code == 200 else b""


def runs(client: FlaskClient) -> int:
    count: int = client.get("/runs").get_json()["data"]["count"]
    return count


def test_shows_a_sketch_and_starts_nothing(waiting: FlaskClient) -> None:
    assert sketched(waiting) == "idle"
    assert reopened(get(waiting).data).width == 512
    assert (runs(waiting), waiting.get(PICTURE).get_json()["data"]) == (0, {})


def test_shows_the_picture_once_it_is_there(client: FlaskClient, tmp_path: Path) -> None:
    sketch = get(client).data
    put(tmp_path, "simple", NAME, content=png(size=(600, 700)))
    plain, answer = get(client, PICTURE), get(client)
    assert (answer.content_type, answer.headers["X-Dalle-State"]) == ("image/png", "done")
    assert answer.data == plain.data != sketch
    for name in ("ETag", "Cache-Control", "Last-Modified"):
        assert answer.headers[name] == plain.headers[name]
    tag = answer.headers["ETag"]
    assert client.get(SHOWN, headers={"If-None-Match": tag}).status_code == 304
    assert "X-Dalle-State" not in plain.headers


def test_starts_the_run_beside_generate(waiting: FlaskClient) -> None:
    for query in ("generate=1&placeholder=1", "placeholder=1&generate=1", "placeholder=1&generate"):
        assert sketched(waiting, f"{PICTURE}?{query}") == "working"
    assert sketched(waiting) == "working"
    assert runs(waiting) == 1


def test_starts_nothing_where_generate_would_not(waiting: FlaskClient, tmp_path: Path) -> None:
    path = f"{PICTURE}?placeholder=1&generate=1"
    assert sketched(waiting, path, Sec_Purpose="prefetch") == "idle"
    head = waiting.head(path)
    assert (head.status_code, head.data, head.headers["X-Dalle-State"]) == (200, b"", "idle")
    assert head.headers["Content-Length"] == str(len(get(waiting).data))
    assert sketched(waiting, f"{PICTURE}?placeholder=1&generate=0") == "idle"
    assert sketched(application(tmp_path, READ_ONLY=1).test_client(), path) == "idle"
    assert runs(waiting) == 0


def test_does_not_wait(waiting: FlaskClient) -> None:
    answer = get(waiting, f"{PICTURE}?placeholder=1&generate=1", Prefer="wait=60")
    assert (answer.headers["X-Dalle-State"], "Preference-Applied" in answer.headers) == ("working", False)


def test_says_that_a_run_failed_or_was_cancelled(tmp_path: Path, waiting: FlaskClient) -> None:
    waiting.get(f"{PICTURE}?generate=1")
    waiting.delete(PICTURE)
    assert sketched(waiting) == "idle"
    made = application(tmp_path / "failing", studio(tmp_path / "failing", PaidPainter(ContentBlocked())))
    client = made.test_client()
    client.get(f"{PICTURE}?generate=1")
    wait(lambda: client.get(PICTURE).get_json().get("done"))
    assert sketched(client) == sketched(client, f"{PICTURE}?placeholder=1&generate=1") == "failed"
    made.extensions["dalle.studio"].stop()


def test_shows_the_picture_beside_generate_without_making_it_again(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME)
    answer = get(client, f"{PICTURE}?placeholder=1&generate=1&w=64")
    assert (answer.content_type, answer.headers["X-Dalle-State"]) == ("image/webp", "done")
    assert runs(client) == 0


def test_loses_against_remove(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME)
    answer = client.get(f"{PICTURE}?placeholder=1&remove=1&generate=1")
    assert (answer.mimetype, "X-Dalle-State" in answer.headers) == ("text/plain", False)
    assert sketched(client) == "idle"


@pytest.mark.parametrize("width", [64, 128, 256, 512])
def test_has_the_width_that_is_asked_for(client: FlaskClient, tmp_path: Path, width: int) -> None:
    path = f"{PICTURE}?w={width}&placeholder=1"
    assert reopened(get(client, path).data).width == width
    put(tmp_path, "simple", NAME, content=png(size=(600, 700)))
    answer = get(client, path)
    assert (reopened(answer.data).width, answer.headers["X-Dalle-State"]) == (width, "done")


def test_refuses_other_widths(client: FlaskClient, tmp_path: Path) -> None:
    for _ in range(2):
        answer = client.get(f"{SHOWN}&w=65", buffered=True)
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "INVALID_REQUEST")
        put(tmp_path, "simple", NAME)


def test_is_only_meant_by_1(client: FlaskClient) -> None:
    for query in ("placeholder", "placeholder=", "placeholder=0", "placeholder=true"):
        assert client.get(f"{PICTURE}?{query}").get_json()["data"] == {}
    assert client.get(f"{PICTURE}.png?placeholder=1").status_code == 404
    assert client.get(f"/dalle/nosuch/{NAME}?placeholder=1").get_json()["error"]["code"] == "INVALID_SERIES"


def test_is_another_sketch_for_another_series_or_address(client: FlaskClient) -> None:
    paths = (SHOWN, SHOWN.replace("simple", "empty"), SHOWN.replace("0x5a", "0x5b"))
    assert len({get(client, path).data for path in paths}) == 3
    assert get(client).data == get(client).data


def test_follows_a_series_that_changes(client: FlaskClient, tmp_path: Path) -> None:
    folder = tmp_path / "series"
    folder.mkdir(exist_ok=True)
    path = f"/dalle/mine/{NAME}?placeholder=1"
    shown = []
    for noun in ("otter", "newt"):
        part = folder / "mine.part"
        part.write_text(f'{{"suffix": "mine", "nouns": ["{noun}"]}}', encoding="utf-8")
        part.replace(folder / "mine.json")
        shown.append(wait(lambda: ok(client.get(path)), "the series"))
    assert wait(lambda: client.get(path).data != shown[0], "the change")


def test_writes_nothing(client: FlaskClient, tmp_path: Path) -> None:
    get(client)
    assert [path for path in (tmp_path / "output").rglob("*") if path.is_file()] == []


class Held:
    """Holds the thread that draws."""

    def __init__(self, client: FlaskClient) -> None:
        self.free = threading.Event()
        self.drawings: Drawings = client.application.extensions["dalle.studio"].sketches._drawings
        self.drawings.add("held", self.hold)

    def hold(self) -> bytes:
        assert self.free.wait(30)
        return b""


@pytest.fixture
def held(client: FlaskClient) -> Iterator[Held]:
    made = Held(client)
    yield made
    made.free.set()


def test_is_refused_while_too_many_threads_wait(client: FlaskClient, held: Held) -> None:
    """Under a server that parks no connections: three of four threads."""
    answers: list[TestResponse] = []
    ask = partial(client.application.test_client().get, buffered=True)
    paths = [f"{SHOWN}&w={width}" for width in (64, 128, 256)]
    threads = [threading.Thread(target=lambda path=path: answers.append(ask(path))) for path in paths]
    for thread in threads:
        thread.start()
    wait(lambda: len(held.drawings._drawings) == 4)
    answer = client.get(SHOWN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json()["error"]["code"] == "SERVICE_UNAVAILABLE"
    assert "X-Dalle-State" not in answer.headers
    assert client.get(PICTURE).get_json()["data"] == {}
    held.free.set()
    for thread in threads:
        thread.join()
    assert sorted(reopened(answer.data).width for answer in answers) == [64, 128, 256]
    assert sketched(client) == "idle"


def test_shows_what_is_kept_while_others_wait(client: FlaskClient) -> None:
    kept = get(client, f"{SHOWN}&w=64").data
    held = Held(client)
    assert get(client, f"{SHOWN}&w=64").data == kept
    held.free.set()


def test_is_parked_by_a_server_that_can_and_asked_again(waiting: FlaskClient) -> None:
    """The protocol between application and server."""
    held, parked = Held(waiting), list[Wait]()

    def park(wait: Wait) -> bool:
        parked.append(wait)
        return True

    path = f"{SHOWN}&generate=1&w=64"
    waiting.get(path, environ_overrides={PARK: park, "HTTP_X_REQUEST_ID": "deadbeef"})
    [each] = parked
    assert each.sketch
    assert (str(each.key), each.request_id) == (PICTURE.removeprefix("/dalle/"), "deadbeef")
    assert (each.has_ended(), runs(waiting)) == (False, 1)
    waiting.delete(PICTURE)
    held.free.set()
    assert wait(each.has_ended)
    answer = waiting.get(path, environ_overrides={WAITED: replace(each, is_heeded=True)})
    assert (answer.data, answer.headers["X-Dalle-State"]) == (each.sketch.result(), "idle")
    assert "Preference-Applied" not in answer.headers
    assert runs(waiting) == 0


@pytest.mark.parametrize("park", [lambda wait: False, None], ids=["no place", "time over"])
def test_is_refused_where_it_cannot_wait(client: FlaskClient, held: Held, park: Callable[[Wait], bool] | None) -> None:
    sketch = client.application.extensions["dalle.studio"].sketch(Key("simple", NAME), 512)
    over = Wait(Key("simple", NAME), 25, "", started=False, has_ended=lambda: False, sketch=sketch)
    answer = client.get(SHOWN, environ_overrides={PARK: park} if park else {WAITED: over})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    if not park:
        assert sketch.cancelled()


def test_shows_the_picture_that_came_while_it_waited(client: FlaskClient, held: Held, tmp_path: Path) -> None:
    sketch = client.application.extensions["dalle.studio"].sketch(Key("simple", NAME), 512)
    over = Wait(Key("simple", NAME), 25, "", started=True, has_ended=lambda: False, sketch=sketch)
    put(tmp_path, "simple", NAME)
    answer = client.get(SHOWN, environ_overrides={WAITED: over}, buffered=True)
    assert (answer.content_type, answer.headers["X-Dalle-State"]) == ("image/png", "done")


def test_is_the_same_after_a_restart_without_being_drawn(client: FlaskClient, tmp_path: Path) -> None:
    before = get(client).data
    other = application(tmp_path).test_client()
    held = Held(other)
    assert get(other).data == before
    held.free.set()
