"""Answers that say where the picture is: now or later, behind the key or not."""

from typing import Any

from tests.service.answers.gets import Downloads, Nothing, Questions
from tests.service.answers.row import (
    BLOCKED,
    NO_PICTURE,
    TRANSIENT,
    End,
    Row,
    answer,
    error,
)


def at(*statuses: int, url: str = "{URL}", **terms: Any) -> Any:
    """A URL that answers so in turn before the picture comes."""
    return answer({"data": [{"url": url}]}, rule={"urls": {"statuses": list(statuses), **terms}})


NEVER = [404] * 100

URLS = [
    Row("not-there-yet", at(404, 404), gets=Downloads((404, 404, 200))),
    Row("forbidden-at-first", at(403, 403), gets=Downloads((403, 403, 200))),
    Row("too-early-at-first", at(425, 500), gets=Downloads((425, 500, 200))),
    Row("busy-at-first", at(429, 503), gets=Downloads((429, 503, 200))),
    Row("timed-out-at-first", at(408, 401), gets=Downloads((408, 401, 200))),
    Row("behind-the-key", at(protected=True), gets=Downloads((200,), (True,))),
    Row("at-another-host", at(url="{ELSEWHERE}{PLACE}"), gets=Downloads((200,), (False,))),
    Row("behind-the-key-at-another-host", at(url="{ELSEWHERE}{PLACE}", protected=True), NO_PICTURE),
    Row("moved-to-another-host", at(moved=True), gets=Downloads((302, 200), (True, False))),
    Row("never-there", at(*NEVER), NO_PICTURE),
    Row("nowhere", at(url="ftp://127.0.0.1/a.png"), NO_PICTURE, gets=Nothing()),
]

QUEUED = {"id": "{TASK}", "object": "generation.task", "status": "queued"}
SUBMITTED = {"data": [{"status": "submitted", "task_id": "{TASK}"}]}
IN_RESULTS = {"json": {"output": {"task_status": "SUCCEEDED", "results": [{"url": "{URL}"}]}}}
FAILED = {"json": {"id": "{TASK}", "status": "failed", "error": error("moderation_blocked")["error"]}}
OPEN = End("OPENAI_TIMEOUT", pause=TRANSIENT)


def task(json: Any = None, *, course: dict[str, Any] | None = None, **fields: Any) -> Any:
    return answer(json, rule={"task": course or {}}, **fields)


TASKS = [
    Row("task-in-data", task(SUBMITTED), gets=Questions("/v1/tasks/", 2)),
    Row("task-of-an-object", task(QUEUED), gets=Questions("/v1/tasks/", 2)),
    Row(
        "task-at-a-location",
        task(status=202, headers={"Location": "/v1/jobs/{TASK}"}, course={"forms": ["/v1/jobs/{TASK}"]}),
        gets=Questions("/v1/jobs/", 2),
    ),
    Row(
        "task-among-the-generations",
        task(QUEUED, course={"forms": ["/v1/images/generations/{TASK}"]}),
        gets=Questions("/v1/images/generations/", 2),
    ),
    Row(
        "task-at-a-status-url",
        task(
            {"request_id": "{TASK}", "status": "IN_QUEUE", "status_url": "{ROOT}/queue/{TASK}"},
            course={"forms": ["/queue/{TASK}"]},
        ),
        gets=Questions("/queue/", 2),
    ),
    Row("task-that-ends-with-a-url", task(SUBMITTED, course={"ended": IN_RESULTS}), gets=Questions("/v1/tasks/", 2)),
    Row("task-that-outlasts-a-run", task(QUEUED, course={"seconds": 6}), gets=Questions("/v1/tasks/", 2)),
    Row(
        "task-that-is-blocked",
        task(QUEUED, course={"ended": FAILED}),
        End("CONTENT_BLOCKED", "refused", 3, BLOCKED),
        gets=Questions("/v1/tasks/", 6),
    ),
    Row("task-without-end", task(QUEUED, course={"times": 10**6}), OPEN, gets=Questions("/v1/tasks/", 3)),
    Row("task-that-nobody-knows", task(QUEUED, course={"forms": []}), OPEN),
]
