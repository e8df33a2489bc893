"""The recipe for limits: how much one client may ask of the application; what is read from disk is free."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.kit.http import Answer, Client, ask
from tests.kit.nginx import NGINX, Nginx, Place
from tests.service.spending.conftest import ABSENT, ADDRESS, PICTURE, Guarded, guarded_by

pytestmark = [pytest.mark.nginx, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]

IDLE = f"/dalle/simple/{ABSENT}"
FAR: dict[str, str] = {"server_tokens off;": "server_tokens off; set_real_ip_from 127.0.0.1; real_ip_header X-Real;"}
"""nginx believes who a client is, so that a test can be several."""
SLOW = {**FAR, "zone=dalle_acting:10m rate=2r/s": "zone=dalle_acting:10m rate=1r/m"}
SLOW["zone=dalle_reading:10m rate=20r/s"] = "zone=dalle_reading:10m rate=1r/m"
"""Nothing that was used up comes back while a test runs."""
BURSTS = """
limit_req zone=dalle_acting burst=3 nodelay;
limit_req zone=dalle_reading burst=5 nodelay;
limit_conn dalle_connections 2;
limit_conn_status 429;
"""


@pytest.fixture(scope="module")
def limited() -> Iterator[Guarded]:
    """Three actions and five questions more than one, for each client; none comes back."""
    with guarded_by(["limits"], SLOW, limits=BURSTS) as made:
        yield made


def refusal(answer: Answer) -> None:
    assert (answer.status, answer.error["code"]) == (429, "RATE_LIMITED")
    assert int(answer.headers["retry-after"]) >= 1
    assert answer.headers["cache-control"] == "no-store"


def statuses(front: Client, who: str, *requests: tuple[str, str]) -> list[int]:
    real: dict[str, Any] = {"X_Real": who}
    return [front.ask(target, method, **real).status for method, target in requests]


def test_lets_a_client_poll_what_is_on_disk_as_often_as_it_likes(limited: Guarded) -> None:
    with limited.front.connected() as connection:
        for _ in range(150):
            for path in (PICTURE, f"{PICTURE}.png", f"/files/simple/progress/{ADDRESS}.json", "/static/gallery.css"):
                assert ask(connection, path, X_Real="198.51.100.1").status == 200


def test_counts_what_acts_whatever_it_is(limited: Guarded) -> None:
    acts = (("GET", f"{PICTURE}?generate=1"), ("DELETE", IDLE), ("GET", f"{IDLE}?%72emove=1"), ("POST", PICTURE))
    assert statuses(limited.front, "198.51.100.2", *acts) == [200, 200, 200, 405]
    for method, target in (*acts, ("GET", f"{IDLE}?generate"), ("PUT", "/series")):
        refusal(limited.front.ask(target, method, X_Real="198.51.100.2"))
    assert limited.is_untouched()
    assert statuses(limited.front, "198.51.100.2", ("GET", PICTURE), ("GET", "/series")) == [200, 200]
    assert statuses(limited.front, "198.51.100.3", ("GET", f"{PICTURE}?generate=1")) == [200]


def test_counts_what_the_application_answers(limited: Guarded) -> None:
    reads = [("GET", path) for path in ("/series", IDLE, f"{IDLE}?placeholder=1", "/preview", "/nowhere", "/runs")]
    assert statuses(limited.front, "198.51.100.4", *reads) == [200, 200, 200, 200, 404, 200]
    for _, target in reads:
        refusal(limited.front.ask(target, X_Real="198.51.100.4"))
    assert statuses(limited.front, "198.51.100.4", ("GET", PICTURE), ("GET", f"{PICTURE}?generate=1")) == [200, 200]


def test_takes_a_network_of_version_6_for_one_client(limited: Guarded) -> None:
    """It has 2^64 addresses; 0a is the byte of a line break, which patterns treat apart."""
    for network in ("2001:db8:0:1", "2001:db8:0a0a:0a0a"):
        addresses = [f"{network}::{number:x}" for number in (1, 0x0A0A, 3, 0xFFFF)]
        for address in addresses:
            assert statuses(limited.front, address, ("GET", f"{PICTURE}?generate=1")) == [200]
        refusal(limited.front.ask(f"{PICTURE}?generate=1", X_Real=f"{network}:abcd::a"))
    assert statuses(limited.front, "2001:db8:0:2::1", ("GET", f"{PICTURE}?generate=1")) == [200]


def test_counts_before_a_password_is_looked_at() -> None:
    """So that nobody tries many."""
    with guarded_by(["limits", "password", "links"], SLOW, limits=BURSTS) as made:
        answers = [made.front.ask(f"{IDLE}?generate=1", Authorization="Basic YW5uOng=") for _ in range(6)]
        assert [answer.status for answer in answers] == [401] * 4 + [429] * 2
        refusal(answers[-1])
        assert made.is_untouched()


def test_limits_how_much_one_client_asks_for_at_once() -> None:
    """An application that does not answer has accepted two requests; the third does not reach it."""
    with Place() as place, socket.socket(socket.AF_UNIX) as mute, ExitStack() as stack:
        place.recipe("limits", BURSTS)
        mute.bind(str(place.socket))
        place.socket.chmod(0o777)
        mute.listen()
        (place.output / "none.png").write_bytes(b"")  # so that nginx asks nothing of the application when it starts
        nginx = stack.enter_context(Nginx(place, SLOW, recipes=["limits"]))
        for _ in range(2):
            connection = stack.enter_context(nginx.client.connected())
            connection.request("GET", IDLE, headers={"X-Real": "198.51.100.9"})
            stack.enter_context(mute.accept()[0])
        refusal(nginx.client.ask(IDLE, X_Real="198.51.100.9"))
        other = stack.enter_context(nginx.client.connected())
        other.request("GET", IDLE, headers={"X-Real": "198.51.100.10"})
        stack.enter_context(mute.accept()[0])


@pytest.mark.parametrize(("target", "burst"), [(f"{PICTURE}?generate=1", 40), ("/health?check=liveness", 400)])
def test_is_delivered_with_bursts_that_people_do_not_reach(target: str, burst: int) -> None:
    with guarded_by(["limits"], SLOW) as made, made.front.connected() as connection:
        for _ in range(1 + burst):
            assert ask(connection, target, X_Real="198.51.100.5").status == 200
        refusal(ask(connection, target, X_Real="198.51.100.5"))
        assert ask(connection, PICTURE, X_Real="198.51.100.5").status == 200
