"""The client of a server: the HTTP contract from the other side."""

import http.client
import json
import re
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import click

import dalle
from app.client.client import Estimate, Fields, Unreachable
from app.suggestion import question
from dalle.errors import DalleError, NotFound, QueueFull
from dalle.key import Key

TIMEOUT = 30.0
FORM = "https://name:password@host"


class Refused(DalleError):
    """An error answer of the server, with its status and texts."""

    def __init__(self, status: int, message: str, details: str) -> None:
        super().__init__(details)
        self.status = status  # type: ignore[misc]
        self.message = message


class RemoteClient:
    """Sends requests to `server`, a base URL such as http://localhost:8080; `timeout` of each in seconds."""

    remote = True

    def __init__(self, server: str, *, timeout: float = TIMEOUT) -> None:
        self.server, self._authorization = parse(server)
        self._timeout = timeout

    def key(self, series: str, address: str) -> Key:
        return Key.parse(series, address, lambda _series, _address: True)

    def series(self) -> list[str]:
        names: list[str] = self._json("/series")["series"]
        return names

    def addresses(self) -> list[str]:
        return []

    def estimate(self, keys: Sequence[Key], jobs: int) -> Estimate:
        return Estimate()

    def has_picture(self, key: Key) -> bool:
        return self._send(f"/dalle/{key}", method="HEAD")[0] == "image/png"

    def request(self, key: Key) -> Fields:
        fields: Fields = self._json(f"/dalle/{key}?generate=1")
        return fields

    def renew(self, key: Key) -> Fields:
        form = urlencode({"series": key.series, "address": key.address}).encode()
        fields: Fields = self._data(self._send("/preview/again", method="POST", form=form)[1])
        return fields

    def report(self, key: Key, *, wait: int = 0) -> Fields:
        kind, body = self._send(f"/dalle/{key}", skip="image/png", wait=wait)
        if kind != "image/png":
            fields: Fields = self._data(body)
            return fields
        try:
            fields = self._json(f"/files/{key.series}/progress/{key.address}.json")
            if fields.get("done"):
                return fields
        except DalleError:
            pass  # a picture of an older server has no report
        return finished(key)

    def picture(self, key: Key) -> bytes:
        kind, body = self._send(f"/dalle/{key}")
        if kind != "image/png":
            raise NotFound(f"no picture of {key}")
        return body

    def location(self, key: Key) -> str:
        return f"{self.server}/dalle/{key}"

    def remove(self, key: Key) -> bool:
        body = self._send(f"/dalle/{key}?remove=1")[1]
        return not body.startswith(b"Nothing was removed")

    def cancel(self, key: Key) -> Fields:
        fields: Fields = self._data(self._send(f"/dalle/{key}", method="DELETE")[1])
        return fields

    def runs(self, failed: int) -> list[Fields]:
        data = self._json("/runs")
        reports: list[Fields] = [*data.get("runs", data.get("active", [])), *data.get("failed", [])[:failed]]
        return reports

    def drain(self) -> None:
        """Does nothing: the server goes on with its runs."""

    def close(self) -> None:
        """Does nothing: each request has its own connection."""

    def _json(self, path: str) -> Any:
        return self._data(self._send(path)[1])

    def _data(self, body: bytes) -> Any:
        try:
            return json.loads(body)["data"]
        except (ValueError, KeyError, TypeError):
            raise Unreachable(f"{self.server} does not answer like a dalleserver") from None

    def _send(
        self, path: str, *, method: str = "GET", skip: str = "", form: bytes | None = None, wait: int = 0
    ) -> tuple[str, bytes]:
        """Returns content type and body; a body of the type `skip` is not read. `wait`: seconds that it may last."""
        request = urllib.request.Request(  # noqa: S310 — the scheme was checked
            self.server + path,
            form,
            {"User-Agent": f"dalleserver/{dalle.__version__}", **({"Prefer": f"wait={wait}"} if wait else {})},
            method=method,
        )
        if self._authorization:
            request.add_unredirected_header("Authorization", self._authorization)
        try:
            with urllib.request.urlopen(request, timeout=self._timeout + wait) as answer:  # noqa: S310
                kind = answer.headers.get_content_type()
                return kind, b"" if kind == skip else answer.read()
        except urllib.error.HTTPError as exc:
            with exc:
                raise self._error(exc) from None
        except (urllib.error.URLError, http.client.HTTPException, OSError) as exc:
            reason = getattr(exc, "reason", exc)
            raise Unreachable(f"{self.server}: {getattr(reason, 'strerror', None) or reason}") from None

    def _error(self, exc: urllib.error.HTTPError) -> DalleError:
        if exc.code == 401:  # of any proxy, whatever its page looks like
            refused = (
                "does not accept this name and password" if self._authorization else "asks for a name and a password"
            )
            return Refused(401, f"The server {refused}", f"expected --server {FORM}")
        try:
            error = json.loads(exc.read())["error"]
            code, message, details = str(error["code"]), str(error["message"]), str(error["details"])
        except (ValueError, KeyError, TypeError, OSError, http.client.HTTPException):
            return Unreachable(f"{self.server} answers {exc.code}, but not like a dalleserver")
        if code in ("QUEUE_FULL", "RATE_LIMITED"):
            wait = exc.headers.get("Retry-After", "")
            return QueueFull(details, retry_after=float(wait) if wait.isdigit() else 10.0)
        if code == "INVALID_SERIES" and not exc.url.endswith("/series"):  # else it would ask itself
            details += self._meant(details)
        return Refused(exc.code, message, details)

    def _meant(self, details: str) -> str:
        """Returns the end of a complaint about an unknown series: which one was probably meant, "" if none."""
        name = re.search(r"'(.*)'", details)
        with suppress(DalleError):
            return question(name[1], self.series()) if name else ""
        return ""


def parse(server: str) -> tuple[str, str]:
    """Splits the text of `--server` into a base URL and the value of Authorization, "" without a user name.

    Raises BadParameter.
    """
    try:
        parts = urlsplit(server if "://" in server else f"http://{server}")
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in ("http", "https") or not host:
        raise click.BadParameter(f"{server}: expected a URL such as http://localhost:8080", param_hint="--server")
    host = f"[{host}]" if ":" in host else host
    netloc = f"{host}:{port}" if port else host
    url = parts._replace(netloc=netloc, query="", fragment="").geturl().rstrip("/")
    if parts.username is None:
        return url, ""
    credentials = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return url, f"Basic {b64encode(credentials.encode()).decode()}"


def finished(key: Key) -> Fields:
    """Returns what a report of a finished picture at least says."""
    return {
        "series": key.series,
        "address": key.address,
        "currentPhase": "completed",
        "percent": 100.0,
        "etaSeconds": 0,
        "done": True,
        "error": "",
        "errorCode": "",
    }
