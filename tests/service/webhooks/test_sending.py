"""One request to a receiver on loopback: what counts as taken, and what does not."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest

from dalle.webhooks.sending import LONGEST, Answer, post, seconds_in
from tests.kit.ports import free_port

LONG = 30.0  # seconds, for what does not end by its time limit


@contextmanager
def listening(*pieces: bytes, endless: bytes | None = None) -> Iterator[tuple[str, list[bytes]]]:
    """A receiver that answers one request with these bytes, and then goes on with `endless` until it is over."""
    requests: list[bytes] = []
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                stream, _ = server.accept()
                with stream:
                    request = b""
                    while not request.endswith(b"}") and (piece := stream.recv(65_536)):
                        request += piece
                        if request.startswith(b"\x16"):  # of TLS
                            break
                    requests.append(request)
                    for piece in pieces:
                        stream.sendall(piece)
                    while endless is not None and not over.is_set():
                        stream.sendall(endless)
                        time.sleep(0.01)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", requests
    over.set()
    thread.join(LONG)


def answered(*pieces: bytes) -> Answer:
    with listening(*pieces) as (url, _):
        return post(url, b"{}", {}, LONG)


def test_sends_the_body_and_no_more_than_it_has_to() -> None:
    with listening(b"HTTP/1.1 204 No Content\r\n\r\n") as (url, requests):
        answer = post(f"{url}/in?token=a%20b&c", b'{"a":1}', {"webhook-id": "msg_1"}, LONG)
    assert (answer, answer.is_good) == (Answer(204, "No Content"), True)
    head, _, body = requests[0].partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    assert (first, body) == ("POST /in?token=a%20b&c HTTP/1.1", b'{"a":1}')
    assert headers == {
        "host": url.removeprefix("http://"),
        "webhook-id": "msg_1",
        "content-length": "7",
        "connection": "close",
        "accept-encoding": "identity",
    }


@pytest.mark.parametrize(
    ("status", "good"),
    [(200, True), (202, True), (299, True), (301, False), (302, False), (307, False), (400, False), (500, False)],
)
def test_takes_2xx_for_delivered_and_follows_no_redirect(status: int, good: bool) -> None:
    port = free_port()  # where nothing listens: what is followed fails otherwise
    head = f"HTTP/1.1 {status} x\r\nLocation: http://127.0.0.1:{port}/\r\nContent-Length: 0\r\n\r\n"
    answer = answered(head.encode())
    assert (answer.status, answer.is_good) == (status, good)


def test_waits_for_no_body() -> None:
    assert answered(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x").is_good


def test_heeds_retry_after() -> None:
    assert answered(b"HTTP/1.1 503 x\r\nRetry-After: 120\r\n\r\n") == Answer(503, "Service Unavailable", 120)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *(("0", 0), ("90", 90), ("9" * 30, LONGEST), ("", None), ("soon", None), ("-5", None), ("1.5", None)),
        ("Thu, 01 Jan 2026 00:02:00 GMT", 120),
        ("Thu, 01 Jan 2026 00:02:00 -0000", 120),
        ("Wed, 31 Dec 2025 00:00:00 GMT", 0),
        ("Thu, 01 Jan 2099 00:00:00 GMT", LONGEST),
        ("Thu, 01 Jan 2026 99:99:99 GMT", None),
    ],
)
def test_reads_seconds_and_moments(text: str, seconds: float | None) -> None:
    assert seconds_in(text, lambda: datetime(2026, 1, 1, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("pieces", "reason"),
    [
        ((), "Remote end closed connection"),
        ((b"SSH-2.0-OpenSSH_9.2\r\n",), "it does not answer in HTTP"),
        ((b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000,), "it does not answer in HTTP"),
    ],
)
def test_says_why_no_answer_came(pieces: tuple[bytes, ...], reason: str) -> None:
    answer = answered(*pieces)
    assert (answer.status, answer.is_good) == (0, False)
    assert reason in answer.shown or "reset" in answer.shown


def test_says_that_a_connection_is_refused() -> None:
    assert post(f"http://127.0.0.1:{free_port()}", b"", {}, LONG) == Answer(reason="Connection refused")
    assert post("http://name.invalid", b"", {}, LONG).reason == "its name cannot be resolved"


@pytest.mark.parametrize(
    ("head", "endless"),
    [(b"", b""), (b"HTTP/1.1 200 OK\r\nX: ", b"y"), (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")],
    ids=["silence", "a header without an end", "headers without an end"],
)
def test_ends_an_attempt_that_takes_too_long_even_while_bytes_arrive(head: bytes, endless: bytes) -> None:
    with listening(head, endless=endless) as (url, _):
        assert post(url, b"{}", {}, 0.3) == Answer(reason="no answer within 0.3 s")


def test_verifies_that_the_other_side_speaks_tls() -> None:
    with listening(b"HTTP/1.1 200 OK\r\n\r\n") as (url, _):
        answer = post(url.replace("http:", "https:"), b"{}", {}, LONG)
    assert answer.status == 0
    assert answer.reason.startswith("TLS failed: ")
