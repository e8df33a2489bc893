"""Clients that are slow, or do nothing: many connections of one process."""

import resource
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

HALF_OPEN = (
    b"",
    b"GET /series HTTP/1.1\r\nHost: x\r\nX-Ha",
    b"POST /preview/make HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nseries=",
    b"POST /preview/make HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nser",
)
"""What clients have sent that stop in the middle: nothing, half a header line, an announced body, a chunk."""


def permit(files: int) -> None:
    """Lets this process have so many open files, of which every connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, files), hard), hard))


@contextmanager
def connections(port: int, count: int, sent: Sequence[bytes], *, keeps: int = 0) -> Iterator[list[socket.socket]]:
    """Connections that have sent these bytes, in turns, and do nothing more.

    keeps: bytes that the kernel keeps for a client that does not read; 0: as many as it likes.
    """
    permit(count + 200)
    with ExitStack() as stack:
        opened = []
        for number in range(count):
            client = stack.enter_context(socket.socket())
            if keeps:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, keeps)
            client.settimeout(60)
            client.connect(("127.0.0.1", port))
            client.sendall(sent[number % len(sent)])
            opened.append(client)
        yield opened
