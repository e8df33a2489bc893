"""What every answer of the stub is sent with, also those that go wrong on the way."""

import json
import socket
import struct
import time
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.stub_openai.literal import Literal, Values

HUGE = 100 * 1024 * 1024


class Sender(BaseHTTPRequestHandler):
    """Sends answers; it knows nothing of what they mean."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class calls it so)
        pass

    @property
    def authorization(self) -> str:
        return self.headers.get("Authorization", "")

    def send(self, data: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Request-ID", f"req_{time.monotonic_ns():x}")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def send_json(self, value: Any, status: int = 200, **headers: str) -> None:
        self.send(json.dumps(value).encode(), status, **headers)

    def reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def drip(self, start: bytes) -> None:
        """Send a byte every 20 ms until the client goes away."""
        self.wfile.write(start)
        while True:
            self.wfile.write(b" ")
            time.sleep(0.02)

    def stream_huge(self, before: bytes, after: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(before) + HUGE + len(after)))
        self.end_headers()
        self.wfile.write(before)
        chunk = b"A" * (1 << 20)
        for _ in range(HUGE >> 20):
            self.wfile.write(chunk)
        self.wfile.write(after)

    def send_half(self, data: bytes, length: int, status: int = 200, **headers: str) -> None:
        """Announce `length` bytes, send fewer and close."""
        self.send_response(status)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)
        self.close_connection = True

    def send_literal(self, answer: Literal, values: Values) -> None:
        content = answer.content(values)
        headers = {name.replace("-", "_"): value for name, value in answer.head(values).items()}
        if answer.cut:
            self.send_half(content[: -answer.cut], len(content), answer.status, **headers)
        else:
            kind = headers.pop("Content_Type")
            self.send(content, answer.status, kind, **headers)
