"""A receiver of webhooks on loopback, which verifies what it gets with the library of Standard Webhooks."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook, WebhookVerificationError

from dalle.webhooks import signing
from dalle.webhooks.settings import WebhookSettings
from tests.kit.ports import free_port

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 — of the specification
OTHER_SECRET = "whsec_c29tZSBvdGhlciBzZWNyZXQgb2YgMzIgYnl0ZXMhISE="  # noqa: S105


@dataclass(frozen=True)
class Received:
    """One request. `event` is None when its signature was refused."""

    id: str
    timestamp: int
    event: Any
    body: bytes
    headers: dict[str, str]


@dataclass
class Receiver:
    """Answers with each of `answers` in turn, and with the last one again and again.

    answers  statuses, or a status with headers
    before   called with each request before it is answered
    """

    secret: str = SECRET
    port: int = 0
    answers: list[int | tuple[int, dict[str, str]]] = field(default_factory=lambda: [204])
    before: Callable[[Received], None] = lambda _: None
    received: list[Received] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def __post_init__(self) -> None:
        self.port = self.port or free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?token=in-the-url"

    @property
    def settings(self) -> WebhookSettings:
        """Those of a studio that reports to it."""
        return WebhookSettings(url=self.url, secrets=(signing.secret_key(self.secret),))

    @property
    def verified(self) -> list[Any]:
        """What was received and has a good signature."""
        return [one.event for one in self.received if one.event]

    @property
    def ids(self) -> list[str]:
        return [one.id for one in self.received]

    def note(self, body: bytes, headers: dict[str, str]) -> Received:
        try:
            event = Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            event = None
        one = Received(headers["webhook-id"], int(headers["webhook-timestamp"]), event, body, headers)
        self.received.append(one)
        return one

    def next_answer(self) -> tuple[int, dict[str, str]]:
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer if isinstance(answer, tuple) else (answer, {})

    def start(self) -> None:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                one = receiver.note(body, {name.lower(): value for name, value in self.headers.items()})
                receiver.before(one)
                status, headers = receiver.next_answer() if one.event else (401, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        """Go away: from now on connections are refused."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def payload(one: Received) -> Any:
    """What a request says, whether or not it is signed well."""
    return json.loads(one.body)
