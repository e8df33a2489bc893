"""The client of a server."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.client.remote import Refused, RemoteClient
from dalle.errors import DalleError
from dalle.key import Key


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Returns host and port of a server on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 — the base class calls it so
        pass


def test_sends_its_password_to_the_server_and_to_no_other() -> None:
    received: list[tuple[str, str | None]] = []

    class Handler(Quiet):
        def do_GET(self) -> None:
            received.append((self.path, self.headers["Authorization"]))
            elsewhere = self.path == "/pictures/series"
            self.send_response(302 if elsewhere else 200)
            self.send_header("Location", "/moved")
            self.end_headers()
            if not elsewhere:
                self.wfile.write(b'{"data": {"series": ["simple"]}}')

    with serving(Handler) as place:
        host = f"{place}/pictures"
        client = RemoteClient(f"http://me:a%20secret@{host}/?x=1")
        assert (client.series(), client.server) == (["simple"], f"http://{host}")
        RemoteClient(host).series()
    password = "Basic " + b64encode(b"me:a secret").decode()
    assert received == [("/pictures/series", password), ("/moved", None), ("/pictures/series", None), ("/moved", None)]
    assert RemoteClient("https://[2001:db8::1]:8443").server == "https://[2001:db8::1]:8443"


def test_asks_a_server_to_wait() -> None:
    received: list[str | None] = []

    class Handler(Quiet):
        def do_GET(self) -> None:
            received.append(self.headers["Prefer"])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"data": {"done": false}}')

    with serving(Handler) as place:
        key = Key("simple", f"0x{'5a' * 20}")
        for wait in (0, 25):
            assert RemoteClient(place).report(key, wait=wait) == {"done": False}
    assert received == [None, "wait=25"]


@pytest.mark.parametrize(("lists", "hint"), [(True, "; did you mean simple?"), (False, "")])
def test_asks_which_series_was_meant(lists: bool, hint: str) -> None:
    class Handler(Quiet):
        def do_GET(self) -> None:
            found = lists and self.path == "/series"
            error = {"code": "INVALID_SERIES", "message": "Invalid series name", "details": "Series 'simpel' not found"}
            self.send_response(200 if found else 400)
            self.end_headers()
            self.wfile.write(json.dumps({"data": {"series": ["simple"]}} if found else {"error": error}).encode())

    with serving(Handler) as place, pytest.raises(DalleError) as caught:
        RemoteClient(place).report(Key("simpel", f"0x{'5a' * 20}"))
    assert caught.value.details == f"Series 'simpel' not found{hint}"


@pytest.mark.parametrize("body", [b"", b"<html>Who are you?</html>", b'{"error": {"code": "UNAUTHORIZED"}}'])
def test_names_the_form_of_a_url_with_a_password(body: bytes) -> None:
    class Handler(Quiet):
        def do_GET(self) -> None:
            self.send_response(401)
            self.end_headers()
            self.wfile.write(body)

    messages = []
    with serving(Handler) as place:
        for url in (f"http://{place}", f"http://ann:wrong@{place}"):
            with pytest.raises(Refused) as refused:
                RemoteClient(url).request(Key("simple", f"0x{1:040x}"))
            messages.append(f"{refused.value.message}: {refused.value.details}")
    assert messages == [
        "The server asks for a name and a password: expected --server https://name:password@host",
        "The server does not accept this name and password: expected --server https://name:password@host",
    ]
