"""What three hosts of two workers make of one provider: one call for a key, one budget, one breaker.

DALLE_LONG=1: larger crowds, and the same behind a pooler in transaction mode.
"""

import os
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from tests.kit import pgbouncer, postgres
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.service.paying import Paying

Server = postgres.Postgres | pgbouncer.Pgbouncer
IS_LONG = os.environ.get("DALLE_LONG") == "1"
HOSTS = 3
CLIENTS = 500 if IS_LONG else 24
SAME, KEYS, EACH, RUNS = (500, 60, 20, 100) if IS_LONG else (150, 6, 12, 45)
"""Requests at once for one key; keys, and requests for each of them; runs that a budget of ten has to suffice for."""


@pytest.fixture(params=["direct", "pooler"] if IS_LONG else ["direct"])
def server(request: pytest.FixtureRequest) -> Server:
    if not postgres.is_here():
        pytest.skip(postgres.NOT_HERE)
    return pgbouncer.pooler() if request.param == "pooler" else postgres.server()


@contextmanager
def hosts(server: Server, folder: Path, **settings: Any) -> Iterator[list[Paying]]:
    with postgres.database() as name, Stub() as stub, ExitStack() as stack:
        shared = {"DATABASE_URL": server.url(name), "BUCKET_URL": f"file://{folder}/bucket", "WORKERS": 2}
        folders = [folder / f"host{number}" for number in range(HOSTS)]
        for place in folders:
            place.mkdir()
        yield [stack.enter_context(Paying(place, stub, **{**shared, **settings})) for place in folders]


def ask_all(services: list[Paying], paths: list[str]) -> None:
    """Ask for each path, on one host after the other, from many clients at once."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda place: ask_until_accepted(services[place[0] % HOSTS], place[1]), enumerate(paths)))


def ask_until_accepted(service: Paying, path: str) -> None:
    """A client that is refused for the moment, as when all decide about one key, asks again."""
    wait(lambda: service.ask(f"{path}?generate=1").status == 200, "the request to be accepted")


def new_paths(count: int) -> list[str]:
    return [f"/dalle/simple/0x{token_hex(20)}" for _ in range(count)]


def codes(services: list[Paying], paths: list[str]) -> Counter[str]:
    """How these keys ended, each as another host sees it: "" for a picture."""
    return Counter(str(services[number % HOSTS].end(path)["errorCode"]) for number, path in enumerate(paths, 1))


def test_sends_one_call_for_a_key_that_is_asked_for_on_every_host(server: Server, tmp_path: Path) -> None:
    with hosts(server, tmp_path, IMAGE_SIZE="256x256") as services:
        once, few = new_paths(1), new_paths(KEYS)
        ask_all(services, once * SAME)
        ask_all(services, few * EACH)
        assert codes(services, [*once, *few]) == {"": 1 + KEYS}
        prompts = Counter(row["prompt"] for row in services[0].stub.rows())
        assert (len(prompts), set(prompts.values())) == (1 + KEYS, {1})
        versions = {service.ask(once[0]).headers["etag"] for service in services}
        assert len(versions) == 1


def test_pays_for_ten_of_many_when_the_budget_is_ten(server: Server, tmp_path: Path) -> None:
    with hosts(server, tmp_path, IMAGE_SIZE="256x256", DAILY_IMAGES="10") as services:
        paths = new_paths(RUNS)
        ask_all(services, paths)
        assert codes(services, paths) == {"": 10, "BUDGET_EXHAUSTED": RUNS - 10}
        assert len(services[0].stub.rows()) == 10


def test_stops_on_every_host_when_the_provider_fails_on_one(server: Server, tmp_path: Path) -> None:
    with hosts(server, tmp_path, IMAGE_SIZE="256x256", BREAKER_PAUSE="10m") as services:
        services[0].script({"rules": [{"fault": "502"}]})
        first = services[0].codes(services[0].generate(5))
        assert first == ["OUTCOME_UNKNOWN"] * 5
        sent = len(services[0].stub.rows())
        assert codes(services, [path for service in services for path in service.generate(2)]) == {
            "OPENAI_UNAVAILABLE": 6
        }
        assert len(services[0].stub.rows()) == sent
        for service in services:
            wait(lambda service=service: service.state() == "OPEN", "health to say so")


def test_sends_one_probe_over_all_hosts(server: Server, tmp_path: Path) -> None:
    with hosts(server, tmp_path, IMAGE_SIZE="256x256", IMAGE_TIMEOUT="20s", BREAKER_PAUSE="2s") as services:
        services[0].script({"rules": [{"fault": "502"}]})
        assert services[0].codes(services[0].generate(5)) == ["OUTCOME_UNKNOWN"] * 5
        services[0].script({"latency": {"images": 1}})
        for service in services:
            wait(lambda service=service: service.state() == "HALF_OPEN", "the pause to be over")
        paths = new_paths(9)
        ask_all(services, paths)
        ended = codes(services, paths)
        probe, *later = services[0].stub.rows()
        assert [row for row in later if row["time"] < probe["answered"]] == []
        assert ended == {"": 1 + len(later), "OPENAI_UNAVAILABLE": len(paths) - 1 - len(later)}
