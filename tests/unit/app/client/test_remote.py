"""A client of a server elsewhere."""

import threading
from base64 import b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.client.remote import RemoteClient


def test_tells_the_proxy_who_asks_and_nobody_else() -> None:
    heard: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append((self.path, self.headers["Authorization"]))
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
            place = f"127.0.0.1:{server.server_address[1]}/pictures"
            told = RemoteClient(f"http://me:a%20secret@{place}/?x=1")
            assert (told.series(), told.server) == (["simple"], f"http://{place}")
            RemoteClient(place).series()
        finally:
            server.shutdown()
    named = "Basic " + b64encode(b"me:a secret").decode()
    assert heard == [("/pictures/series", named), ("/moved", None), ("/pictures/series", None), ("/moved", None)]
    assert RemoteClient("https://[2001:db8::1]:8443").server == "https://[2001:db8::1]:8443"
