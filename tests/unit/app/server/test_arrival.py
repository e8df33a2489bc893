"""Any splitting of the bytes of a connection gives the requests that gunicorn's parser finds in all of them."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.body import LengthReader
from gunicorn.http.errors import LimitRequestHeaders, NoMoreData, ParseException
from gunicorn.http.parser import RequestParser
from hypothesis import given, settings
from hypothesis import strategies as st

from app.server.arrival import LARGEST_HEAD, Arrival, BodyTooLarge, Ended
from app.server.refusals import REFUSALS
from app.web import bodies

PEER = ("192.0.2.1", 40000)
LARGEST = bodies.LARGEST
PLAIN = b"GET /series HTTP/1.1\r\nHost: x\r\n\r\n"
FORM = b"POST /preview/make HTTP/1.1\r\nHost: x\r\n"
CHUNKED = FORM + b"Transfer-Encoding: chunked\r\n\r\n"
SHAPES = {
    "plain": PLAIN,
    "pipelined": PLAIN * 3,
    "with a body": FORM + b"Content-Length: 5\r\n\r\nhello" + PLAIN,
    "with an empty body": FORM + b"Content-Length: 0\r\n\r\n" + PLAIN,
    "in chunks": CHUNKED + b"3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n" + PLAIN,
    "in chunks with trailers": CHUNKED + b"A\r\n0123456789\r\n0\r\nX: 1\r\nY: 2\r\n\r\n" + PLAIN,
    "chunks that hold the end of chunks": CHUNKED + b"7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n" + PLAIN,
    "an empty line before": b"\r\n" + PLAIN,
    "two empty lines before": b"\r\n\r\n" + PLAIN,
    "old": b"GET / HTTP/1.0\r\n\r\n",
    "of a version to come": b"GET / HTTP/1.2\r\nHost: x\r\n\r\n",
    "half a head": PLAIN + PLAIN[:-3],
    "half a body": FORM + b"Content-Length: 9\r\n\r\nhello",
    "half a chunk": CHUNKED + b"9\r\nhello",
    "two lengths": FORM + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello" + PLAIN,
    "two equal lengths": FORM + b"Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello" + PLAIN,
    "a length with a sign": FORM + b"Content-Length: +5\r\n\r\nhello" + PLAIN,
    "a list of lengths": FORM + b"Content-Length: 5, 5\r\n\r\nhello" + PLAIN,
    "length and chunks": FORM + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + PLAIN,
    "chunks and length": FORM + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + PLAIN,
    "chunked twice": FORM + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + PLAIN,
    "chunked in the middle": FORM + b"Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n" + PLAIN,
    "an unknown coding": FORM + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + PLAIN,
    "a space before the colon": FORM + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + PLAIN,
    "old chunks": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + PLAIN,
    "a folded line": b"GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\n 2\r\n\r\n" + PLAIN,
    "bare line feeds": b"GET / HTTP/1.1\nHost: x\n\n" + PLAIN,
    "one bare line feed": b"GET / HTTP/1.1\r\nHost: x\nA: 1\r\n\r\n" + PLAIN,
    "a bare carriage return": b"GET / HTTP/1.1\r\nHost: x\rA: 1\r\n\r\n" + PLAIN,
    "a size with an underscore": CHUNKED + b"1_0\r\n0123456789abcdef\r\n0\r\n\r\n" + PLAIN,
    "a size with a prefix": CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n" + PLAIN,
    "no size": CHUNKED + b"\r\nabc\r\n0\r\n\r\n" + PLAIN,
    "a chunk without its end": CHUNKED + b"3\r\nabcd\r\n0\r\n\r\n" + PLAIN,
    "a line feed after a size": CHUNKED + b"3\nabc\r\n0\r\n\r\n" + PLAIN,
    "a line feed after trailers": CHUNKED + b"0\r\nX: 1\n\r\n\r\n" + PLAIN,
    "a carriage return in an extension": CHUNKED + b"3;a\rb\r\nabc\r\n0\r\n\r\n" + PLAIN,
    "a length in the trailers": CHUNKED + b"0\r\nContent-Length: 3\r\n\r\n" + PLAIN,
    "two hosts": b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + PLAIN,
    "no method": b" / HTTP/1.1\r\nHost: x\r\n\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    "an expectation": FORM + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello" + PLAIN,
    "another expectation": FORM + b"Expect: more\r\nContent-Length: 5\r\n\r\nhello" + PLAIN,
    "nothing": b"",
}


@pytest.fixture(scope="module")
def cfg() -> Config:
    return Config()


def seen(request: Any) -> tuple[Any, ...]:
    """What an application sees of a request, with its body read."""
    body = request.body.read()
    version = min(request.version, (1, 1))
    return request.method, request.uri, version, request.headers, body, request.trailers, request.scheme


def by_gunicorn(cfg: Config, data: bytes) -> Iterator[Any]:
    """Yields the requests that gunicorn finds in the bytes as a whole, and the status if it refuses what follows."""
    parser = RequestParser(cfg, [data], PEER)
    while True:
        try:
            request = next(parser)
        except (StopIteration, NoMoreData):
            return
        except ParseException as exc:
            yield REFUSALS.get(type(exc), (400, ""))[0]
            return
        try:
            found = seen(request)
        except (NoMoreData, ParseException):
            return  # a body that is broken or not whole: no request follows
        reader = request.body.reader
        if isinstance(reader, LengthReader) and len(found[4]) < announced(request):
            return
        yield found


def announced(request: Any) -> int:
    return int(dict(request.headers).get("CONTENT-LENGTH", 0))


def by_us(cfg: Config, parts: list[bytes]) -> Iterator[Any]:
    """Yields the same of the bytes in parts."""
    arrival = Arrival(cfg, PEER, bodies.largest)
    for part in [*parts, b""]:
        arrival.add(part)
        while arrival.has_begun or not part:
            try:
                request = arrival.request()
            except Ended:
                return
            except ParseException as exc:
                yield REFUSALS.get(type(exc), (400, ""))[0]
                return
            if request is None:
                break
            try:
                yield seen(request)
            except (NoMoreData, ParseException):
                return
            if request.should_close():
                return
            arrival.go_on()


def split(data: bytes, places: list[int]) -> list[bytes]:
    cuts = [0, *sorted({place % len(data) for place in places} - {0} if data else ()), len(data)]
    return [data[start:end] for start, end in pairwise(cuts) if start < end]


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("data", SHAPES.values(), ids=SHAPES)
def test_finds_the_requests_that_gunicorn_finds(cfg: Config, data: bytes, size: int) -> None:
    parts = [data[start : start + size] for start in range(0, len(data), size)]
    assert list(by_us(cfg, parts)) == list(by_gunicorn(cfg, data))


FRAGMENTS = (
    b"\r", b"\n", b"\r\n", b" ", b":", b"\0", b"0", b"f", b";", b"\r\n\r\n", b"0\r\n\r\n", b"Content-Length: 3\r\n",
    b"Transfer-Encoding: chunked\r\n",
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """One or two of the shapes with a few fragments put in, or bytes taken out."""
    data = b"".join(draw(st.lists(st.sampled_from(list(SHAPES.values())), min_size=1, max_size=2)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(data)))
        data = data[:place] + draw(st.sampled_from((b"", *FRAGMENTS))) + data[place + draw(st.integers(0, 3)) :]
    return data


@settings(max_examples=60)
@given(damaged(), st.lists(st.integers(0, 1 << 20), max_size=12))
def test_finds_them_in_damaged_bytes_too(data: bytes, places: list[int]) -> None:
    cfg = Config()
    assert list(by_us(cfg, split(data, places))) == list(by_gunicorn(cfg, data))


@pytest.fixture
def arrival(cfg: Config) -> Arrival:
    return Arrival(cfg, PEER, bodies.largest)


def test_returns_a_request_as_soon_as_it_is_there(arrival: Arrival) -> None:
    for data in (FORM, b"Content-Length: 5\r\n\r\n", b"hell"):
        arrival.add(data)
        assert arrival.request() is None
    arrival.add(b"o" + PLAIN[:9])
    request = arrival.request()
    assert (request.method, request.body.read()) == ("POST", b"hello")
    assert request.unreader.read() == PLAIN[:9]
    assert request.unreader.read() == b""  # a thread that reads too much waits for nothing
    arrival.add(PLAIN[:9])
    arrival.go_on()
    assert arrival.has_begun
    assert arrival.request() is None


@pytest.mark.parametrize(
    "body",
    [b"zz\r\n", b"3\r\nabcd\r\n", b"0\r\nX: 1\n", b";" * 9000],
    ids=["no size", "no end", "a bare line feed", "a long line"],
)
def test_does_not_wait_for_more_of_a_body_in_broken_chunks(arrival: Arrival, body: bytes) -> None:
    arrival.add(CHUNKED + body)
    request = arrival.request()
    assert request is not None
    with pytest.raises(ParseException):
        request.body.read()


def test_has_begun_with_the_first_byte(arrival: Arrival) -> None:
    assert not arrival.has_begun
    arrival.add(b"G")
    assert arrival.has_begun


def test_ends_with_the_stream(arrival: Arrival) -> None:
    arrival.add(PLAIN)
    arrival.add(b"")
    assert arrival.request().method == "GET"  # who sends nothing more still waits for the answer
    arrival.go_on()
    with pytest.raises(Ended):
        arrival.request()


@pytest.mark.parametrize("data", [FORM, FORM + b"Content-Length: 5\r\n\r\nhell", CHUNKED + b"5\r\n"], ids=str)
def test_ends_in_the_middle_of_a_request(arrival: Arrival, data: bytes) -> None:
    arrival.add(data)
    arrival.add(b"")
    with pytest.raises(Ended):
        arrival.request()


LONG = b"GET / HTTP/1.1\r\n" + b"".join(b"X-%02d: %s\r\n" % (number, b"x" * 990) for number in range(40))


@pytest.mark.parametrize("data", [LONG, LONG + b"\r\n"], ids=["half", "whole"])
def test_keeps_no_more_of_a_head_than_a_limit(arrival: Arrival, data: bytes) -> None:
    assert len(LONG) > LARGEST_HEAD
    arrival.add(data)
    with pytest.raises(LimitRequestHeaders):
        arrival.request()


def test_takes_a_large_head_below_it(arrival: Arrival) -> None:
    arrival.add(LONG[: -10 * 998] + b"\r\n")
    assert arrival.request() is not None


@pytest.mark.parametrize(
    "data",
    [
        FORM + b"Content-Length: 16385\r\n\r\n",
        FORM + b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n",
        CHUNKED + b"4001\r\n",
        CHUNKED + b"3000\r\n" + b"x" * 0x3000 + b"\r\n2000\r\n",
        CHUNKED + b"1\r\nx\r\n" * 12_000,
    ],
    ids=["length", "expectation", "one chunk", "two chunks", "many small chunks"],
)
def test_refuses_a_body_that_is_too_large_before_it_has_come(arrival: Arrival, data: bytes) -> None:
    arrival.add(data)
    with pytest.raises(BodyTooLarge):
        arrival.request()


def test_takes_the_largest_body(arrival: Arrival) -> None:
    arrival.add(CHUNKED + b"4000\r\n" + b"x" * LARGEST + b"\r\n0\r\n\r\n")
    assert len(arrival.request().body.read()) == LARGEST


def test_takes_a_larger_body_for_a_series(arrival: Arrival) -> None:
    head = f"POST /workshop?name=a HTTP/1.1\r\nHost: x\r\nContent-Length: {bodies.OF_A_SERIES}\r\n\r\n".encode()
    arrival.add(head + b"x" * bodies.OF_A_SERIES)
    assert len(arrival.request().body.read()) == bodies.OF_A_SERIES
    arrival.go_on()
    arrival.add(head.replace(str(bodies.OF_A_SERIES).encode(), str(bodies.OF_A_SERIES + 1).encode()))
    with pytest.raises(BodyTooLarge):
        arrival.request()


def test_lets_a_client_continue_once(arrival: Arrival) -> None:
    arrival.add(FORM + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    assert arrival.request() is None
    assert [arrival.must_continue(), arrival.must_continue()] == [True, False]
    arrival.add(b"hello")
    assert arrival.request()._expected_100_continue is False  # or gunicorn would say it again


@pytest.mark.parametrize("data", [PLAIN, FORM + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"], ids=str)
def test_lets_no_client_continue_that_does_not_wait(arrival: Arrival, data: bytes) -> None:
    arrival.add(data)
    assert arrival.request() is not None
    assert not arrival.must_continue()


@pytest.mark.parametrize(
    ("data", "of_head"),
    [(b"HEAD /a b HTTP/1.1\r\n\r\n", True), (b"\r\nHEAD /\r\n\r\n", True), (b"GET /a b HTTP/1.1\r\n\r\n", False)],
)
def test_knows_a_head_request_that_makes_no_sense(arrival: Arrival, data: bytes, of_head: bool) -> None:
    arrival.add(data)
    with pytest.raises(ParseException):
        arrival.request()
    assert arrival.is_of_head is of_head


def test_reads_the_line_of_a_proxy_in_parts_and_once() -> None:
    cfg = Config()
    cfg.set("proxy_protocol", True)
    arrival = Arrival(cfg, ("127.0.0.1", 40000), bodies.largest)
    for byte in b"PROXY TCP4 198.51.100.7 203.0.113.9 1234 80\r\n" + PLAIN[:-1]:
        arrival.add(bytes([byte]))
        assert arrival.request() is None
    arrival.add(PLAIN[-1:] + PLAIN)
    assert arrival.request().proxy_protocol_info["client_addr"] == "198.51.100.7"
    arrival.go_on()
    assert arrival.request().uri == "/series"
    arrival.go_on()
    arrival.add(b"PROXY TCP4 198.51.100.8 203.0.113.9 1234 80\r\n" + PLAIN)
    with pytest.raises(ParseException):
        arrival.request()


def test_answers_in_no_version_but_ours(arrival: Arrival) -> None:
    arrival.add(b"GET / HTTP/1.2\r\nHost: x\r\n\r\n")
    assert arrival.request().version == (1, 1)
