"""Tasks: asked for until they have ended, whatever else is answered at their URLs, and never taken for refused."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BadAnswer, ContentBlocked, GenerationError, RateLimited, TaskFailed, TaskOpen
from dalle.painters.openai.answers.reading import Reading, read
from dalle.painters.openai.answers.received import Received
from dalle.painters.openai.client import Client, Refused
from dalle.painters.openai.tasks import Tasks
from tests.kit.images import photo
from tests.kit.provider import MemoryRecorder

BASE = "http://provider/v1/"
TASK, OTHER = f"{BASE}tasks/t1", f"{BASE}images/generations/t1"
PICTURE = photo()
PENDING = {"id": "t1", "status": "queued"}
LIMITED = {"error": {"code": "rate_limit_exceeded", "message": "slow down"}}


class Provider(Client):
    """Answers each URL in turn, the last answer again and again: a picture, JSON, a status, or both of these."""

    def __init__(self, **answers: list[Any]) -> None:
        super().__init__(api_key="sk-x", base_url=BASE, hosts=("provider",))
        self.answers = {BASE + place.replace("__", "/"): rows for place, rows in answers.items()}
        self.asked: list[str] = []

    def ask(self, url: str, seconds: float) -> Received:
        self.asked.append(url.removeprefix(BASE))
        rows = self.answers.get(url, [404])
        row = rows.pop(0) if len(rows) > 1 else rows[0]
        status, body = row if isinstance(row, tuple) else (row, b"{}") if isinstance(row, int) else (200, row)
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        received = Received(status, {"retry-after": "0"} if body == PENDING else {}, content, url=url)
        if status >= 400:
            raise Refused(received)
        return received

    def read(self, received: Received) -> Reading:
        return read(received, base_url=self.base_url, hosts=self.hosts)


def resumed(client: Provider, recorder: MemoryRecorder, *urls: str, seconds: float = 0.3) -> Reading:
    return Tasks(client, pause=0.01).resume(urls or (TASK, OTHER), 1, time.monotonic() + seconds, recorder)


@pytest.fixture
def recorder(tmp_path: Path) -> MemoryRecorder:
    return MemoryRecorder(tmp_path)


@pytest.mark.parametrize("status", [400, 402, 405, 410, 422, 501])
def test_goes_on_to_the_next_url_whatever_one_refuses(recorder: MemoryRecorder, status: int) -> None:
    client = Provider(tasks__t1=[(status, {"error": "no such page"})], images__generations__t1=[PENDING, PICTURE])
    assert resumed(client, recorder).data == PICTURE
    assert client.asked == ["tasks/t1", "images/generations/t1", "images/generations/t1"]


@pytest.mark.parametrize("status", [400, 402, 404, 410])
def test_leaves_a_task_open_that_no_url_knows(recorder: MemoryRecorder, status: int) -> None:
    client = Provider(tasks__t1=[status], images__generations__t1=[404])
    with pytest.raises(TaskOpen) as caught:
        resumed(client, recorder)
    assert "it answers HTTP" in caught.value.details
    assert (len(client.asked), recorder.kept) == (6, {})


def test_ends_with_a_refusal_of_the_content(recorder: MemoryRecorder) -> None:
    blocked = {"error": {"code": "moderation_blocked"}}
    with pytest.raises(ContentBlocked):
        resumed(Provider(tasks__t1=[PENDING, (400, blocked)]), recorder)
    assert Received.decode(recorder.kept[1]).status == 400


@pytest.mark.parametrize("passing", [LIMITED, b"<html>Back soon</html>", {"error": {"code": "invalid_api_key"}}])
def test_asks_again_after_an_answer_that_says_nothing_of_the_task(recorder: MemoryRecorder, passing: Any) -> None:
    assert resumed(Provider(tasks__t1=[PENDING, passing, PICTURE]), recorder).data == PICTURE


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        ({**PENDING, "status": "failed"}, TaskFailed),
        ({**PENDING, "status": "failed", **LIMITED}, RateLimited),
        ({**PENDING, "status": "completed"}, BadAnswer),
    ],
)
def test_ends_as_the_task_does(recorder: MemoryRecorder, end: Any, kind: type[GenerationError]) -> None:
    client = Provider(tasks__t1=[PENDING, end])
    with pytest.raises(kind):
        resumed(client, recorder)
    assert recorder.kept


def test_comes_back_to_the_url_that_knew_the_task(recorder: MemoryRecorder) -> None:
    """An id that belongs to the question, not to the task, leads nowhere."""
    client = Provider(
        tasks__t1=[{"id": "question1", "status": "queued"}, {"id": "question2", "status": "queued"}, PICTURE]
    )
    assert resumed(client, recorder).data == PICTURE
    assert TASK in recorder.tasks[1]
    assert len(recorder.tasks[1]) <= 6


def test_does_not_hammer_a_provider_that_names_no_pause(recorder: MemoryRecorder) -> None:
    client = Provider(tasks__t1=[PENDING])
    with pytest.raises(TaskOpen):
        resumed(client, recorder, seconds=0.2)
    assert len(client.asked) < 40
