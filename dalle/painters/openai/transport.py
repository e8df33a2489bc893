"""The transport to the provider, with limits that hold: a total deadline, a maximum of bytes, permitted addresses.

The HTTP library's timeouts count from one read to the next, so a server that drips bytes never times out, and its
name resolution has no timeout at all. So limits are enforced here, below it: every connect, read and write gets
what is left of the call's deadline. Connections are not kept: calls are seconds apart at the least, and a kept
connection that the server has just closed would make the outcome of a paid call unknown.
"""

import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import IO, Any

import httpcore2
import httpx2

from dalle.painters.openai.spool import MOST_HELD, Spool


class AnswerTooBig(httpx2.ReadError):
    """The answer has more bytes than are accepted."""


class AddressRefused(httpx2.ConnectError):
    """The host name leads to an address that must not be connected to."""


@dataclass(slots=True)
class Bounds:
    """The limits of one call.

    deadline    moment of `time.monotonic()`
    bytes_left  bytes that may still be received
    private     whether private addresses are permitted
    encoded     whether a 2xx answer is wanted as it came, not decompressed
    sent        whether a byte of a request has left this machine: until then it cannot have been accepted
    """

    deadline: float
    bytes_left: int
    private: bool = True
    encoded: bool = False
    sent: bool = False

    def left(self, timeout: float | None, error: type[Exception]) -> float:
        """Return the seconds for one step. Raises `error` when none are left."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise error("the deadline of the call has passed")
        return left if timeout is None else min(timeout, left)


GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
BOUNDS: ContextVar[Bounds] = ContextVar("bounds")


@contextmanager
def bounded(bounds: Bounds) -> Iterator[None]:
    """Apply the bounds to everything that this thread sends inside."""
    token = BOUNDS.set(bounds)
    try:
        yield
    finally:
        BOUNDS.reset(token)


def is_public(address: str) -> bool:
    """Return whether an IP address is a public one, also if it is wrapped in an IPv6 address.

    Of IPv6 only global unicast (RFC 4291) counts, whatever else the standard library calls global.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
        if ip not in GLOBAL_UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


def resolve(host: str, port: int, timeout: float) -> list[str]:
    """Return the host's IP addresses. The system's resolver cannot be interrupted: at the timeout it is abandoned."""
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put(list(dict.fromkeys(str(row[4][0]) for row in rows)))
        except (OSError, UnicodeError) as exc:
            answers.put(exc if isinstance(exc, OSError) else OSError(str(exc)))

    threading.Thread(target=look_up, daemon=True, name="resolve").start()
    try:
        answer = answers.get(timeout=timeout)
    except queue.Empty:
        raise httpcore2.ConnectTimeout(f"{host} was not resolved in time") from None
    if isinstance(answer, OSError):
        raise httpcore2.ConnectError(f"{host} cannot be resolved: {answer}") from answer
    return answer


class Stream(httpcore2.NetworkStream):
    """A socket that keeps within the bounds of the current call."""

    def __init__(self, inner: httpcore2.NetworkStream) -> None:
        self._inner = inner

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        bounds = BOUNDS.get()
        data = self._inner.read(max_bytes, bounds.left(timeout, httpcore2.ReadTimeout))
        bounds.bytes_left -= len(data)
        if bounds.bytes_left < 0:
            raise AnswerTooBig("the answer has more bytes than are accepted")
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        bounds = BOUNDS.get()
        left = bounds.left(timeout, httpcore2.WriteTimeout)
        bounds.sent = True
        self._inner.write(buffer, left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        left = BOUNDS.get().left(timeout, httpcore2.ConnectTimeout)
        return Stream(self._inner.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Backend(httpcore2.NetworkBackend):
    """Resolves a name once and connects to exactly the addresses that were checked."""

    def __init__(self) -> None:
        self._sockets = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        bounds = BOUNDS.get()
        step = Bounds(time.monotonic() + bounds.left(timeout, httpcore2.ConnectTimeout), 0)
        addresses = resolve(host, port, step.left(None, httpcore2.ConnectTimeout))
        if not bounds.private:
            addresses = [address for address in addresses if is_public(address)]
        failure: Exception = AddressRefused(f"{host} leads to no public address")
        for index, address in enumerate(addresses):
            # a share of the time for each remaining address: one that never answers must not hide the others
            left = step.left(None, httpcore2.ConnectTimeout) / (len(addresses) - index)
            try:
                return Stream(self._sockets.connect_tcp(address, port, left, local_address, socket_options))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as exc:
                failure = exc
        raise failure


class Decompressed(httpx2.SyncByteStream):
    """The decompressed body of an answer that was compressed unasked: `most` bytes at most."""

    def __init__(self, answer: httpx2.Response, most: int) -> None:
        self._answer = answer
        self._most = most

    def __iter__(self) -> Iterator[bytes]:
        total = 0
        for part in self._answer.iter_bytes():
            total += len(part)
            if total > self._most:
                raise AnswerTooBig("the answer has more bytes than are accepted")
            yield part

    def close(self) -> None:
        self._answer.close()


def body_of(answer: httpx2.Response, scratch: Callable[[], IO[bytes]]) -> tuple[bytes | Spool, httpx2.HTTPError | None]:
    """Return the body as it came, or as much of it as came, and what broke it off; a large one is in a scratch file."""
    spool = Spool(scratch)
    broken = None
    try:
        for part in answer.iter_raw():
            spool.add(part)
    except httpx2.HTTPError as exc:
        broken = exc
    return spool if len(spool) > MOST_HELD else bytes(spool), broken


@cache
def certificates() -> ssl.SSLContext:
    """Return the process's TLS context. To read the certificates takes 35 ms each time."""
    return httpx2.create_ssl_context()


class Transport(httpx2.HTTPTransport):
    """The HTTP library's own transport, with its exceptions, over the bounded sockets."""

    def __init__(self) -> None:
        super().__init__(verify=certificates())
        self._pool = httpcore2.ConnectionPool(
            ssl_context=certificates(),
            max_connections=None,
            max_keepalive_connections=0,
            network_backend=Backend(),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = super().handle_request(request)
        bounds = BOUNDS.get()
        if "content-encoding" not in answer.headers or (bounds.encoded and answer.is_success):
            return answer
        headers = [row for row in answer.headers.multi_items() if row[0] not in ("content-encoding", "content-length")]
        stream = Decompressed(answer, bounds.bytes_left)
        return httpx2.Response(answer.status_code, headers=headers, stream=stream, extensions=answer.extensions)
