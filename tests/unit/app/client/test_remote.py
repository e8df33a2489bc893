"""The client of a server."""

import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from app.client.remote import Refused, RemoteClient
from dalle.key import Key


def test_sends_its_password_to_the_server_and_to_no_other() -> None:
    received: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            received.append((self.path, self.headers["Authorization"]))
            elsewhere = self.path == "/pictures/series"
            self.send_response(302 if elsewhere else 200)
            self.send_header("Location", "/moved")
            self.end_headers()
            if not elsewhere:
                self.wfile.write(b'{"data": {"series": ["simple"]}}')

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 — the base class calls it so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            host = f"127.0.0.1:{server.server_address[1]}/pictures"
            client = RemoteClient(f"http://me:a%20secret@{host}/?x=1")
            assert (client.series(), client.server) == (["simple"], f"http://{host}")
            RemoteClient(host).series()
        finally:
            server.shutdown()
    password = "Basic " + b64encode(b"me:a secret").decode()
    assert received == [("/pictures/series", password), ("/moved", None), ("/pictures/series", None), ("/moved", None)]
    assert RemoteClient("https://[2001:db8::1]:8443").server == "https://[2001:db8::1]:8443"


@pytest.mark.parametrize("body", [b"", b"<html>Who are you?</html>", b'{"error": {"code": "UNAUTHORIZED"}}'])
def test_names_the_form_of_a_url_with_a_password(body: bytes) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 — the base class calls it so
            pass

    messages = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            host = f"127.0.0.1:{server.server_address[1]}"
            for url in (f"http://{host}", f"http://ann:wrong@{host}"):
                with pytest.raises(Refused) as refused:
                    RemoteClient(url).request(Key("simple", f"0x{1:040x}"))
                messages.append(f"{refused.value.message}: {refused.value.details}")
        finally:
            server.shutdown()
    assert messages == [
        "The server asks for a name and a password: expected --server https://name:password@host",
        "The server does not accept this name and password: expected --server https://name:password@host",
    ]
