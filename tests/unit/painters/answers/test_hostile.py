"""Bodies that mean harm: whatever comes, `read` returns or raises GenerationError, after a bounded number of steps."""

import json
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalle.errors import GenerationError
from dalle.painters.openai.answers import Received, read
from dalle.painters.openai.answers.fields import table
from tests.unit.painters.answers.shapes import B64, BASE, PICTURE, URI, event, received

NAMES = table(
    "data url urls b64_json image images output result error errors code message status state task_id id type detail "
    "choices content text usage finish_reason candidates inlineData status_url location done blocked input"
)
KEYS = st.sampled_from([*sorted(NAMES), "\ud800"])
WORDS = st.sampled_from(
    [
        "",
        B64,
        B64[:77],
        URI,
        PICTURE,
        "queued",
        "failed",
        "completed",
        "t1",
        "{",
        '{"a": 1}',
        "[[",
        "429",
        "\ud800",
        "http://[",
        "data:,",
        "![",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
STATUSES = st.sampled_from([200, 201, 202, 204, 303, 302, 400, 403, 404, 429, 500, 503])
HEADERS = st.dictionaries(
    st.sampled_from(["location", "content-encoding", "retry-after", "content-type", "x-request-id"]),
    st.sampled_from(["", "gzip", "br", "zstd", "deflate", "7", "/v1/tasks/1", "http://[", "\ud800"])
    | st.text(max_size=20),
)


def check(answer: Received) -> None:
    """One of data, urls and task is set, or a GenerationError says why not."""
    try:
        reading = read(answer, base_url=BASE)
    except GenerationError:
        return
    assert [bool(reading.data), bool(reading.urls), bool(reading.task)].count(True) == 1
    for url in (*reading.urls, *reading.task):
        url.encode("ascii" if url.isascii() else "utf-8")
        assert url.startswith(("http://", "https://"))


def bodies(values: Any) -> bytes:
    return json.dumps(values).encode()


@given(VALUES, STATUSES, HEADERS, st.booleans(), st.integers(0, 60))
@settings(max_examples=80, deadline=None)
def test_survives_any_json(values: Any, status: int, headers: Any, whole: bool, cut: int) -> None:
    body = bodies(values)
    check(
        Received(status, headers, body[: len(body) - cut if not whole else None], whole, f"{BASE}/images/generations")
    )


@given(st.lists(VALUES, max_size=4), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(0, 30))
@settings(max_examples=80, deadline=None)
def test_survives_any_stream(values: list[Any], end: str, cut: int) -> None:
    body = "".join(event(bodies(value).decode(), "x.partial") for value in values).replace("\n", end)
    check(received(body[: len(body) - cut]))


@given(
    st.binary(max_size=300),
    STATUSES,
    HEADERS,
    st.sampled_from([b"", b"{", b"[", b"data:", b"\xff\xfe", b"\x89PNG\r\n\x1a\n"]),
)
@settings(max_examples=80, deadline=None)
def test_survives_any_bytes(data: bytes, status: int, headers: Any, start: bytes) -> None:
    check(Received(status, headers, start + data))


def steps(body: bytes) -> int:
    """How many lines and calls of our own reading a body takes: time that does not depend on the machine."""
    count = 0

    def trace(frame: Any, happening: str, _: Any) -> Any:
        nonlocal count
        count += 1
        return trace if "painters/openai" in frame.f_code.co_filename else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        check(Received(200, {}, body))
        check(Received(400, {}, body))
    finally:
        sys.settrace(before)
    return count


HOSTILE: dict[str, Callable[[int], bytes]] = {
    "deep lists": lambda size: b"[" * size,
    "deep lists, closed": lambda size: b"[" * (size // 2) + b"]" * (size // 2),
    "deep objects": lambda size: b'{"data":' * (size // 8),
    "many objects": lambda size: bodies([{"url": ""}] * (size // 11)),
    "many values in a row": lambda size: b"{}" * (size // 2),
    "many keys": lambda size: bodies({f"image{number}": "" for number in range(size // 14)}),
    "long key": lambda size: bodies({"a" * size: "b"}),
    "long base64": lambda size: bodies({"data": [{"b64_json": "A" * size}]}),
    "long base64 of no alphabet": lambda size: bodies({"data": [{"b64_json": "A" * size + "!"}]}),
    "long base64, not ended": lambda size: b'{"data": [{"b64_json": "' + b"A" * size,
    "long text": lambda size: b"A" * size,
    "long message": lambda size: bodies({"error": {"message": "model " * (size // 6)}}),
    "many errors": lambda size: bodies({"errors": [{"code": "x"}] * (size // 14)}),
    "opening brackets of pictures": lambda size: bodies({"content": "![" * (size // 2)}),
    "empty tags": lambda size: bodies({"content": "<img " * (size // 5)}),
    "quotes": lambda size: b'"' * size,
    "backslashes": lambda size: b'{"a": "' + b"\\" * size,
    "escapes": lambda size: b'{"a": "' + b'\\"' * (size // 2),
    "line feeds": lambda size: b"data: x\n" + b"\n" * size,
    "many events": lambda size: b"data: {}\n\n" * (size // 10),
    "one long event": lambda size: b"data: [\n" * (size // 8),
    "json in json": lambda size: bodies({"a": bodies({"a": bodies({"a": "[" * size}).decode()}).decode()}),
    "white space": lambda size: b" " * size,
    "numbers": lambda size: bodies([7] * (size // 3)),
    "long number": lambda size: b'{"code": ' + b"7" * size,
    "queued": lambda size: bodies([{"status": "queued"}] * (size // 20)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_takes_steps_in_proportion_to_the_body_at_the_most(name: str) -> None:
    make = HOSTILE[name]
    small, large = steps(make(8_000)), steps(make(32_000))
    assert large < 5 * small + 5000


@pytest.mark.parametrize("name", HOSTILE)
def test_reads_a_large_body_in_bounded_steps(name: str) -> None:
    body = HOSTILE[name](600_000)
    check(Received(200, {}, body))
    check(Received(403, {}, body))
