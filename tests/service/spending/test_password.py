"""nginx with the recipe for a password: it is asked of those who act, and of nobody who reads."""

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from tests.kit.environment import environment
from tests.kit.http import Answer
from tests.kit.nginx import NGINX
from tests.service.spending.conftest import ABSENT, ADDRESS, PICTURE, Guarded, guarded_by

pytestmark = [pytest.mark.nginx, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]

PASSWORD: dict[str, Any] = {"Authorization": f"Basic {b64encode(b'ann:a secret').decode()}"}
ELSEWHERE: dict[str, Any] = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}
"""An image on a page of another site."""


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    with guarded_by(["password"]) as made:
        yield made


@pytest.mark.parametrize(
    ("method", "target"),
    [
        *[("GET", f"/dalle/simple/{ABSENT}?{query}") for query in ("generate=1", "generate", "remove=1", "generate=")],
        ("GET", f"{PICTURE}?w=64&remove=1"),
        ("GET", f"{PICTURE}/?remove=1"),
        ("GET", f"{PICTURE}?generate=0&generate=1"),
        ("HEAD", f"{PICTURE}?remove=1"),
        *[("POST", path) for path in ("/preview/make", "/preview/again", PICTURE, "/series", "/nowhere")],
        *[("POST", path) for path in ("/workshop", "/workshop?name=saved", "//workshop", "/workshop/", "/%77orkshop")],
        *[(method, PICTURE) for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "X-Y")],
    ],
)
def test_is_asked_of_what_acts(guarded: Guarded, method: str, target: str) -> None:
    answer = guarded.front.ask(target, method)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Basic realm="dalleserver"')
    assert answer.headers["cache-control"] == "no-store"
    assert method == "HEAD" or answer.error["code"] == "UNAUTHORIZED"
    assert guarded.front.ask(target, method, Authorization="Basic YW5uOndyb25n").status == 401
    assert guarded.front.ask(target, "HEAD", **PASSWORD).status != 401
    assert guarded.is_untouched()


@pytest.mark.parametrize(
    "target",
    [
        PICTURE,
        f"{PICTURE}/",
        f"{PICTURE}?w=64",
        f"{PICTURE}?x=%2F",
        f"{PICTURE}?GENERATE=1",
        f"{PICTURE}?x=generate",
        f"{PICTURE}?generated=1",
        f"/dalle/simple/{ABSENT}",
        f"/preview?picture={quote(f'simple/{ADDRESS}', safe='')}",
        f"/preview?picture=simple%2F{ADDRESS}&series=simple",
        "/preview?q=J%C3%BCrgen%2C+generate",
        "/preview?q=%67enerate&generate=1&remove=1",
        f"/preview/items?after={quote('1/2 3', safe='')}&q=%6f",
        "/series?x=%67",
        "/oembed?url=https%3A%2F%2Fx%2Fdalle%2Fsimple%2F0x1%3Fgenerate%3D1",
        "/feed.atom?series=%73imple",
        "/workshop?name=generate&nouns=%2Cowl%2C&do=save",
        "/workshop/draft?from=simple&remove=1",
        "/workshop/series.json?from=simple",
        "/static/gallery.css?v=12ab",
        "/files/with%20space.txt?%67enerate=1",
        "/?generate=1",
        "/health?check=liveness",
        "/runs",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_is_asked_of_no_reader(guarded: Guarded, method: str, target: str) -> None:
    for headers in ({}, PASSWORD, ELSEWHERE, {**PASSWORD, **ELSEWHERE}):
        assert guarded.front.ask(target, method, **headers).status in (200, 400, 404), headers
    assert guarded.is_untouched()


PATHS = (
    "/dalle/simple/{}", "//dalle/simple/{}", "///dalle/simple/{}", "/dalle/simple/{}/", "/DALLE/simple/{}",
    "/%64alle/simple/{}", "/dall%65/simple/{}", "/%2Fdalle/simple/{}", "%2Fdalle/simple/{}", "/dalle%2Fsimple%2F{}",
    "/./dalle/simple/{}", "/preview/../dalle/simple/{}", "/preview/%2e%2e/dalle/simple/{}",
    "/preview%2F../dalle/simple/{}", "/preview/..;/dalle/simple/{}", "/series//dalle/simple/{}", "/dalle/simple/{}#",
    "/preview#/dalle/simple/{}", "/dalle/simple/{}%3F", "/dalle?/simple/{}", "/dalle\\simple/{}", "/dalle/simple/{}.",
    "/dalle./simple/{}", "/dalle;x/simple/{}", "/dalle/simple/{};x", "http://x/dalle/simple/{}",
    "http://x//dalle/simple/{}", "http://preview/dalle/simple/{}", "HTTP://x/%64alle/simple/{}",
)  # fmt: skip
QUERIES = (
    "{}=1", "{}", "x&{}=1", "&{}=1", "?{}=1", "x?{}=1", "x;{}=1", ";{}=1", "x=%26{}=1", "x%26{}=1", "+{}=1", "{}+=1",
    "{}=1#", "{}#", "{}#x", "#{}=1", "x#&{}=1", "{}=%31", "{}%3D1", "{}%00=1", "{}.=1", "{}[]=1", "{}=1.", "{}=+1",
    "{}&{}=1", "{}=0&{}=1", "{}=1&{}=0", "{}==1", "{}= 1", "{}=1;", 'x="&{}=1', "%23&{}=1", "%3F{}=1", "w=64&{}=1",
)  # fmt: skip


def spellings(name: str) -> list[str]:
    """The name with its letters escaped, all of them and one at a time, in other cases and with something beside it."""
    escaped = [f"%{ord(letter):02x}" for letter in name]
    one = ["".join([name[:at], escaped[at], name[at + 1 :]]) for at in range(len(name))]
    return [
        name,
        "".join(escaped),
        "".join(escaped).upper(),
        *one,
        name.upper(),
        name.title(),
        f" {name}",
        f"%20{name}",
    ]


@pytest.mark.parametrize(("name", "address"), [("generate", ABSENT), ("remove", ADDRESS)])
def test_has_no_way_around(guarded: Guarded, name: str, address: str) -> None:
    """Whatever is not asked does nothing. Some of it is no request at all."""
    plain, hidden, *others = spellings(name)
    for path in PATHS:
        spelled = (plain, hidden, *others) if path == PATHS[0] else (plain, hidden)
        for query in (query.replace("{}", spelling) for spelling in spelled for query in QUERIES):
            target = f"{path.format(address)}?{query}"
            guarded.front.send(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert guarded.is_untouched(), path


@pytest.mark.parametrize("mode", ["no-cors", "navigate", "cors", ""])
def test_is_not_lent_to_pages_of_other_sites(guarded: Guarded, mode: str) -> None:
    elsewhere = {**ELSEWHERE, "Sec_Fetch_Mode": mode, **PASSWORD}
    for target, method in ((f"/dalle/simple/{ABSENT}?generate=1", "GET"), (f"{PICTURE}?%72emove=1", "GET")):
        answer = guarded.front.ask(target, method, **elsewhere)
        assert (answer.status, answer.error["code"]) == (403, "FORBIDDEN")
    assert guarded.front.ask("/preview/make", "POST", **elsewhere).status == 403
    without = guarded.front.ask(f"/dalle/simple/{ABSENT}?generate=1", **{**ELSEWHERE, "Sec_Fetch_Mode": mode})
    assert without.status == (403 if mode == "no-cors" else 401)  # nobody is asked by an image
    assert guarded.is_untouched()


def test_is_asked_of_those_who_save_a_series(guarded: Guarded) -> None:
    def post(**headers: Any) -> Answer:
        headers = {"Content-Type": "application/json", **headers}
        return guarded.front.ask("/workshop?name=quiet-owls", "POST", b'{"nouns": [",owl,"]}', **headers)

    assert post().status == 401
    for site in ("cross-site", "same-site"):
        assert post(**PASSWORD, Sec_Fetch_Site=site).status == 403
    assert "quiet-owls" not in guarded.front.ask("/series").data["series"]
    answer = post(**PASSWORD, Sec_Fetch_Site="same-origin")
    assert (answer.status, answer.data["name"]) == (200, "quiet-owls")
    assert "quiet-owls" in guarded.front.ask("/series").data["series"]
    assert guarded.is_untouched()


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none", ""])
def test_lets_those_act_who_know_it(guarded: Guarded, site: str) -> None:
    headers: dict[str, Any] = {**PASSWORD, **({"Sec_Fetch_Site": site} if site else {})}
    answer = guarded.front.ask(f"{PICTURE}?generate=1", **headers)
    assert (answer.status, answer.json["cacheHit"]) == (200, True)


def test_is_named_by_the_command_line(guarded: Guarded) -> None:
    def generate(server: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app.cli", "generate", "simple", ADDRESS, "--server", server]
        return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)

    without = generate(guarded.front.url)
    assert (without.returncode, "https://name:password@host" in without.stderr) == (5, True)
    wrong = generate(guarded.front.url.replace("//", "//ann:wrong@"))
    assert (wrong.returncode, "does not accept" in wrong.stderr) == (5, True)
    assert generate(guarded.front.url.replace("//", "//ann:a%20secret@")).returncode == 0
