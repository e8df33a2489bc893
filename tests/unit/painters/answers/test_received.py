"""The form in which answers are kept, and what undoes their encodings."""

import gzip
import random
import sys
import zlib
from collections.abc import Callable
from typing import Any

import brotli
import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalle.errors import BadAnswer
from dalle.painters.openai.answers import Received, read
from dalle.painters.openai.answers.received import KEPT
from tests.unit.painters.answers.shapes import B64, IMAGE, received

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(b'{"a": %d}\n' % number for number in random.Random(1).choices(range(10**9), k=50_000))
MOST = 1 << 24


def raw_deflate(data: bytes) -> bytes:
    squeezer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return squeezer.compress(data) + squeezer.flush()


ENCODINGS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("X-GZIP", gzip.compress),
    "gzip, members": ("gzip", lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:])),
    "deflate": ("deflate", zlib.compress),
    "deflate, raw": ("deflate", raw_deflate),
    "br": ("br", lambda data: bytes(brotli.compress(data, quality=4))),
    "zstd": ("zstd", zstd.compress),
    "zstd, frames": ("zstd", lambda data: zstd.compress(data[:999]) + zstd.compress(data[999:])),
    "stacked": ("gzip, zstd", lambda data: zstd.compress(gzip.compress(data))),
    "identity": ("identity", bytes),
    "none": ("", bytes),
    "unnamed gzip": ("", gzip.compress),
    "unnamed zstd": ("", zstd.compress),
    "named, but undone by a gateway": ("gzip", bytes),
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_undoes_every_encoding(name: str) -> None:
    header, squeeze = ENCODINGS[name]
    assert Received(200, {"content-encoding": header}, squeeze(TEXT)).content(MOST) == TEXT
    body = squeeze(bytes(received({"data": [{"b64_json": B64}]}).body))
    assert read(Received(200, {"content-encoding": header}, body)).data == IMAGE


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "stacked"])
def test_reads_a_cut_body_as_far_as_it_goes(name: str) -> None:
    header, squeeze = ENCODINGS[name]
    body = squeeze(TEXT)
    start = Received(200, {"content-encoding": header}, body[: len(body) // 2], whole=False).content(MOST)
    assert TEXT.startswith(start)
    assert len(start) > len(TEXT) // 4


@pytest.mark.parametrize("name", ENCODINGS)
def test_stops_at_the_most_bytes(name: str) -> None:
    header, squeeze = ENCODINGS[name]
    answer = Received(
        200, {"content-encoding": header}, squeeze(bytes(1 << 22) if name[0] != "n" else b"{" * (1 << 22))
    )
    with pytest.raises(BadAnswer, match="more than 1000 bytes"):
        answer.content(1000)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("compress", "encoding compress, which"),
        ("gzip, snappy", "snappy"),
        ("\x00<script>", r"\?\?script\?"),
        ("gzip, gzip, gzip, gzip, gzip", "too often"),
        ("br", "br encoding is damaged"),
        ("zstd", "zstd encoding is damaged"),
        ("gzip", "gzip encoding is damaged"),
    ],
)
def test_names_what_cannot_be_undone(header: str, words: str) -> None:
    with pytest.raises(BadAnswer, match=words):
        Received(200, {"content-encoding": header}, b"\xf0\xf1\xf2 no such thing").content(MOST)


def test_keeps_the_headers_that_matter() -> None:
    headers = {"Content-Type": "image/png", "X-Request-ID": "req_1", "Set-Cookie": "secret", "Location": "/a\tb"}
    request = httpx2.Request("POST", "https://user:pass@host/v1/images?key=secret#x")
    response = httpx2.Response(202, headers=headers, request=request)
    answer = Received.of(response, b"\r\n\r\nbody", whole=False)
    kept = {"content-type": "image/png", "x-request-id": "req_1", "location": "/a b"}
    assert answer == Received(202, kept, b"\r\n\r\nbody", False, "https://user:pass@host/v1/images?key=secret#x")
    data = answer.encode()
    assert data.startswith(b"HTTP/1.1 202 Accepted\r\ncontent-type: image/png\r\n")
    assert b"secret" not in data
    assert b"pass" not in data
    assert Received.decode(data) == Received(202, kept, b"\r\n\r\nbody", False, "https://host/v1/images")


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data + b"x"])
def test_knows_a_kept_body_of_another_length(change: Callable[[bytes], bytes]) -> None:
    assert Received.decode(change(received({}).encode())).whole is False


@pytest.mark.parametrize(
    "data", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 999 \r\n\r\n", b"\x89PNG\r\n\r\n", b"\r\n\r\n"]
)
def test_refuses_what_was_never_kept(data: bytes) -> None:
    with pytest.raises(BadAnswer, match="kept answer is damaged"):
        Received.decode(data)


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda data: b"HTTP/1.1 200 OK\r\n" + data))
def test_decodes_any_bytes_or_raises_bad_answer(data: bytes) -> None:
    try:
        answer = Received.decode(data)
    except BadAnswer:
        return
    assert Received.decode(answer.encode()) == answer


VALUES = st.text(max_size=50) | st.sampled_from(["gzip", "br", "zstd", "/v1/tasks/1", "7"])


@given(
    st.integers(100, 599),
    st.dictionaries(st.sampled_from([*KEPT, "set-cookie"]), VALUES),
    st.binary(max_size=300),
    st.booleans(),
    st.sampled_from(["", "https://host:8080/v1/images", "http://[bad"]),
)
def test_decodes_what_it_encoded(status: int, headers: Any, body: bytes, whole: bool, url: str) -> None:
    answer = Received(status, headers, body, whole, url)
    again = Received.decode(answer.encode())
    assert (again.status, again.body, again.whole) == (status, body, whole)
    assert again == Received.decode(again.encode())
    assert set(again.headers) == set(headers) - {"set-cookie"}
