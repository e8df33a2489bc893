"""The HTTP server: POST /v1/images/generations, POST /v1/chat/completions, GET /v1/models, GET /pictures/…

The API answers below Azure's paths and those of gateways too; a call's row has its target and headers as they came.

Beside the protocol: POST /script (see `Script.load`), GET /calls[?rows=1], POST /reset, GET /faults.
"""

import gzip
import json
import re
import socket
import struct
import time
from base64 import b64encode, encodebytes
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.stub_openai.calls import Calls
from tests.stub_openai.faults import ANSWERS, NAMES, REFUSALS, body
from tests.stub_openai.picture import TINY, encoded, photo
from tests.stub_openai.script import Rule, Script

HUGE = 100 * 1024 * 1024
PATHS = {"/images/generations": "images", "/chat/completions": "chat"}
BASES = re.compile(r"/v1|/openai/v1|/openai/deployments/[^/]+|/gateway(?:/[^/]+)*")
"""Below these paths the API answers, and nowhere else: a call to another one was addressed wrongly."""
MODELS = [
    {"id": "gpt-image-2", "object": "model"},
    {"id": "gpt-image-2.5-flare", "object": "model"},
    {"id": "gpt-image-1.5", "object": "model", "shutdown_date": "2026-12-01"},
    {"id": "gpt-5-mini", "object": "model"},
]
USAGE = {
    "input_tokens": 200,
    "input_tokens_details": {"text_tokens": 200, "image_tokens": 0},
    "output_tokens": 7000,
    "total_tokens": 7200,
}
ODD_USAGE = {"input_tokens": -(10**9), "output_tokens": 10**400, "total\ud800": 5, "deep": {"er": {"still": 1.5}}}


class StubServer(ThreadingHTTPServer):
    """Listens when it is made; `url` is the base URL for a client."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 1024

    def __init__(self, port: int = 0, log: Path | None = None, plan: Any = None) -> None:
        self.script = Script(plan)
        self.calls = Calls(log)
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.root}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the game."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: StubServer
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base class calls it so)
        pass

    # -- answering ------------------------------------------------------------------------------------------------

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

    # -- verbs ----------------------------------------------------------------------------------------------------

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/calls":
            self.send_json(self.server.calls.summary(rows="rows" in parse_qs(address.query)))
        elif address.path == "/faults":
            self.send_json(sorted(NAMES))
        elif address.path.endswith("/models"):
            listed = BASES.fullmatch(address.path.removesuffix("/models")) and "/deployments/" not in address.path
            self.call("models" if listed else "other", {})
        elif address.path.startswith("/pictures/"):
            self.picture(address.path.removeprefix("/pictures/"), parse_qs(address.query))
        else:
            self.send_json(body("invalid_request_error", None, "Not found"), 404)

    def do_POST(self) -> None:
        path = kind_of(urlsplit(self.path).path)
        if path == "images":
            rule = self.server.script.next("images", "") if self.resets_first() else None
            if rule:
                self.server.calls.add(path="images", model="", prompt="", fault=rule.fault)
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
        else:
            self.call(path, json.loads(data or b"{}"))

    def resets_first(self) -> bool:
        rules = self.server.script.rules
        return bool(rules) and rules[0].fault == "reset_before"

    def call(self, path: str, order: dict[str, Any]) -> None:
        messages = order.get("messages") or [{}]
        prompt = str(order.get("prompt") or messages[-1].get("content") or "")
        rule = self.server.script.next(path, prompt)
        row = self.server.calls.add(
            path=path,
            model=order.get("model", ""),
            prompt=prompt,
            size=order.get("size", ""),
            parameters=sorted(order),
            fault=rule.fault,
            key=self.headers.get("Authorization", "")[-4:],
            target=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
        )
        time.sleep(rule.latency or (30 if rule.fault == "slow" else 0))
        row["answered"] = time.time()  # before the last byte is out: the client cannot have gone on yet
        status = 0
        with suppress(ConnectionError):
            status = self.perform(path, rule, order)
        self.server.calls.end(row, status)

    def perform(self, path: str, rule: Rule, order: dict[str, Any]) -> int:
        """Do what the rule says; returns the status that was sent, 0 for none."""
        fault = rule.fault
        if fault in REFUSALS:
            refusal = REFUSALS[fault]
            key = self.headers.get("Authorization", "").removeprefix("Bearer ")
            headers = {name: value.format(wait=rule.wait) for name, value in refusal.headers.items()}
            if refusal.body is None:
                self.send(refusal.text.encode(), refusal.status, "text/html", **headers)
            else:
                text = json.dumps(refusal.body).replace("{key}", key)
                self.send(text.encode(), refusal.status, **headers)
            return refusal.status
        if fault in ANSWERS:
            self.send(ANSWERS[fault], 200, "text/html" if fault == "html" else "application/json")
            return 200
        if fault == "reset_after":
            self.reset()
            return 0
        if fault == "drip_headers":
            self.drip(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        if fault == "drip":
            self.drip(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n")
        if path == "models":
            self.send_json({"object": "list", "data": self.server.script.models or MODELS})
        elif path == "chat":
            self.chat(rule, order)
        elif path == "images":
            self.image(rule, order)
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

    def image(self, rule: Rule, order: dict[str, Any]) -> None:
        fault, size = rule.fault, order.get("size") or "1024x1024"
        size = "1024x1024" if size == "auto" else size
        if fault == "huge":
            self.stream_huge(b'{"created": 1, "data": [{"b64_json": "', b'"}]}', "application/json")
            return
        item = self.item(rule, size, order)
        answer: dict[str, Any] = {"created": int(time.time()), "data": [item], "usage": USAGE}
        if fault == "no_usage":
            del answer["usage"]
        elif fault == "odd_usage":
            answer["usage"] = ODD_USAGE
        if fault in ("zipped", "zip_bomb"):
            data = (b" " * HUGE if fault == "zip_bomb" else b"") + json.dumps(answer).encode()
            self.send(gzip.compress(data, 1), Content_Encoding="gzip")
            return
        if fault == "half":
            data = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[: len(data) // 2])
            self.close_connection = True
            return
        self.send_json(answer)

    def item(self, rule: Rule, size: str, order: dict[str, Any]) -> dict[str, Any]:
        """What stands for the picture in `data`."""
        fault, item = rule.fault, {}
        kind = fault if fault in ("webp", "jpeg") else order.get("output_format", "png")
        if fault.startswith("url"):
            names = {f"url_{name}": name for name in ("missing", "flaky", "huge", "drip")}
            root = self.server.root
            item["url"] = f"{root}/pictures/{names.get(fault, size)}"
            if fault == "url_private":
                item["url"] = rule.url or "http://169.254.169.254/latest/meta-data"
            elif fault == "url_redirect":
                item["url"] = f"{root}/pictures/redirect?to={rule.url}"
        elif fault == "tiny":
            item["b64_json"] = b64encode(TINY).decode()
        elif fault == "broken_picture":
            item["b64_json"] = b64encode(photo(size)[:5000]).decode()
        else:
            item["b64_json"] = encoded(size, kind)
        if fault == "revised":
            item["revised_prompt"] = f"Revised: {order['prompt']}"
        elif fault == "half_characters":
            item["revised_prompt"] = "a \ud800 and a \udfff"
        elif fault == "data_url":
            item["b64_json"] = f"data:image/{kind};base64,{item['b64_json']}"
        elif fault == "lines":
            item["b64_json"] = encodebytes(photo(size, kind)).decode()
        return item

    def picture(self, name: str, query: dict[str, list[str]]) -> None:
        self.server.calls.add(path="pictures", model="", prompt="", name=name)
        seen = sum(row.get("name") == name for row in self.server.calls.summary(rows=True)["rows"])
        with suppress(ConnectionError):
            if name == "flaky" and seen == 1:
                self.send(b"", 503, "text/plain")
            elif name == "flaky" and seen == 2:
                self.reset()
            elif name == "flaky":
                self.send(photo("64x64"), 200, "image/png")
            elif name == "missing":
                self.send(b"no such picture", 404, "text/plain")
            elif name == "huge":
                self.stream_huge(b"", b"", "image/png")
            elif name == "drip":
                self.drip(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n")
            elif name == "redirect":
                self.send(b"", 302, "text/plain", Location=query["to"][0])
            else:
                self.send(photo(name), 200, "image/png")


def kind_of(path: str) -> str:
    """Which call a path is; there is no list of models at a deployment."""
    for end, kind in PATHS.items():
        if path.endswith(end) and BASES.fullmatch(path.removesuffix(end)):
            return kind
    return "other"
