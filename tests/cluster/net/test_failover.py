"""A primary that dies, and a standby that takes its place: what holds, and what may be lost."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.cluster.net.hosts import Net, Servers, net, new_paths, pictured
from tests.kit.lan import Place
from tests.kit.postgres import ROLE, Postgres
from tests.kit.waiting import wait


@dataclass
class Pair:
    """A primary and its standby, each on a machine of its own, and a cluster whose URL names both."""

    primary: Postgres
    standby: Postgres
    places: tuple[Place, Place]
    cluster: Net

    def fail_over(self) -> None:
        self.primary.kill_at_once()
        self.standby.promote()
        self.cluster.postgres = self.standby

    def part(self) -> None:
        """Let the standby hear nothing any more."""
        self.places[0].cut(self.places[1])


@pytest.fixture
def pair(shared: Servers, tmp_path: Path) -> Iterator[Pair]:
    with ExitStack() as stack:
        places = shared.lan.place(), shared.lan.place()
        primary = started(stack, Postgres(places[0]))
        standby = started(stack, Postgres(places[1], primary))
        cluster = stack.enter_context(net(replace(shared, postgres=primary), tmp_path))
        hosts = ",".join(f"{server.host}:{server.port}" for server in (primary, standby))
        url = f"postgresql://{ROLE}@{hosts}/{cluster.database}?target_session_attrs=read-write"
        cluster.shared["DATABASE_URL"] = url
        wait(primary.is_followed, "the standby to follow")
        yield Pair(primary, standby, places, cluster)


def started(stack: ExitStack, server: Postgres) -> Postgres:
    server.start()
    stack.callback(server.remove)
    server.wait_until_ready()
    return server


def test_goes_on_with_a_synchronous_standby_as_if_nothing_had_been(pair: Pair) -> None:
    pair.primary.wait_for_standby(on=True)
    one, other = pair.cluster.add(2)
    (known, *paths), stub = new_paths(4), pair.cluster.stub
    one.ask(f"{known}?generate=1")
    for host in (one, other):
        wait(lambda host=host: pictured(host, known), "a picture")
    stub.script({"latency": {"images": 2}})
    for path in paths:
        one.ask(f"{path}?generate=1")
    wait(lambda: stub.images() == 4, "the calls to be out")
    pair.fail_over()
    assert pictured(other, known)
    for path in paths:
        wait(lambda path=path: pictured(other, path), "the picture")
    pair.cluster.settle()
    pair.cluster.require_one_picture([known, *paths])
    assert stub.images() == 4


def test_may_forget_a_paid_call_with_a_standby_that_lags(pair: Pair) -> None:
    one, other = pair.cluster.add(2)
    before, path = new_paths(2)
    one.ask(f"{before}?generate=1")
    wait(lambda: pictured(one, before), "a picture")
    pair.cluster.settle()
    wait(pair.primary.is_followed, "the standby to follow")
    pair.part()
    one.ask(f"{path}?generate=1")
    wait(lambda: pictured(one, path), "a picture that the standby does not hear of")
    pair.fail_over()
    wait(lambda: other.ask("/health").status == 200, "the standby to be used")
    assert pictured(other, before)
    assert other.ask(path).data == {}
    other.ask(f"{path}?generate=1")
    wait(lambda: pictured(other, path), "the picture, paid for again")
    assert pair.cluster.stub.images() == 3
