"""Bytes that no HTTP library would send: slowly, in part, malformed, or two requests that look like one."""

import random
import re
import socket
import time
from contextlib import suppress
from urllib.parse import urlsplit

from tests.soak.attack.ground import Ground

WHOLE = "GET /health?check=liveness HTTP/1.1\r\nHost: a\r\nX-Request-ID: {id}\r\n{more}\r\n"
LINES = [
    *(
        "Content-Length: 5\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 5\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: -1\r\n",
    ),
    *(
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding:\tchunked\r\n",
        "Transfer-Encoding: identity\r\n",
    ),
    *(
        "Transfer-Encoding: chunked, chunked\r\n",
        " Transfer-Encoding: chunked\r\n",
        "Transfer_Encoding: chunked\r\n",
        "Connection: keep-alive, close\r\n",
    ),
    *(
        "Expect: 100-continue\r\n",
        "Expect: tea\r\n",
        "Upgrade: h2c\r\n",
        "Host: b\r\n",
        "X: \x00\r\n",
        "X: \x7f\r\n",
        "X y: 1\r\n",
        ": 1\r\n",
        "X: a\n b\r\n",
    ),
    *(
        "Cookie: " + "a" * 9000 + "\r\n",
        "X-Forwarded-For: ' or 1\r\n",
        "X-Forwarded-Proto: javascript\r\n",
        "Range: bytes=" + "0-1," * 900 + "\r\n",
    ),
]
STARTS = [
    *(
        "GET {path} HTTP/1.1\r\n",
        "GET  {path} HTTP/1.1\r\n",
        "GET {path} HTTP/1.0\r\n",
        "GET {path} HTTP/1.2\r\n",
        "GET {path} HTTP/2.0\r\n",
    ),
    *(
        "get {path} HTTP/1.1\r\n",
        "GET http://else.where{path} HTTP/1.1\r\n",
        "GET {path}\r\n",
        "GET {path} HTTP/1.1\n",
        "\r\n\r\nGET {path} HTTP/1.1\r\n",
    ),
    *(
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "CONNECT a:80 HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "TRACE {path} HTTP/1.1\r\n",
        "\x16\x03\x01\x02\r\n",
    ),
]
BODIES = [
    "",
    "",
    "hello",
    "0\r\n\r\n",
    "5\r\nhello\r\n0\r\n\r\n",
    "5;a=b\r\nhello\r\n0\r\nX: y\r\n\r\n",
    "ffffffffffffffff\r\n",
    "GET /errors HTTP/1.1\r\nHost: a\r\nX-Request-ID: 5511551155\r\n\r\n",
]


def connect(ground: Ground, chance: random.Random) -> tuple[str, socket.socket]:
    name = chance.choice(list(ground.clients))
    parts = urlsplit(ground.clients[name].url)
    return name, socket.create_connection((parts.hostname, parts.port), timeout=5)


def smuggle(ground: Ground, chance: random.Random) -> None:
    """A malformed request, and one with an id behind it: no answer has an id that was hidden in a body."""
    sent = chance.choice(STARTS).replace(
        "{path}", chance.choice(["/series", "/health", "/dalle/simple/0x1", "/preview/make"])
    )
    sent += "Host: a\r\n" * chance.choice([0, 1, 1, 1, 2]) + "".join(chance.sample(LINES, chance.randrange(4)))
    sent += "\r\n" + chance.choice(BODIES) + WHOLE.format(id="deadbee7", more="Connection: close\r\n")
    with suppress(OSError):
        name, peer = connect(ground, chance)
        with peer:
            peer.sendall(sent.encode("latin-1"))
            peer.settimeout(chance.choice([0.5, 2]))
            got = b""
            with suppress(OSError):
                while data := peer.recv(65536):
                    got += data
        ground.witness.count("malformed")
        if b" 500 " in got[:20] or b"Traceback" in got:
            ground.witness.accuse("crash", (name, sent, got[:400]))
        if b"55115511" in got and "Transfer-Encoding" not in sent and sent.count("Content-Length: 5\r\n") == 0:
            pass  # without a length the hidden request is a request of its own
        statuses = re.findall(rb"HTTP/1\.[01] (\d{3})", got)
        if len(statuses) > 3 + sent.count("GET /errors"):
            ground.witness.accuse("more answers than requests", (name, sent, got[:2000]))


def dawdle(ground: Ground, chance: random.Random) -> None:
    """Connections that send half a request, a byte at a time, or nothing, and are held for a while."""
    held = []
    for _ in range(chance.randrange(1, 60)):
        with suppress(OSError):
            _, peer = connect(ground, chance)
            held.append(peer)
            text = WHOLE.format(
                id="0badf00d", more=chance.choice(["", "Content-Length: 100\r\n", "Transfer-Encoding: chunked\r\n"])
            )
            peer.sendall(text[: chance.randrange(len(text) + 1)].encode())
    until = time.monotonic() + chance.uniform(0.2, 8)
    while time.monotonic() < until and not ground.ending.is_set():
        if held and chance.random() < 0.5:
            with suppress(OSError):
                chance.choice(held).sendall(b"a")
        time.sleep(0.1)
    for peer in held:
        with suppress(OSError):
            if chance.random() < 0.3:
                peer.shutdown(socket.SHUT_WR)
            peer.close()
    ground.witness.count("dawdlers")


def storm(ground: Ground, chance: random.Random) -> None:
    """Hundreds of clients at once that ask for one picture, and do not wait for the answer."""
    address, held = ground.any_address(chance), []
    for _ in range(chance.choice([50, 150, 300])):
        with suppress(OSError):
            _, peer = connect(ground, chance)
            held.append(peer)
            peer.sendall(f"GET /dalle/simple/{address}?generate=1 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            if chance.random() < 0.5:
                peer.close()
    time.sleep(chance.uniform(0, 2))
    for peer in held:
        peer.close()
    ground.witness.count("storms")
    time.sleep(chance.uniform(10, 30))


def sip(ground: Ground, chance: random.Random) -> None:
    """A reader that takes a picture slowly, or stops in the middle."""
    with suppress(OSError):
        _, peer = connect(ground, chance)
        with peer:
            path = f"/dalle/simple/{ground.any_address(chance)}?w=0"
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            peer.sendall(f"GET {path.removesuffix('?w=0')} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            if chance.random() < 0.3:
                peer.shutdown(socket.SHUT_WR)
            for _ in range(chance.randrange(30)):
                if ground.ending.wait(0.2) or not peer.recv(chance.choice([1, 100, 2000])):
                    break
        ground.witness.count("sippers")
