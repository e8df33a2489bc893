"""The client of a server."""

import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.client.remote import RemoteClient


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
