"""Answers that promise a picture: where it is asked for, and what becomes of it."""

from typing import Any

import pytest

from dalle.errors import ContentBlocked, GenerationError, TaskFailed
from dalle.painters.openai.answers import Received, read
from tests.unit.painters.answers.shapes import B64, BASE, GENERATIONS, IMAGE, TASKS, event, received

BOTH = (TASKS, GENERATIONS)
STATUS, RESULT = "https://queue.example.com/requests/t1/status", "https://queue.example.com/requests/t1"
FAL = {"status_url": STATUS, "response_url": RESULT, "cancel_url": f"{RESULT}/cancel"}

OPEN: dict[str, tuple[Received, tuple[str, ...]]] = {
    "in data": (received({"data": [{"status": "submitted", "task_id": "t1"}]}), BOTH),
    "object": (received({"id": "t1", "object": "generation.task", "status": "queued"}), BOTH),
    "location": (received(b"", 202, location="/v1/tasks/t1"), (TASKS,)),
    "location, empty object": (received({}, 202, location="/v1/tasks/t1"), (TASKS,)),
    "location, absolute": (received(b"", 202, location=STATUS), (STATUS,)),
    "location, relative": (received(b"", 202, location="../tasks/t1"), (TASKS,)),
    "location in a 200": (received(b"", 200, location="/v1/tasks/t1"), (TASKS,)),
    "location in a 201": (received({"message": "created"}, 201, location="/v1/tasks/t1"), (TASKS,)),
    "location in a 303": (received(b"", 303, location="/v1/tasks/t1"), (TASKS,)),
    "location and id": (received({"id": "t1", "status": "queued"}, 202, location=STATUS), (STATUS, *BOTH)),
    "operation-location": (received({"id": "x", "status": "notRunned"}, 202, operation_location=STATUS), (STATUS,)),
    "202 with an id": (received({"id": "t1"}, 202), BOTH),
    "200 with an id alone": (received({"id": "t1"}), BOTH),
    "task_id alone": (received({"task_id": "t1"}), BOTH),
    "number": (received({"task_id": 42, "status": "pending"}), (f"{BASE}/tasks/42", f"{BASE}/images/generations/42")),
    "odd id": (
        received({"task_id": "a/b?c", "status": "pending"}),
        (f"{BASE}/tasks/a%2Fb%3Fc", f"{BASE}/images/generations/a%2Fb%3Fc"),
    ),
    "dashscope": (received({"output": {"task_status": "PENDING", "task_id": "t1"}, "request_id": "r"}), BOTH),
    "kling": (received({"code": 0, "message": "SUCCEED", "data": {"task_id": "t1", "task_status": "submitted"}}), BOTH),
    "wrapper says success": (received({"status": "success", "data": {"id": "t1", "status": "processing"}}), BOTH),
    "replicate": (
        received({"id": "t1", "status": "starting", "output": None, "urls": {"get": RESULT, "cancel": f"{RESULT}/c"}}),
        (RESULT, *BOTH),
    ),
    "bfl": (received({"id": "t1", "polling_url": f"{STATUS}?id=t1"}), (f"{STATUS}?id=t1", *BOTH)),
    "fal": (received({"request_id": "t1", "status": "IN_QUEUE", **FAL}), (STATUS, RESULT, *BOTH)),
    "fal, in progress": (
        received({"request_id": "t1", "status": "IN_PROGRESS", "logs": [], **FAL}),
        (STATUS, RESULT, *BOTH),
    ),
    "fal, completed": (received({"request_id": "t1", "status": "COMPLETED", **FAL}, url=STATUS), (RESULT,)),
    "a picture to come": (received({"status": "processing", "id": "t1", "url": STATUS, "output": [STATUS]}), BOTH),
    "eta and fetch_result": (
        received({"status": "processing", "id": "t1", "eta": 5, "fetch_result": STATUS, "output": []}),
        (STATUS, *BOTH),
    ),
    "with null error": (received({"id": "t1", "status": "queued", "error": None, "result": None}), BOTH),
    "with an error too": (
        received({"id": "t1", "status": "queued", "error": {"message": "retrying: rate limit"}}),
        BOTH,
    ),
    "response": (
        received({"id": "t1", "object": "response", "status": "in_progress", "output": []}),
        (f"{BASE}/responses/t1", *BOTH),
    ),
    "done: false": (received({"id": "t1", "done": False}), BOTH),
    "links": (received({"id": "t1", "status": "queued", "links": {"self": {"href": STATUS}}}), (STATUS, *BOTH)),
    "relative url": (received({"id": "t1", "status": "queued", "status_url": "/v1/tasks/t1"}), BOTH),
    "request_id alone": (received({"request_id": "t1"}), BOTH),
    "throttled": (received({"id": "t1", "status": "THROTTLED"}), BOTH),
    "no error yet": (
        received({"data": {"task_id": "t1", "status": "pending", "output": {"image_url": ""}, "error": {"code": 0}}}),
        BOTH,
    ),
    "in a stream": (received(event({"status": "queued", "task_id": "t1"})), BOTH),
    "later in a stream": (received(event({"type": "x"}) + event({"status": "processing", "task_id": "t1"})), BOTH),
}


@pytest.mark.parametrize("name", OPEN)
def test_says_where_to_ask(name: str) -> None:
    answer, places = OPEN[name]
    reading = read(answer, base_url=BASE)
    expected = tuple(place.replace("/t1", "/x") for place in BOTH) if name == "operation-location" else ()
    assert (reading.task, reading.data, reading.urls) == (places + expected, b"", ())


def test_puts_the_path_before_the_query_of_the_base_url() -> None:
    base = "https://host/openai/deployments/x?api-version=2025-04-01-preview"
    answer = received({"task_id": "t1"}, url="")
    assert (
        read(answer, base_url=base).task[0]
        == "https://host/openai/deployments/x/tasks/t1?api-version=2025-04-01-preview"
    )


def test_passes_on_the_pause_between_two_questions() -> None:
    answer = received({"task_id": "t1", "status": "queued"}, 202, retry_after="3", x_request_id="req_1")
    reading = read(answer, base_url=BASE)
    assert (reading.retry_after, reading.ids) == (3, {"x-request-id": "req_1"})


@pytest.mark.parametrize(
    "body",
    [
        {"id": "chatcmpl-1", "object": "chat.completion", "choices": [{"message": {"content": "No."}}]},
        {"id": "i1", "data": []},
        {"created": 1, "data": [], "user": {"id": "u1"}},
        {"task_id": "t1", "status": "completed", "results": []},
        {"status": "processing"},
        {"id": "...", "status": "queued"},
    ],
)
def test_takes_no_other_answer_for_a_task(body: Any) -> None:
    with pytest.raises(GenerationError) as raised:
        read(received(body), base_url=BASE)
    assert (raised.value.code, raised.value.billed) == ("IMAGE_DOWNLOAD_ERROR", "yes")


@pytest.mark.parametrize("status", ["completed", "succeeded", "SUCCESS", "Ready", "done", "TASK_STATUS_SUCCEED"])
@pytest.mark.parametrize("name", ["output", "result", "results", "images", "data"])
def test_reads_the_picture_of_a_finished_task(status: str, name: str) -> None:
    assert read(received({"id": "t1", "status": status, name: [{"b64_json": B64}]})).data == IMAGE
    assert read(received({"data": {"task_id": "t1", "task_status": status, name: {"image": B64}}})).data == IMAGE


FAILED: list[tuple[Any, type[GenerationError], str]] = [
    ({"id": "t1", "status": "failed"}, TaskFailed, "unknown"),
    ({"id": "t1", "status": "FAILED", "error": {"message": "out of memory"}}, TaskFailed, "unknown"),
    ({"id": "t1", "status": "failed", "error": {"code": "server_error"}}, TaskFailed, "unknown"),
    ({"id": "t1", "status": "canceled"}, TaskFailed, "unknown"),
    ({"id": "t1", "status": "expired", "url": "https://example.com/a.png"}, TaskFailed, "unknown"),
    ({"output": {"task_status": "FAILED", "task_id": "t1", "message": "worker lost"}}, TaskFailed, "unknown"),
    ({"id": "t1", "status": "failed", "error": "NSFW content detected. Try another prompt."}, ContentBlocked, "no"),
    ({"id": "t1", "status": "Request Moderated", "result": None}, ContentBlocked, "no"),
    ({"id": "t1", "status": "Content Moderated", "result": None}, ContentBlocked, "no"),
    ({"output": {"task_status": "FAILED", "task_id": "t1", "code": "DataInspectionFailed"}}, ContentBlocked, "no"),
    (
        {"id": "t1", "status": "failed", "error": {"code": "moderation_blocked"}, "usage": {"total_tokens": 9}},
        ContentBlocked,
        "yes",
    ),
]


@pytest.mark.parametrize(("body", "kind", "billed"), FAILED)
def test_says_that_a_task_has_failed(body: Any, kind: type[GenerationError], billed: str) -> None:
    with pytest.raises(kind) as raised:
        read(received(body, url=TASKS), base_url=BASE)
    assert (type(raised.value), raised.value.billed) == (kind, billed)
    assert raised.value.trips == (kind is TaskFailed)


def test_never_asks_the_place_that_has_just_answered_for_a_result() -> None:
    answer = received({"status": "COMPLETED", "request_id": "t1", "response_url": RESULT}, url=RESULT)
    with pytest.raises(GenerationError, match="neither a picture"):
        read(answer, base_url=BASE)
