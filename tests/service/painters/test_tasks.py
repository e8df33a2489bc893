"""Tasks of a provider: how long they are waited for, and where their results are."""

import time
from pathlib import Path

import pytest

from dalle.errors import TaskOpen
from tests.kit.provider import MemoryRecorder, order, provider, serving


def test_waits_for_no_longer_than_a_call_may_take(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    queued = {"id": "{TASK}", "object": "generation.task", "status": "queued"}
    with serving({"rules": [{"answer": {"json": queued}, "task": {"times": 10**6}}]}) as stub:
        ours = provider(tmp_path, stub.url, image_timeout=0.5)
        started = time.monotonic()
        with pytest.raises(TaskOpen):
            ours.painter.paint(order(seconds=5), recorder)
        assert time.monotonic() - started < 3
        assert recorder.tasks[1]
        assert stub.calls.summary(rows=False)["images"] == 1


def test_follows_a_task_to_where_its_result_lies(tmp_path: Path) -> None:
    queued = {"json": {"id": "{TASK}", "object": "generation.task", "status": "queued"}}
    pending = {"json": {"id": "{TASK}", "status": "in_progress"}}
    elsewhere = {"json": {"id": "{TASK}", "status": "COMPLETED", "response_url": "{ROOT}/v1/results/{TASK}"}}
    at_location = {"status": 202, "headers": {"Location": "/v1/jobs/{TASK}"}}
    for answer, task in (
        (at_location, {"forms": ["/v1/jobs/{TASK}"], "pending": pending, "times": 3}),
        (queued, {"pending": elsewhere, "forms": ["/v1/tasks/{TASK}", "/v1/results/{TASK}"]}),
    ):
        with serving({"rules": [{"answer": answer, "task": task}]}) as stub:
            assert (
                provider(tmp_path, stub.url)
                .painter.paint(order(), MemoryRecorder(tmp_path))
                .data.startswith(b"\x89PNG")
            )
            assert stub.calls.summary(rows=False)["images"] == 1
