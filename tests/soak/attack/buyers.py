"""Clients that ask, poll, remove and read, in every spelling that the contract knows and some that it does not."""

import random
from typing import Any

from tests.soak.attack.ground import Ground

BUYING = ("?generate=1", "?generate", "?generate=1&w=64", "?x=1&generate=1", "?generate=1&generate=0")
READING = (
    "",
    "?w=64",
    "?w=512",
    "?w=63",
    "?generate=0",
    "?generate=true",
    "?remove=0",
    "?%67enerate=2",
    "?v=0123456789abcdef",
)
REMOVING = ("?remove=1", "?remove=1&generate=1")
PAGES = (
    *("/", "/series", "/preview", "/preview/items", "/runs", "/errors", "/metrics", "/health", "/robots.txt"),
    *(
        "/health?check=liveness",
        "/health?check=readiness",
        "/health?check=x",
        "/metrics?format=json",
        "/errors?format=json",
    ),
    *(
        "/preview?q=%00",
        "/preview/items?after=%ff&q=%F0%9F%90%99",
        "/preview?series=nobody",
        "/preview?picture=simple%2F0x1",
    ),
    *(
        "/files/",
        "/files/../runs",
        "/files/simple/annotated",
        "/files/.hidden",
        "/files/simple%2fannotated",
        "/static/none",
    ),
    *(
        "/dalle",
        "/dalle/",
        "/dalle//",
        "/dalle/simple",
        "/dalle/simple/",
        "/dalle/simple/0x",
        "/dalle/../../etc/passwd",
    ),
)


def spelled(chance: random.Random, address: str) -> str:
    series = chance.choice(["simple", "simple", "simple", "SIMPLE", "Simple"])
    if chance.random() < 0.2:
        address = "0x" + "".join(chance.choice((c.upper(), c)) for c in address[2:])
    return f"/dalle/{series}/{address}" + ("/" if chance.random() < 0.05 else "")


def buy(ground: Ground, chance: random.Random) -> None:
    path = spelled(chance, ground.any_address(chance)) + chance.choice(BUYING)
    headers: Any = {"Sec_Purpose": "prefetch"} if chance.random() < 0.1 else {}
    ground.ask(chance, path, chance.choice(["GET"] * 6 + ["HEAD", "POST"]), **headers)


def read(ground: Ground, chance: random.Random) -> None:
    ground.ask(
        chance,
        spelled(chance, ground.any_address(chance)) + chance.choice(READING),
        chance.choice(["GET", "GET", "HEAD"]),
    )


def browse(ground: Ground, chance: random.Random) -> None:
    ground.ask(chance, chance.choice(PAGES), chance.choice(["GET", "GET", "GET", "HEAD", "OPTIONS", "PUT", "BREW"]))


def remove(ground: Ground, chance: random.Random) -> None:
    """Removals and pictures that are made again, at the same moment as others ask for them."""
    address = chance.choice(ground.wild)
    if chance.random() < 0.3:
        form = f"series=simple&address={address}".encode()
        path = chance.choice(["/preview/again", "/preview/make"])
        ground.ask(
            chance, path, "POST", form, Content_Type="application/x-www-form-urlencoded", Accept="application/json"
        )
    else:
        ground.ask(chance, f"/dalle/simple/{address}{chance.choice(REMOVING)}")


def slice_(ground: Ground, chance: random.Random) -> None:
    """Ranges and conditions: a 206 is the part that it says of the whole that has the same ETag."""
    address = ground.any_address(chance)
    path = chance.choice(
        [f"/dalle/simple/{address}", f"/files/simple/annotated/{address}.png", f"/dalle/simple/{address}?w=128"]
    )
    name = chance.choice(list(ground.clients))
    try:
        client = ground.clients[name]
        full = client.ask(path, timeout=20)
        size = max(1, len(full.body))
        begin, end = chance.randrange(size + 5), chance.randrange(size + 5)
        sent = chance.choice(
            [
                f"bytes={begin}-{end}",
                f"bytes=-{end}",
                f"bytes={begin}-",
                f"bytes={begin}-{'9' * 30}",
                "bytes=a-b",
                f"bytes=0-0,{begin}-{end}",
                "lines=1-2",
            ]
        )
        headers: Any = {"Range": sent}
        tag = full.headers.get("etag", "")
        if chance.random() < 0.4:
            headers[chance.choice(["If_Match", "If_None_Match", "If_Range"])] = chance.choice(
                [tag, "*", '"other"', f"W/{tag}", "garbage"]
            )
        part = client.ask(path, timeout=20, **headers)
    except OSError:
        ground.witness.count("no answer")
        return
    ground.witness.look((name, path, headers), part, proxied=name == "nginx")
    if part.status == 206 and part.headers.get("etag") == tag and "content-range" not in part.headers:
        ground.witness.count("multipart")
    elif part.status == 206 and part.headers.get("etag") == tag:
        first, _, rest = part.headers["content-range"].removeprefix("bytes ").partition("-")
        last, _, total = rest.partition("/")
        if part.body != full.body[int(first) : int(last) + 1] or int(total) != len(full.body):
            ground.witness.accuse("wrong part", (name, path, headers, part.headers))
