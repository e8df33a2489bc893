"""HTTP to the letter: each request gets the answer of the RFCs, the same from gunicorn and through nginx."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.kit.http import Answer, Client
from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.stub import Stub

ID = "X-Request-ID: DEADBEEF-1111-4111-8111-111111111111"
ADDRESS = "0x" + "ab" * 20
PICTURE = f"/dalle/simple/{ADDRESS}"
ABSENT = f"/dalle/simple/0x{'cd' * 20}"
FAILED = f"/dalle/simple/0x{'ef' * 20}"
OWN = {"date", "server", "connection", "keep-alive", "transfer-encoding", "vary"}
"""What the two servers say about themselves; only nginx compresses."""


@dataclass(frozen=True)
class Both:
    """gunicorn, and nginx in front of it. `version`: that of PICTURE."""

    front: Client
    behind: Client
    version: str

    def send(self, request: bytes) -> Answer:
        """Returns gunicorn's answer, once that of nginx is the same."""
        through, straight = self.front.send(request), self.behind.send(request)
        assert through.status == straight.status, request
        if straight.status < 400:
            assert through.body == straight.body, request
            framing = () if "content-length" in through.headers else ("content-length",)  # nginx: in chunks
            assert kept(through) == kept(straight, *framing), request
        elif not request.startswith(b"HEAD"):
            assert shape(through) == shape(straight), request
        return straight


def kept(answer: Answer, *more: str) -> dict[str, str]:
    """The headers that count; the phrase of the status does not (RFC 9112, 4)."""
    return {name: value for name, value in answer.headers.items() if name not in {*OWN, *more}}


def shape(answer: Answer) -> tuple[object, ...]:
    """An error without its details, which nginx does not know, and without the id, which another test looks at."""
    names = ("content-type", "cache-control", "content-range", "allow", "content-security-policy")
    return answer.error["code"], answer.error["message"], *(answer.headers.get(name) for name in names)


@pytest.fixture(scope="package")
def both() -> Iterator[Both]:
    if NGINX is None:
        pytest.skip("nginx is not installed")
    with Stub() as stub, Place() as place, place.service(variables=stub.variables, NO_ENHANCE=1) as service:
        stub.script(["moderation"])
        assert service.client.painted(FAILED).json["error"]
        version = service.client.painted(PICTURE).json["version"]
        (place.output / "empty.txt").touch()
        with Nginx(place) as nginx:
            yield Both(nginx.client, service.client, version)


def request(line: str, *headers: str, host: str = "Host: x\r\n", body: bytes = b"") -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers)
    return f"{line}\r\n{host}{ID}\r\nConnection: close\r\n{lines}\r\n".encode("latin-1") + body
