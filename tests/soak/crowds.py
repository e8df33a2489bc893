"""Many clients at once, and clients that go on asking: one call a key."""

import asyncio
import random
import time
from pathlib import Path
from typing import Any

from tests.kit.stub import Stub
from tests.soak.running import UNSHARE, running, settled
from tests.soak.service import Soaked, finished_files, new_address, path_of


def one_key(
    folder: Path, stub: Stub, *, clients: int, keys: int, each: int, masters: int, apart: bool
) -> dict[str, Any]:
    """`clients` at once for one key, then `keys` × `each`, over one or several masters: as many calls as keys."""
    prefix = UNSHARE if apart else ()
    services = [Soaked(folder, stub, prefix=prefix, WORKERS=4 // masters) for _ in range(masters)]
    with running(*services):
        return flooded(services, stub, clients, keys, each)


def flooded(services: list[Soaked], stub: Stub, clients: int, keys: int, each: int) -> dict[str, Any]:
    before, begun = stub.images(), time.monotonic()
    address = new_address()
    answers = flood(services, [f"{path_of(address)}?generate=1"] * clients)
    assert len(answers) == clients
    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in answers)
    assert services[0].finish(address)["errorCode"] == ""
    assert stub.images() - before == 1
    seconds, begun = time.monotonic() - begun, time.monotonic()
    addresses = [new_address() for _ in range(keys)]
    paths = [f"{path_of(one)}?generate=1" for one in addresses * each]
    random.shuffle(paths)
    assert all(answer.startswith(b"HTTP/1.1 200 ") for answer in flood(services, paths))
    for one in addresses:
        assert services[-1].finish(one)["errorCode"] == ""
    assert stub.images() - before == 1 + keys
    settled(services[0])
    for one in addresses:
        assert services[0].files(one) == finished_files(one)
    return {"one key, s": round(seconds, 1), f"{keys} keys, s": round(time.monotonic() - begun, 1)}


def flood(services: list[Soaked], paths: list[str]) -> list[bytes]:
    async def everywhere() -> list[list[bytes]]:
        shares = [paths[number :: len(services)] for number in range(len(services))]
        return await asyncio.gather(*(service.flood(share) for service, share in zip(services, shares, strict=True)))

    return [answer for answers in asyncio.run(everywhere()) for answer in answers]


def polled(folder: Path, stub: Stub) -> dict[str, Any]:
    """The documented loop pays once and keeps the picture; a failure is the same for every poller, ever after."""
    good, bad = new_address(), new_address()
    service = Soaked(folder, stub, WORKERS=2)
    with running(service):
        before = stub.images()
        percents = []
        stub.script({"latency": {"images": 1.5}})
        end = time.monotonic() + 20
        while time.monotonic() < end:
            answer = service.generate(good)
            percents.append(answer["percent"])
            if answer["done"]:
                break
            assert time.time_ns() - answer["updatedNs"] < 5e9
            time.sleep(0.2)
        assert percents == sorted(percents)
        assert percents[-1] == 100
        assert max(percents[:-1]) <= 99
        for _ in range(3):
            assert service.generate(good)["cacheHit"] is True
        assert service.ask(path_of(good)).headers["content-type"] == "image/png"
        assert stub.images() - before == 1
        stub.script({"rules": [{"fault": "moderation"}]})
        service.finish(bad)
        seen = [service.ask(path_of(bad)).json for _ in range(10)]
        stub.script()
    with running(service):
        seen += [service.ask(path_of(bad)).json for _ in range(10)]
        seen += [service.generate(bad) for _ in range(10)]
        ends = {(one["runId"], one["errorCode"], one["error"], one["retryAtNs"], one["done"]) for one in seen}
        assert len(ends) == 1
        assert seen[0]["errorCode"] == "CONTENT_BLOCKED"
        assert stub.images() - before == 2
        assert service.generate(good)["cacheHit"] is True
    return {"polls": len(percents) + len(seen)}
