"""What goes on while database or bucket do not answer, and nobody says that they are away."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest

from tests.cluster.net.hosts import Host, Net, new_paths, pictured
from tests.kit.waiting import wait

CLIENTS = 12
"""More than a host has threads."""
Silence = Callable[[Net, Host], AbstractContextManager[None]]


@contextmanager
def cut(cluster: Net, host: Host, part: str) -> Iterator[None]:
    cluster.cut(host, part)
    try:
        yield
    finally:
        cluster.heal(host)


SILENCES: dict[str, Silence] = {
    "stands still": lambda cluster, _: cluster.servers.postgres.frozen(),
    "is cut off": lambda cluster, host: cut(cluster, host, "database"),
}


def paint(host: Host, path: str) -> None:
    host.ask(f"{path}?generate=1")
    wait(lambda: pictured(host, path), "the picture")


@pytest.mark.parametrize("silence", SILENCES.values(), ids=SILENCES)
def test_sends_what_it_knows_while_the_database_is_silent(cluster: Net, silence: Silence) -> None:
    (host,) = cluster.add()
    (known, later), unknown = new_paths(2), new_paths(CLIENTS)
    paint(host, known)
    with ThreadPoolExecutor(CLIENTS) as clients:
        with silence(cluster, host):
            refused = [clients.submit(host.ask, f"{path}?generate=1") for path in unknown]
            assert pictured(host, known)
            wait(lambda: host.ask("/health").status == 503, "health to say so")
            assert {answer.result().status for answer in refused} == {503}
            assert pictured(host, known)
        wait(lambda: host.ask("/health").status == 200, "the database to be used again")
    paint(host, later)


def test_sends_what_it_has_while_the_bucket_is_silent(cluster: Net) -> None:
    (one,) = cluster.add()
    known, *unknown = new_paths(5)
    for path in (known, *unknown):
        paint(one, path)
    (other,) = cluster.add()  # only now: it would have what it has painted itself
    assert pictured(other, known)
    with ThreadPoolExecutor(CLIENTS) as clients:
        with cut(cluster, other, "bucket"):
            refused = [clients.submit(other.ask, path) for path in unknown * 3]
            assert pictured(other, known)
            assert other.ask(f"{known}?generate=1").data["cacheHit"]
            assert {answer.result().status for answer in refused} == {503}
            assert other.ask("/health").status == 503
        wait(lambda: other.ask("/health").status == 200, "the bucket to be used again")
    for path in (known, *unknown):
        wait(lambda path=path: pictured(other, path), "the picture on the other host")
