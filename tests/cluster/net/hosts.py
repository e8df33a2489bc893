"""A cluster whose parts are machines of their own: hosts, PostgreSQL, a bucket and the provider, on one lan."""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from tests.kit import postgres, seaweed
from tests.kit.http import Answer
from tests.kit.lan import Lan, Place, lan
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.service.paying import Paying

PORT = 8080
LEASE = 4.0
"""Seconds: on a busy machine a host that lives must not miss its beats, or its runs end after two takeovers."""
QUICK: dict[str, Any] = {
    "WORKERS": 1,
    "JOBS": 4,
    "LOCK_TTL": f"{LEASE:g}s",
    "IMAGE_SIZE": "256x256",
    "IMAGE_TIMEOUT": "20s",
    "PAUSE_UNKNOWN": "1h",
    "BREAKER_FAILURES": 1000,
}
ATTEMPTS = "SELECT address, paid, is_open, outcome, used FROM attempts ORDER BY sent_ns"
LEFT = "SELECT (SELECT count(*) FROM tickets), (SELECT count(*) FROM claims), (SELECT count(*) FROM exclusives)"


class Host(Paying):
    """A service on a machine of its own, with a data folder of its own."""

    def __init__(self, place: Place, folder: Path, stub: Stub, **settings: Any) -> None:
        folder.mkdir(exist_ok=True)
        self.place = place
        prefix = [*place.prefix, *settings.pop("prefix", ())]
        super().__init__(folder, stub, **{**QUICK, "prefix": prefix, "BIND": f"{place.address}:{PORT}", **settings})

    def spooled(self) -> list[str]:
        """The answers that wait on this host's disk."""
        folder = self.data / "objects/spool"
        return [name for name in os.listdir(folder) if not name.startswith(".")] if folder.exists() else []


@dataclass
class Servers:
    """What all hosts share, each on a machine of its own."""

    lan: Lan
    places: dict[str, Place]
    postgres: postgres.Postgres
    bucket: seaweed.Seaweed
    stub: Stub


class Net:
    """Some hosts on a new database and a new folder of the bucket."""

    def __init__(self, servers: Servers, folder: Path, stack: ExitStack) -> None:
        self.servers = servers
        self.stub = servers.stub
        self.postgres = servers.postgres
        self.database = self.postgres.new_database()
        self.shared = {"DATABASE_URL": self.postgres.url(self.database), "BUCKET_URL": servers.bucket.url()}
        self._folder = folder
        self._stack = stack
        self.hosts: list[Host] = []

    def add(self, count: int = 1, **settings: Any) -> list[Host]:
        """Start so many hosts more."""
        return self.add_each([settings] * count)

    def add_each(self, settings: list[dict[str, Any]]) -> list[Host]:
        """Start hosts at once, each with settings of its own."""
        added = [self._host(**each) for each in settings]
        for host in added:
            host.start()
            self._stack.callback(host.stop)
        for host in added:
            host.wait_until_ready()
        return added

    def _host(self, **settings: Any) -> Host:
        folder = self._folder / f"host{len(self.hosts)}"
        host = Host(self.servers.lan.place(), folder, self.stub, **{**self.shared, **settings})
        self.hosts.append(host)
        return host

    def cut(self, host: Host, *parts: str) -> None:
        for part in parts:
            host.place.cut(self.servers.places[part])

    def heal(self, host: Host) -> None:
        for place in self.servers.places.values():
            host.place.heal(place)

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        return self.postgres.sql(statement, self.database)

    def attempts(self, path: str) -> list[str]:
        """The outcomes of the paid calls of a key, as they are written down."""
        found = self.sql(ATTEMPTS)
        return [outcome for address, paid, _, outcome, _ in found if paid and path.endswith(address)]

    def posts(self, path: str) -> int:
        """How many calls the provider had for a key; no two keys have the same prompt."""
        prompt = self.prompt_of(path)
        return sum(row["prompt"] == prompt for row in self.stub.rows())

    def prompt_of(self, path: str) -> str:
        host = next(host for host in self.hosts if host.process.poll() is None)
        prompts = host.ask(path.replace("/dalle/", "/prompts/")).data["prompts"]
        return f"{prompts['prompt']}\n\n{prompts['technical']}"

    def settle(self) -> None:
        """Wait until nothing is left of runs: no claim, no ticket, no answer in a spool."""
        wait(lambda: self.sql(LEFT) == [(0, 0, 0)], "claims and tickets to go")
        for host in self.hosts:
            wait(lambda host=host: not host.spooled(), "the spool to be empty")

    def require_one_picture(self, paths: list[str], *, calls: int = 1) -> None:
        """Each key has one picture, the same on every host, and of its calls one is used; others are written down."""
        for path in paths:
            answers = [host.ask(path) for host in self.hosts]
            assert all(map(is_picture, answers)), [answer.text for answer in answers if not is_picture(answer)]
            assert len({(answer.headers["etag"], answer.body) for answer in answers}) == 1
            outcomes = Counter(self.attempts(path))
            assert outcomes["accepted"] == 1, outcomes
            assert outcomes[""] == 0, outcomes
            assert self.posts(path) <= 1 + outcomes["unknown"], outcomes


def new_paths(count: int) -> list[str]:
    return [f"/dalle/simple/0x{token_hex(20)}" for _ in range(count)]


def is_picture(answer: Answer) -> bool:
    return answer.status == 200 and answer.headers["content-type"] == "image/png"


def pictured(host: Host, path: str) -> bool:
    return is_picture(host.ask(path))


@contextmanager
def servers(folder: Path) -> Iterator[Servers]:
    """Start what hosts share."""
    if not postgres.is_here():
        pytest.skip(postgres.NOT_HERE)
    seaweed.need_seaweed()
    with lan(folder) as network, ExitStack() as stack:
        places = {name: network.place() for name in ("database", "bucket", "provider")}
        database, bucket = postgres.Postgres(places["database"]), seaweed.Seaweed(places["bucket"])
        for server in (database, bucket):
            server.start()
            stack.callback(server.remove)
        stub = stack.enter_context(Stub(places["provider"]))
        for server in (database, bucket):
            server.wait_until_ready()
        yield Servers(network, places, database, bucket, stub)


@contextmanager
def net(servers: Servers, folder: Path) -> Iterator[Net]:
    with ExitStack() as stack:
        servers.stub.reset()
        yield Net(servers, folder, stack)
