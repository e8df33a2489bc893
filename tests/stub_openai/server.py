"""The HTTP server: POST …/images/generations, POST …/chat/completions, GET …/models, and GETs of pictures and tasks.

The API answers below Azure's paths and those of gateways too; a call's row has its target and headers as they came.

Beside the protocol: POST /script (see `Script.load`), GET /calls[?rows=1], POST /reset, GET /faults.
"""

import json
import re
import threading
import time
from base64 import b64encode, encodebytes, urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.stub_openai.calls import Calls
from tests.stub_openai.failing import send_fault
from tests.stub_openai.faults import NAMES, body
from tests.stub_openai.hosting import Hosted, Hosting
from tests.stub_openai.images import send_image, send_picture
from tests.stub_openai.kinds import media_type, picture
from tests.stub_openai.literal import Values
from tests.stub_openai.script import Rule, Script
from tests.stub_openai.sending import Sender
from tests.stub_openai.tasks import Tasks

PATHS = {"/images/generations": "images", "/chat/completions": "chat", "/models": "models"}
BASES = re.compile(r"/v1|/openai/v1|/openai/deployments/[^/]+|/gateway(?:/[^/]+)*")
"""Below these paths the API answers, and nowhere else: a call to another one was addressed wrongly."""
MODELS = [
    {"id": "gpt-image-2", "object": "model"},
    {"id": "gpt-image-2.5-flare", "object": "model"},
    {"id": "gpt-image-1.5", "object": "model", "shutdown_date": "2026-12-01"},
    {"id": "gpt-5-mini", "object": "model"},
]
HOME, ELSEWHERE = "127.0.0.1", "localhost"


def kind_of(path: str) -> str:
    """Which call a path is; there is no list of models at a deployment."""
    for end, kind in PATHS.items():
        if path.endswith(end) and BASES.fullmatch(path.removesuffix(end)):
            return "other" if kind == "models" and "/deployments/" in path else kind
    return "other"


class StubServer(ThreadingHTTPServer):
    """Listens when it is made; `url` is the base URL for a client."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, port: int = 0, log: Path | None = None, plan: Any = None, host: str = HOME) -> None:
        self.host = host
        self.script = Script(plan)
        self.calls = Calls(log)
        self.hosting = Hosting()
        self.tasks = Tasks()
        self.hurried = threading.Event()
        super().__init__((host, port), Handler)

    @property
    def root(self) -> str:
        return f"http://{self.host}:{self.server_address[1]}"

    @property
    def elsewhere(self) -> str:
        """The same server as another host."""
        return f"http://{ELSEWHERE}:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    def hurry(self) -> None:
        """Answers at once what has waited for its latency so far."""
        self.hurried.set()
        self.hurried.clear()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the game."""


class Handler(Sender):
    server: StubServer

    def log_call(self, path: str, **row: Any) -> dict[str, Any]:
        """Begin a row of the log: what was asked, as it came."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        row = {"model": "", "prompt": "", "fault": "", **row}
        return self.server.calls.add(path=path, target=self.path, headers=headers, key=self.authorization[-4:], **row)

    # -- GET ------------------------------------------------------------------------------------------------------

    def do_GET(self) -> None:  # noqa: N802  (the base class calls it so)
        address = urlsplit(self.path)
        if address.path == "/calls":
            self.send_json(self.server.calls.summary(rows="rows" in parse_qs(address.query)))
        elif address.path == "/faults":
            self.send_json(sorted(NAMES))
        elif kind_of(address.path) == "models":
            self.call("models", {})
        elif address.path.startswith("/pictures/"):
            self.picture(address.path.removeprefix("/pictures/"), parse_qs(address.query))
        elif not self.hosted(address.path) and not self.task(address.path):
            self.server.calls.end(self.log_call("other"), 404)
            self.send_json(body("invalid_request_error", None, "Not found"), 404)

    def picture(self, name: str, query: dict[str, list[str]]) -> None:
        self.log_call("pictures", name=name)
        seen = sum(row.get("name") == name for row in self.server.calls.summary(rows=True)["rows"])
        with suppress(ConnectionError):
            send_picture(self, name, seen, query.get("to", []))

    def hosted(self, path: str) -> bool:
        """Answer for the URL of a literal answer; False where there is none."""
        at_home = self.headers.get("Host", "").startswith(self.server.host)
        found = self.server.hosting.get(path, self.authorization, at_home=at_home)
        if found is None:
            return False
        status, data = found
        self.server.calls.end(self.log_call("pictures", name=path), status)
        with suppress(ConnectionError):
            if status == 302:
                self.send(b"", status, "text/plain", Location=f"{self.server.elsewhere}{self.path}")
            elif status == 200:
                self.send(data, status, media_type(data))
            else:
                self.send(b"not now", status, "text/plain")
        return True

    def task(self, path: str) -> bool:
        """Answer a question after a task; False where none is known."""
        found = self.server.tasks.ask(path)
        if found:
            self.server.calls.end(self.log_call("tasks"), found[0].status)
            with suppress(ConnectionError):
                self.send_literal(*found)
        return found is not None

    # -- POST -----------------------------------------------------------------------------------------------------

    def do_POST(self) -> None:  # noqa: N802  (the base class calls it so)
        path = kind_of(urlsplit(self.path).path)
        if path == "images":
            rule = self.server.script.next("images", "") if self.resets_first() else None
            if rule:
                self.log_call(path, fault=rule.fault)
                self.reset()
                return
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path == "/script":
            try:
                self.server.script.load(json.loads(data))
            except (TypeError, ValueError) as exc:
                self.send_json({"error": str(exc)}, 400)
                return
            self.send_json({})
        elif self.path == "/reset":
            self.server.calls.clear()
            self.server.script.load({})
            self.send_json({})
        elif self.path == "/hurry":
            self.server.hurry()
            self.send_json({})
        else:
            self.call(path, json.loads(data or b"{}"))

    def resets_first(self) -> bool:
        rules = self.server.script.rules
        return bool(rules) and rules[0].fault == "reset_before"

    def call(self, path: str, order: dict[str, Any]) -> None:
        messages = order.get("messages") or [{}]
        prompt = str(order.get("prompt") or messages[-1].get("content") or "")
        rule = self.server.script.next(path, prompt)
        row = self.log_call(
            path,
            model=order.get("model", ""),
            prompt=prompt,
            size=order.get("size", ""),
            parameters=sorted(order),
            order={name: value for name, value in order.items() if name != "messages"},
            fault=rule.fault,
        )
        self.server.hurried.wait(rule.latency or (30 if rule.fault == "slow" else 0))
        row["answered"] = time.time()  # before the last byte is out: the client cannot have gone on yet
        status = 0
        with suppress(ConnectionError):
            status = self.literal(rule, row) if rule.answer else self.perform(path, rule, order)
        self.server.calls.end(row, status)

    def literal(self, rule: Rule, row: dict[str, Any]) -> int:
        assert rule.answer
        values = self.values(rule)
        row["sha256"] = sha256(picture(rule.picture)).hexdigest()
        if rule.task:
            self.server.tasks.add(rule.task, values)
        self.send_literal(rule.answer, values)
        return rule.answer.status

    def values(self, rule: Rule) -> Values:
        """What the placeholders of one answer stand for."""
        data, task = picture(rule.picture), self.server.tasks.new_id() if rule.task else ""
        place = self.server.hosting.add(Hosted(data, rule.urls, self.authorization))
        return {
            "B64": lambda: b64encode(data).decode(),
            "B64URL": lambda: urlsafe_b64encode(data).decode().rstrip("="),
            "B64LINES": lambda: encodebytes(data).decode(),
            "URL": lambda: self.server.root + place,
            "PLACE": lambda: place,
            "ROOT": lambda: self.server.root,
            "ELSEWHERE": lambda: self.server.elsewhere,
            "TASK": lambda: task,
        }

    def perform(self, path: str, rule: Rule, order: dict[str, Any]) -> int:
        """Do what the rule says; returns the status that was sent, 0 for none."""
        status = send_fault(self, rule)
        if status is not None:
            return status
        if path == "models":
            self.send_json({"object": "list", "data": self.server.script.models or MODELS})
        elif path == "chat":
            self.chat(rule, order)
        elif path == "images":
            send_image(self, self.server.root, rule, order)
        else:
            self.send_json(body("invalid_request_error", None, "Unknown path"), 404)
            return 404
        return 200

    def chat(self, rule: Rule, order: dict[str, Any]) -> None:
        said = order["messages"][-1]["content"]
        message = {"role": "assistant", "content": rule.content or f"Richer and stranger: {said}"}
        usage = {"prompt_tokens": 120, "completion_tokens": 240, "total_tokens": 360}
        choice = {"index": 0, "finish_reason": rule.finish, "message": message}
        self.send_json({"id": "chat_1", "model": order.get("model"), "choices": [choice], "usage": usage})
