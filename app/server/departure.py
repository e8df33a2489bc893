"""What of a response has not left yet."""

import os
import socket
from collections import deque
from dataclasses import dataclass
from typing import Any, BinaryIO

LARGEST_SEND = 1 << 20  # bytes of a file at once, so that one quick client does not keep a thread or the loop


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an open file."""

    file: BinaryIO
    offset: int
    count: int


class Departure:
    """The bytes and files of a response on their way to a client. gunicorn's Response takes it for its socket.

    Nothing leaves before `flush`, so that a head and a short body leave in one packet.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._pieces: deque[bytes | memoryview | Part] = deque()
        self.size = 0  # bytes that wait in memory
        self.sent = 0  # bytes of the connection

    def sendall(self, data: bytes) -> None:
        self._pieces.append(data)
        self.size += len(data)

    def sendfile(self, file: BinaryIO, offset: int, count: int) -> None:
        """Takes a part of a file, which has to stay open until it has left."""
        self._pieces.append(Part(file, offset, count))

    def clear(self) -> None:
        """Forgets what has not left."""
        self._pieces.clear()
        self.size = 0

    def flush(self, *, once: bool = False) -> bool:
        """Sends what the client takes, or a bit of it; returns whether all has left. Never waits. Raises OSError."""
        while self._pieces:
            piece = self._pieces[0]
            taken = self._send_part(piece) if isinstance(piece, Part) else self._send_bytes()
            if once or not taken:
                break
        return not self._pieces

    def _send_bytes(self) -> bool:
        """Sends the bytes that come first. Returns whether the client may take more."""
        leading: list[Any] = []
        while self._pieces and not isinstance(self._pieces[0], Part):
            leading.append(self._pieces.popleft())
        data = leading[0] if len(leading) == 1 else b"".join(leading)
        try:
            count = self._sock.send(data, socket.MSG_MORE if self._pieces else 0)
        except BlockingIOError:
            count = 0
        self.size -= count
        self.sent += count
        if count == len(data):
            return True
        self._pieces.appendleft(memoryview(data)[count:])
        return False

    def _send_part(self, part: Part) -> bool:
        try:
            size = min(part.count, LARGEST_SEND)
            count = os.sendfile(self._sock.fileno(), part.file.fileno(), part.offset, size)
        except BlockingIOError:
            return False
        if not count:
            raise OSError("the file is shorter than announced")
        self.sent += count
        self._pieces.popleft()
        if count == part.count:
            return True
        self._pieces.appendleft(Part(part.file, part.offset + count, part.count - count))
        return count == size
