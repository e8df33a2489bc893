"""Versions of a picture, from nginx and from the application: what is called immutable never changes."""

import itertools
import os
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from dalle.storage.version import version_of
from tests.kit.http import Answer, Client
from tests.kit.images import as_file, noise
from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.stub import Stub
from tests.kit.waiting import wait
from tests.service.http.conftest import ABSENT, PICTURE, Both, request

pytestmark = pytest.mark.nginx

IMMUTABLE = "public, max-age=31536000, immutable"
ROUNDS = int(os.environ.get("DALLE_ROUNDS", "8"))
"""How often a picture is removed and made again while it is read; 1,000 take some minutes."""

# A query, with {v} for the version of the picture → content type and Cache-Control.
QUERIES: list[tuple[str, str, str]] = [
    ("v={v}", "image/png", IMMUTABLE),
    ("v={v}&w=64", "image/webp", IMMUTABLE),
    ("w=512&v={v}", "image/webp", IMMUTABLE),
    ("v={v}&x=1", "image/png", IMMUTABLE),
    ("%76={v}", "image/png", IMMUTABLE),
    ("v={v}&v=0123456789abcdef", "image/png", IMMUTABLE),
    ("v=0123456789abcdef&v={v}", "image/png", "no-cache"),
    ("v=0123456789abcdef", "image/png", "no-cache"),
    ("v=0123456789abcdef&w=64", "image/webp", "no-cache"),
    ("w=64&v=0123456789abcdef", "image/webp", "no-cache"),
    ("v=", "image/png", "no-cache"),
    ("v", "image/png", "no-cache"),
    ("V={v}", "image/png", "no-cache"),
    ("v={v}0", "image/png", "no-cache"),
    ("v=../{v}", "image/png", "no-cache"),
    ("v={v};w=64", "image/png", "no-cache"),
    ("v={v}&generate", "image/png", "no-cache"),
    ("generate=0&v={v}", "image/png", "no-cache"),
    ("v={v}&remove=0&w=64", "image/webp", "no-cache"),
]


@pytest.mark.parametrize("ending", ["", ".png"])
@pytest.mark.parametrize("query", QUERIES, ids=lambda row: row[0])
def test_calls_immutable_what_is_that_version(both: Both, query: tuple[str, str, str], ending: str) -> None:
    text, kind, caching = query
    path = f"{PICTURE}{ending}?{text.format(v=both.version)}"
    answer = both.send(request(f"GET {path} HTTP/1.1"))
    assert (answer.status, answer.headers["content-type"], answer.headers["cache-control"]) == (200, kind, caching)
    plain = both.send(request(f"GET {PICTURE}{f'?w={width_in(text)}' if width_in(text) else ''} HTTP/1.1"))
    assert (answer.body, answer.headers["etag"]) == (plain.body, plain.headers["etag"])
    assert kind != "image/png" or version_of(answer.body) == both.version
    head = both.send(request(f"HEAD {path} HTTP/1.1"))
    assert (head.status, head.headers["cache-control"]) == (200, caching)


def width_in(query: str) -> str:
    return next((part[2:] for part in query.split("&") if part.startswith("w=")), "")


def test_refuses_a_width_of_a_version_that_is_not_made(both: Both) -> None:
    for query in (f"v={both.version}&w=65", f"w=&v={both.version}", "v=0123456789abcdef&w=65"):
        answer = both.send(request(f"GET {PICTURE}?{query} HTTP/1.1"))
        assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST")


def test_keeps_the_caching_of_a_version_when_a_client_has_it(both: Both) -> None:
    path = f"{PICTURE}?v={both.version}"
    tag = both.send(request(f"GET {path} HTTP/1.1")).headers["etag"]
    answer = both.send(request(f"GET {path} HTTP/1.1", f"If-None-Match: {tag}"))
    assert (answer.status, answer.headers["cache-control"]) == (304, IMMUTABLE)


def test_ignores_a_version_of_what_is_not_there(both: Both) -> None:
    for query in (f"v={both.version}", f"v={both.version}&w=64"):
        answer = both.send(request(f"GET {ABSENT}?{query} HTTP/1.1"))
        assert (answer.data, answer.headers["cache-control"]) == ({}, "no-store")


def test_ignores_a_version_beside_generate(both: Both) -> None:
    answer = both.behind.ask(f"{PICTURE}?generate=1&v={both.version}")
    assert (answer.json["cacheHit"], answer.json["version"], answer.headers["cache-control"]) == (
        *(True, both.version),
        "no-store",
    )


# -- a picture that is removed and made again ------------------------------------------------------------------------


@dataclass(frozen=True)
class Shop:
    """nginx before a service whose provider paints another picture at each call."""

    front: Client
    behind: Client
    output: Path
    stub: Stub
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def make(self, path: str) -> str:
        """Returns the version of the new picture."""
        painted = b64encode(as_file(noise(96, 96, seed=next(self.numbers)))).decode()
        self.stub.script([{"answer": {"json": {"data": [{"b64_json": painted}]}}}])
        report = self.behind.painted(path).json
        assert (report["error"], len(report["version"])) == ("", 16)
        return str(report["version"])

    def remove(self, path: str) -> None:
        assert self.behind.ask(f"{path}?remove=1").status == 200

    def names(self, path: str) -> list[Path]:
        """Returns the files of versions."""
        return list((self.output / "simple" / "versions").rglob(f"{path.rpartition('/')[2]}.*.*"))


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    if NGINX is None:
        pytest.skip("nginx is not installed")
    with Stub() as stub, Place() as place:
        service = place.service(variables=stub.variables, NO_ENHANCE=1)
        with service, Nginx(place) as nginx:
            yield Shop(nginx.client, service.client, place.output, stub)


@pytest.fixture
def path(address: str) -> str:
    return f"/dalle/simple/{address}"


def test_forgets_a_version_with_its_picture(shop: Shop, path: str) -> None:
    first = shop.make(path)
    shop.remove(path)
    for client in (shop.front, shop.behind):
        assert client.ask(f"{path}?v={first}").data == {}
    second = shop.make(path)
    assert second != first
    for client in (shop.front, shop.behind):
        answer = client.ask(f"{path}?v={first}")
        assert (version_of(answer.body), answer.headers["cache-control"]) == (second, "no-cache")
        assert client.ask(f"{path}?v={second}&w=64").headers["cache-control"] == IMMUTABLE


def test_serves_no_version_whose_picture_was_removed_by_hand(shop: Shop, path: str) -> None:
    version = shop.make(path)
    item = shop.behind.ask("/preview/items").data["items"][0]
    assert (item["image"], item["version"]) == (path, version)
    (shop.output / "simple" / "annotated" / f"{item['address']}.png").unlink()
    for client in (shop.front, shop.behind):
        assert client.ask(f"{path}?v={version}").headers["content-type"] == "application/json"
    wait(lambda: not shop.names(path), "the caretaker")


def test_makes_small_pictures_of_a_version_that_has_none(shop: Shop, path: str) -> None:
    version = shop.make(path)
    for name in shop.names(path):
        if name.suffix == ".webp":
            name.unlink()
    answers = [client.ask(f"{path}?w=64&v={version}") for client in (shop.front, shop.behind)]
    assert {answer.headers["cache-control"] for answer in answers} == {IMMUTABLE}
    assert answers[0].body == answers[1].body
    assert len([name for name in shop.names(path) if name.suffix == ".webp"]) == 1


class Readers:
    """Clients that read the latest versions over and over."""

    def __init__(self, shop: Shop, path: str) -> None:
        self.path = path
        self.versions = [shop.make(path)]
        self.immutable = 0
        self.wrong: list[str] = []
        self.small: dict[str, bytes] = {}
        self.over = threading.Event()
        kinds = itertools.product((shop.front, shop.behind), ("", "&w=64"))
        self.threads = [threading.Thread(target=self.read, args=kind) for kind in kinds]

    def read(self, client: Client, suffix: str) -> None:
        while not self.over.is_set():
            for version in self.versions[-3:]:
                answer = client.ask(f"{self.path}?v={version}{suffix}")
                if answer.headers.get("cache-control") == IMMUTABLE:
                    self.immutable += 1
                    self.check(answer, version)

    def check(self, answer: Answer, version: str) -> None:
        if answer.headers["content-type"] == "image/png":
            right = version_of(answer.body) == version
        else:
            right = self.small.setdefault(version, answer.body) == answer.body
        if not right:
            self.wrong.append(version)


@pytest.mark.timeout(120 + 3 * ROUNDS)
def test_calls_nothing_else_immutable_while_a_picture_is_removed_and_made_again(shop: Shop, path: str) -> None:
    readers = Readers(shop, path)
    for thread in readers.threads:
        thread.start()
    try:
        for _ in range(ROUNDS):
            shop.remove(path)
            readers.versions.append(shop.make(path))
    finally:
        readers.over.set()
        for thread in readers.threads:
            thread.join()
    assert readers.wrong == []
    assert readers.immutable > ROUNDS
    assert len(set(readers.versions)) == ROUNDS + 1
    assert {name.name.split(".")[1] for name in shop.names(path)} == {readers.versions[-1]}
