"""The bytes of a connection until they are a whole request.

gunicorn's parser alone decides where a request begins and ends: it reads a head when its bytes are there, and a body
when the application or the end of the request asks for it. This module only decides when: all that it reads by itself
are the sizes of chunks, to know when to wait no longer. A mistake there costs a connection, but moves no boundary.
"""

import io
import re
from collections.abc import Callable
from typing import Any

from gunicorn.http.body import LengthReader
from gunicorn.http.errors import InvalidHeader, LimitRequestHeaders, NoMoreData, ParseException
from gunicorn.http.message import Request
from gunicorn.http.unreader import Unreader

from app.web import bodies

LARGEST_HEAD = 32_768  # bytes; gunicorn's own limits permit 820,000, which hundreds of clients could let a worker keep
CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?")
LONGEST_SIZE = 8_192  # bytes of a chunk's size and its extensions; gunicorn's limit
LARGEST_LENGTH = 2**63 - 1  # bytes; a longer Content-Length is no number to nginx either
NO_EXPECTATION = re.compile(rb"Expect:[ \t]*", re.IGNORECASE)
FRAMING = 4  # a body in chunks may have so many times the bytes of the same body without


class Missing(Exception):
    """The bytes so far are no whole head."""


class Ended(Exception):
    """The client has sent its last byte, and they are no whole request."""


class TooSlow(ParseException):  # type: ignore[misc]  # gunicorn carries no types
    """The request did not arrive in time."""


class BodyTooLarge(ParseException):  # type: ignore[misc]
    """The body is larger than any that the application reads."""

    def __init__(self, request: Any, largest: int) -> None:
        super().__init__(f"expected a body of at most {largest} bytes")
        self.request = request


class TooManyLarge(ParseException):  # type: ignore[misc]
    """Too many others are sending large bodies."""


class Left(ParseException):  # type: ignore[misc]
    """A client that waits has closed its connection, or at least its direction."""


class Received(Unreader):  # type: ignore[misc]
    """What has come and was not read yet, as gunicorn's parser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.is_complete = False  # nothing more will come for this request

    def add(self, data: bytes) -> None:
        self.buf.seek(0, io.SEEK_END)
        self.buf.write(data)

    def chunk(self, size_hint: int | None = None) -> bytes:
        """Called when the parser needs more than there is: no thread waits for it."""
        if self.is_complete:
            return b""
        raise Missing


class LenientRequest(Request):  # type: ignore[misc]
    """A request in which an empty list of expectations is none (RFC 9110, 5.6.1 and 10.1.1), as it is to nginx."""

    def parse_headers(self, data: bytes, from_trailer: bool = False) -> list[tuple[str, str]]:
        lines = [line for line in data.split(b"\r\n") if not NO_EXPECTATION.fullmatch(line)]
        return super().parse_headers(b"\r\n".join(lines), from_trailer) if lines else []


class Chunks:
    """A body in chunks, as far as its sizes have been read."""

    def __init__(self) -> None:
        self.size = 0  # bytes of the decoded body, the last of which may be on their way
        self._at = 0  # where the first chunk begins that is not whole
        self._before = 0  # the size of the ones before it

    def are_whole(self, data: bytes) -> bool:
        """Returns whether all have come, of the bytes of the body so far. Anything odd counts as whole."""
        while (end := data.find(b"\r\n", self._at)) >= 0:
            match = CHUNK_SIZE.fullmatch(data, self._at, end)
            if not match:
                return True
            if not (size := int(match[1], 16)):
                return ends_trailers(data[end + 2 :])
            self.size = self._before + size
            following = end + 2 + size + 2
            if following > len(data):
                return False
            if data[following - 2 : following] != b"\r\n":
                return True
            self._at, self._before = following, self.size
        return len(data) - self._at > LONGEST_SIZE


def ends_trailers(data: bytes) -> bool:
    """Returns whether what follows the last chunk ends the body, or is nothing that gunicorn would take."""
    return data.startswith(b"\r\n") or b"\r\n\r\n" in data or data.count(b"\n") != data.count(b"\r\n")


class Arrival:
    """The requests of one connection, one after the other.

    cfg: gunicorn's settings. peer: the client's address. largest_body: path → bytes.
    """

    def __init__(self, cfg: Any, peer: Any, largest_body: Callable[[str], int]) -> None:
        self._cfg = cfg
        self._peer = peer
        self._largest_body = largest_body
        self._received = Received()
        self._has_ended = False
        self._count = 0
        self._request: Any = None
        self._chunks: Chunks | None = None
        self._start = b""

    def add(self, data: bytes) -> None:
        """Takes what the client has sent; b"" when it sends nothing more."""
        self._has_ended = self._has_ended or not data
        self._received.add(data)

    @property
    def has_begun(self) -> bool:
        """Whether anything of the next request has come."""
        return self._request is not None or self._buffered() > 0

    @property
    def is_of_head(self) -> bool:
        """Whether the latest request began as one of HEAD, also if the rest of it makes no sense."""
        return self._start.startswith((b"HEAD ", b"\r\nHEAD "))

    @property
    def is_large(self) -> bool:
        """Whether the bytes of the present request are more than those of nearly all others."""
        return self._request is not None and self._buffered() > bodies.LARGEST

    def request(self) -> Any:
        """Returns the next request once all of it has come, else None.

        Raises Ended when no more will come, and gunicorn's ParseException for what is no request or too large.
        """
        if self._request is None and not self._read_head():
            return None
        if not self._has_body():
            if self._has_ended:
                raise Ended
            return None
        self._received.is_complete = True
        self._request._expected_100_continue = False  # it did not wait for that, or has had it
        return self._request

    def must_continue(self) -> bool:
        """Returns, once, whether the client waits for "100 Continue" before it sends the body."""
        if self._request is None or not self._request._expected_100_continue:
            return False
        self._request._expected_100_continue = False
        return True

    def go_on(self) -> None:
        """Begins with the request after the one that was returned, the body of which has been read."""
        self._request = self._chunks = None
        self._received.is_complete = False

    def _read_head(self) -> bool:
        data = self._received.buf.getvalue()
        self._start = data[:7]
        self._received.is_complete = self._has_ended
        try:
            request = LenientRequest(self._cfg, self._received, self._peer, self._count + 1)
        except Missing:
            if len(data) > LARGEST_HEAD:
                raise LimitRequestHeaders("head too large") from None
            self._received.buf = io.BytesIO()
            self._received.add(data)
            return False
        except (StopIteration, NoMoreData):
            raise Ended from None
        if len(data) - self._buffered() > LARGEST_HEAD:
            raise LimitRequestHeaders("head too large")
        request.version = min(request.version, (1, 1))  # ours, which an answer carries (RFC 9110, 2.5)
        self._count += 1
        self._request = request
        if not isinstance(request.body.reader, LengthReader):
            self._chunks = Chunks()
        return True

    def _has_body(self) -> bool:
        if self._chunks is None:
            size: int = self._request.body.reader.length
            if size > LARGEST_LENGTH:
                raise InvalidHeader("CONTENT-LENGTH")
            whole = self._buffered() >= size
        else:
            whole = self._chunks.are_whole(self._received.buf.getvalue())
            size = self._chunks.size if whole else max(self._chunks.size, self._buffered() // FRAMING)
        if size > (largest := self._largest_body(self._request.path)):
            raise BodyTooLarge(self._request, largest)
        return whole

    def _buffered(self) -> int:
        size: int = self._received.buf.seek(0, io.SEEK_END)
        return size
