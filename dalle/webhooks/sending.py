"""Sends one request to a receiver, and reads no more than the head of its answer.

Redirects are not followed and proxies of the environment not used, certificates are checked, and a time limit holds for
the attempt as a whole: a receiver that sends a byte now and then does not prolong it.
"""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import SplitResult, urlsplit

LONGEST = 86_400.0
"""Seconds of a Retry-After that are heeded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt.

    status       0 when no answer came
    reason       why not, or what the status is called; for people
    retry_after  seconds, None when the answer does not say
    """

    status: int = 0
    reason: str = ""
    retry_after: float | None = None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def shown(self) -> str:
        """The answer in a few words."""
        return f"HTTP {self.status} {self.reason}".strip() if self.status else self.reason


Send = Callable[[str, bytes, Mapping[str, str], float], Answer]


def post(url: str, body: bytes, headers: Mapping[str, str], seconds: float) -> Answer:
    """POST a body within so many seconds, but for the time that the system takes to look a name up. Never raises."""
    until = time.monotonic() + seconds
    parts = urlsplit(url)
    late = threading.Event()
    try:
        # TLS takes the descriptor over from the stream that it wraps; another one of it ends both.
        with closing(connected(parts, until)) as stream, closing(stream.dup()) as handle:
            cutter = threading.Timer(until - time.monotonic(), cut, [handle, late])
            cutter.daemon = True
            cutter.start()
            try:
                answer = exchanged(parts, stream, body, headers)
            finally:
                cutter.cancel()
        # A head that was cut off may look like a whole one.
        return Answer(reason=too_late(seconds)) if late.is_set() else answer
    except (OSError, http.client.HTTPException) as exc:
        if late.is_set() or isinstance(exc, TimeoutError):
            return Answer(reason=too_late(seconds))
        return Answer(reason=explained(exc))


def connected(parts: SplitResult, until: float) -> socket.socket:
    """Return a stream to the first address of the host that takes one. Raises OSError."""
    places = socket.getaddrinfo(parts.hostname, port_of(parts), type=socket.SOCK_STREAM)
    for number, (family, kind, protocol, _, address) in enumerate(places):
        stream = socket.socket(family, kind, protocol)
        try:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            stream.settimeout(left / (len(places) - number))
            stream.connect(address)
        except OSError:
            stream.close()
            if number == len(places) - 1:
                raise
        else:
            stream.settimeout(max(until - time.monotonic(), 0.001))
            return stream
    raise OSError("the name has no address")


def exchanged(parts: SplitResult, stream: socket.socket, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send the request over a stream, and return the answer. Raises OSError, HTTPException."""
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(str(parts.hostname), port_of(parts), context=context())
        connection.sock = context().wrap_socket(stream, server_hostname=parts.hostname)
    else:
        connection = http.client.HTTPConnection(str(parts.hostname), port_of(parts))
        connection.sock = stream
    with closing(connection):
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        answer = connection.getresponse()
        retry_after = seconds_in(answer.getheader("Retry-After", ""))
        return Answer(answer.status, http.client.responses.get(answer.status, ""), retry_after)


def cut(handle: socket.socket, late: threading.Event) -> None:
    """End an attempt whose time is over: the thread that waits for the stream reads its end."""
    late.set()
    with suppress(OSError):
        handle.shutdown(socket.SHUT_RDWR)


def too_late(seconds: float) -> str:
    return f"no answer within {seconds:g} s"


def port_of(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)


@cache
def context() -> ssl.SSLContext:
    """What checks certificates; to load the system's takes 20 ms."""
    return ssl.create_default_context()


def seconds_in(text: str, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> float | None:
    """Return the seconds of a Retry-After, which may also name a moment; None for anything else."""
    if text.strip().isdecimal():
        return min(float(text), LONGEST)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((moment - now()).total_seconds(), 0.0), LONGEST)


def explained(error: Exception) -> str:
    """Return why no answer came, for people."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    if isinstance(error, socket.gaierror):
        return "its name cannot be resolved"
    if isinstance(error, http.client.HTTPException) and not isinstance(error, OSError):
        return "it does not answer in HTTP"
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
