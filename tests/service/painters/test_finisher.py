"""The finisher: what was paid for is had from the kept answer, from its task or from its URL, and costs nothing."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BadAnswer, DownloadFailed
from dalle.painters.openai.answers.received import Received
from tests.kit.fakes import attempt
from tests.kit.provider import MemoryRecorder, fetched, provider, serving
from tests.kit.waiting import PATIENCE


def kept(value: Any) -> bytes:
    return Received(200, {}, json.dumps(value).encode()).encode()


@pytest.mark.parametrize("answer", [kept({"id": "t1", "status": "queued"}), kept({"strange": 1}), b"damaged", None])
def test_asks_for_a_task_whatever_was_kept(tmp_path: Path, answer: bytes | None) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url)
        task = attempt(task=[f"{stub.root}/pictures/64x64"])
        found = ours.finisher.resume(task, answer, time.monotonic() + PATIENCE, MemoryRecorder(tmp_path))
        assert found.data.startswith(b"\x89PNG")


def test_counts_what_a_kept_answer_without_a_picture_cost(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with pytest.raises(BadAnswer) as caught:
        provider(tmp_path, "http://127.0.0.1:1/v1").finisher.resume(attempt(), kept({"strange": 1}), 0, recorder)
    assert caught.value.cost == 0.25
    assert recorder.rows == [("failed", 1, "IMAGE_DOWNLOAD_ERROR", "yes")]


def test_stops_buying_pictures_that_are_unusable_at_their_urls(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url)
        for _ in range(4):
            fetched(ours, tmp_path, f"{stub.root}/pictures/32x32")
        assert ours.limits.breaker.read()["failures"] == 4
        fetched(ours, tmp_path, f"{stub.root}/pictures/32x32", bought=False)
        assert ours.limits.breaker.read()["failures"] == 4
        fetched(ours, tmp_path, f"{stub.root}/pictures/64x64")
        assert ours.limits.breaker.read()["failures"] == 0


def test_takes_no_error_at_a_url_for_one_of_the_call(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url)
        page = {"text": "<html>sign in</html>", "headers": {"Content-Type": "text/html"}}
        stub.script.load([{"answer": page, "path": "models"}])
        with pytest.raises(DownloadFailed, match="no picture at its URL"):
            fetched(ours, tmp_path, f"{stub.url}/models")
