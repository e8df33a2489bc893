"""A server as a desk: the HTTP contract from the client's side."""

import http.client
import json
import urllib.error
import urllib.request
from base64 import b64encode
from typing import Any
from urllib.parse import unquote, urlsplit

import click

import dalle
from dalle.errors import DalleError, NotFound, QueueFull
from dalle.key import Key

Fields = dict[str, Any]

TIMEOUT = 30.0


class Unreachable(DalleError):
    code, status, message = "SERVICE_UNAVAILABLE", 503, "The server cannot be reached"


class Refused(DalleError):
    """The server's own refusal, in its words."""

    def __init__(self, status: int, message: str, details: str) -> None:
        super().__init__(details)
        self.status = status  # type: ignore[misc]
        self.message = message


class RemoteDesk:
    """`server` is a base URL such as http://localhost:8080."""

    remote = True

    def __init__(self, server: str, *, timeout: float = TIMEOUT) -> None:
        try:
            parts = urlsplit(server if "://" in server else f"http://{server}")
            host, port = parts.hostname, parts.port
        except ValueError:
            parts, host, port = urlsplit(""), None, None
        if parts.scheme not in ("http", "https") or not host:
            raise click.BadParameter(f"{server}: expected a URL such as http://localhost:8080", param_hint="--server")
        host = f"[{host}]" if ":" in host else host
        place = f"{host}:{port}" if port else host
        self.server = parts._replace(netloc=place, query="", fragment="").geturl().rstrip("/")
        self._name = ""
        if parts.username is not None:  # for a proxy in front that asks for it
            told = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._name = f"Basic {b64encode(told.encode()).decode()}"
        self._timeout = timeout

    def key(self, series: str, address: str) -> Key:
        return Key.parse(series, address, lambda _series, _address: True)

    def series(self) -> list[str]:
        names: list[str] = self._json("/series")["series"]
        return names

    def finished(self, key: Key) -> bool:
        return self._get(f"/dalle/{key}", method="HEAD")[0] == "image/png"

    def request(self, key: Key) -> Fields:
        fields: Fields = self._json(f"/dalle/{key}?generate=1")
        return fields

    def look(self, key: Key) -> Fields:
        kind, body = self._get(f"/dalle/{key}", unless="image/png")
        if kind != "image/png":
            fields: Fields = self._data(body)
            return fields
        try:
            fields = self._json(f"/files/{key.series}/progress/{key.address}.json")
            if fields.get("done"):
                return fields
        except DalleError:
            pass  # a picture of an older server has no report
        return {"series": key.series, "address": key.address, "currentPhase": "completed", "percent": 100.0} | {
            "etaSeconds": 0,
            "done": True,
            "error": "",
            "errorCode": "",
        }

    def picture(self, key: Key) -> bytes:
        kind, body = self._get(f"/dalle/{key}")
        if kind != "image/png":
            raise NotFound(f"there is no picture of {key}")
        return body

    def place(self, key: Key) -> str:
        return f"{self.server}/dalle/{key}"

    def remove(self, key: Key) -> bool:
        return b"was removed" in self._get(f"/dalle/{key}?remove=1")[1]

    def runs(self) -> list[Fields]:
        data = self._json("/runs")
        found: list[Fields] = [*data.get("runs", data.get("active", [])), *data.get("failed", [])]
        return found

    def close(self) -> None:
        """Nothing is held: every request has a connection of its own."""

    def _json(self, path: str) -> Any:
        return self._data(self._get(path)[1])

    def _data(self, body: bytes) -> Any:
        try:
            return json.loads(body)["data"]
        except (ValueError, KeyError, TypeError):
            raise Unreachable(f"{self.server} does not answer like a dalleserver") from None

    def _get(self, path: str, *, method: str = "GET", unless: str = "") -> tuple[str, bytes]:
        """Content type and body; the body of the type `unless` is not read."""
        request = urllib.request.Request(  # noqa: S310 — the scheme was checked
            self.server + path, method=method, headers={"User-Agent": f"dalleserver/{dalle.__version__}"}
        )
        if self._name:
            request.add_unredirected_header("Authorization", self._name)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:  # noqa: S310
                kind = answer.headers.get_content_type()
                return kind, b"" if kind == unless else answer.read()
        except urllib.error.HTTPError as exc:
            with exc:
                raise self._refusal(exc) from None
        except (urllib.error.URLError, http.client.HTTPException, OSError) as exc:
            raise Unreachable(f"{self.server}: {getattr(exc, 'reason', exc)}") from None

    def _refusal(self, exc: urllib.error.HTTPError) -> DalleError:
        try:
            error = json.loads(exc.read())["error"]
            code, message, details = str(error["code"]), str(error["message"]), str(error["details"])
        except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
            return Unreachable(f"{self.server} answers {exc.code} and not like a dalleserver")
        if code in ("QUEUE_FULL", "RATE_LIMITED"):
            wait = exc.headers.get("Retry-After", "")
            return QueueFull(details, retry_after=float(wait) if wait.isdigit() else 10.0)
        return Refused(exc.code, message, details)
