"""What three hosts of two workers make of one provider: one call for a key, one budget, one breaker."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from tests.kit import postgres
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.service.paying import Paying

HOSTS = 3
CLIENTS = 24


@contextmanager
def hosts(folder: Path, **settings: Any) -> Iterator[list[Paying]]:
    if not postgres.is_here():
        pytest.skip(postgres.NOT_HERE)
    with postgres.database() as name, Stub() as stub, ExitStack() as stack:
        shared = {"DATABASE_URL": postgres.server().url(name), "BUCKET_URL": f"file://{folder}/bucket", "WORKERS": 2}
        folders = [folder / f"host{number}" for number in range(HOSTS)]
        for place in folders:
            place.mkdir()
        yield [stack.enter_context(Paying(place, stub, **{**shared, **settings})) for place in folders]


def ask_all(services: list[Paying], paths: list[str]) -> None:
    """Ask for each path, on one host after the other, from many clients at once."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda place: services[place[0] % HOSTS].ask(f"{place[1]}?generate=1"), enumerate(paths)))


def new_paths(count: int) -> list[str]:
    return [f"/dalle/simple/0x{token_hex(20)}" for _ in range(count)]


def codes(services: list[Paying], paths: list[str]) -> Counter[str]:
    """How these keys ended, each as another host sees it: "" for a picture."""
    return Counter(str(services[number % HOSTS].end(path)["errorCode"]) for number, path in enumerate(paths, 1))


def test_sends_one_call_for_a_key_that_is_asked_for_on_every_host(tmp_path: Path) -> None:
    with hosts(tmp_path, IMAGE_SIZE="256x256") as services:
        once, few = new_paths(1), new_paths(6)
        ask_all(services, once * 150)
        ask_all(services, few * 12)
        assert codes(services, [*once, *few]) == {"": 7}
        prompts = Counter(row["prompt"] for row in services[0].stub.rows())
        assert (len(prompts), set(prompts.values())) == (7, {1})
        versions = {service.ask(once[0]).headers["etag"] for service in services}
        assert len(versions) == 1


def test_pays_for_ten_of_many_when_the_budget_is_ten(tmp_path: Path) -> None:
    with hosts(tmp_path, IMAGE_SIZE="256x256", DAILY_IMAGES="10") as services:
        paths = new_paths(45)
        ask_all(services, paths)
        assert codes(services, paths) == {"": 10, "BUDGET_EXHAUSTED": 35}
        assert len(services[0].stub.rows()) == 10


def test_stops_on_every_host_when_the_provider_fails_on_one(tmp_path: Path) -> None:
    with hosts(tmp_path, IMAGE_SIZE="256x256", BREAKER_PAUSE="10m") as services:
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
