"""Signed links: each starts one run until it expires, and nothing that is made of it does anything else."""

import hashlib
import re
import shutil
import subprocess
import time
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.http import Answer
from tests.kit.nginx import NGINX
from tests.kit.repository import ROOT
from tests.service.spending.conftest import (
    ABSENT,
    ADDRESS,
    PICTURE,
    SECRET,
    Guarded,
    command,
    guarded_by,
    signed,
)

pytestmark = [pytest.mark.nginx, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]

PATH = f"/dalle/simple/{ABSENT}"
LATER = int(time.time()) + 86_400
GOOD = signed(PATH, LATER)
OF_PICTURE = signed(PICTURE, LATER)
QUERY, MD5 = GOOD.partition("?")[2], GOOD.rpartition("=")[2]
ANN: dict[str, Any] = {"Authorization": f"Basic {b64encode(b'ann:a secret').decode()}"}
ELSEWHERE: dict[str, Any] = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}


@pytest.fixture(scope="module", params=[["links"], ["password", "links"]], ids="+".join)
def guarded(request: pytest.FixtureRequest) -> Iterator[Guarded]:
    with guarded_by(request.param) as made:
        yield made


def digest(text: str) -> bytes:
    return hashlib.md5(text.encode()).digest()  # noqa: S324 — as nginx does


def with_digest(value: bytes) -> str:
    """The link with another signature."""
    return GOOD.replace(MD5, urlsafe_b64encode(value).decode().rstrip("="))


def same_bytes() -> list[str]:
    """All other texts of as many digits that mean the bytes of the signature."""
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [f"{MD5[:-1]}{digit}" for digit in digits if digit != MD5[-1]]
    return [text for text in others if urlsafe_b64decode(f"{text}==") == urlsafe_b64decode(f"{MD5}==")]


APPENDED = (
    "&remove=1", "&remove=1&generate=1", "&generate=1", "&generate=0", "&generate", "&w=64", "&placeholder=1",
    "&wait=60", "&wait", "&v=0123456789abcdef", "&", "&&", "&x", "&x=1", "=", "==", "%3D", "%00", "%20", "%0a", "+",
    ";", ";remove=1", "#", "#x", "#&remove=1", "?", "?remove=1", "/", "&%72emove=1", "%26remove=1", "\\", "\t", "\x00",
    "\x7f", "\xa0", ",1",
)  # fmt: skip
PREPENDED = (
    "remove=1&", "generate=1&", "w=64&", "placeholder=1&", "wait=60&", "&", "x&", "?", "#", "%20", "+", ";",
)  # fmt: skip
DIGITS = ABSENT[2:]
PATHS = (
    f"/dalle/simple/{ADDRESS}", f"/dalle/empty/{ABSENT}", f"/dalle/SIMPLE/{ABSENT}", f"/DALLE/simple/{ABSENT}",
    f"/dalle/simple/0x{DIGITS.upper()}", f"/dalle/simple/{ABSENT.upper()}", f"{PATH}/", f"{PATH}//", f"{PATH}.png",
    f"//dalle/simple/{ABSENT}", f"/dalle//simple/{ABSENT}", f"/dalle/simple//{ABSENT}", f"/./dalle/simple/{ABSENT}",
    f"/dalle/./simple/{ABSENT}", f"/dalle/simple/./{ABSENT}", f"{PATH}/.", f"{PATH}/./", f"/x/..{PATH}", f"{PATH}/..",
    f"/dalle/empty/../simple/{ABSENT}", f"{PATH}/../{ABSENT}", f"{PATH}/../{ADDRESS}", f"/%64alle/simple/{ABSENT}",
    f"/dalle/%73imple/{ABSENT}", f"/dalle/simple/%30x{DIGITS}", f"/dalle/simple%2F{ABSENT}",
    f"/dalle%2Fsimple/{ABSENT}",
    f"{PATH}%2F", f"{PATH}%20", f"{PATH}%00", f"{PATH}%0a", f"{PATH}\x00", f"{PATH};", f"{PATH};x", f"{PATH}#",
    f"{PATH}%3F",
    f"/preview/..{PATH}", f"/preview/%2e%2e{PATH}", f"/preview/..;{PATH}", f"{PATH}&", f"{PATH}?",
    f"\\dalle\\simple\\{ABSENT}", f"/prompts/simple/{ABSENT}/..{PATH}", f"http://x//dalle/simple/{ABSENT}",
    f"http://x/dalle/simple/{ADDRESS}",
)  # fmt: skip
METHODS = ("HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "get", "Get", "X-Y", "GET-X", "XGET")
NAMES = {
    "generate": (
        "%67enerate", "gener%61te", "%47ENERATE", "GENERATE", "Generate", "generate%20", "generate[]", " generate",
        "remove",
        "%72emove",
    ),
    "generate=1": (
        "generate", "generate=", "generate=%31", "generate=01", "generate=1.", "generate=+1", "generate=1;",
        "generate==1",
        "generate=1&generate=1", "generate=0&generate=1", "remove=1", "placeholder=1&generate=1",
    ),
    "expires": ("%65xpires", "Expires", "expires%20", "expire", "e", "&expires"),
    "md5": ("%6dd5", "m%645", "MD5", "md5[]", "md", "&md5"),
    "&": (";", "%26", "&amp;", "&&"),
    str(LATER): (
        str(LATER + 1), str(LATER - 1), "9" * 10, "9" * 14, "9" * 19, "9" * 40, f"0{LATER}", f"+{LATER}", f" {LATER}",
        f"{LATER}.0", f"{LATER}0", hex(LATER), f"-{LATER}", "0", "", f"%31{str(LATER)[1:]}", f"{LATER}%00",
    ),
    MD5: (
        *same_bytes(), *(f"{MD5}{end}" for end in ("=", "==", "===", "%3D%3D", "A", "AA", "%20", ".")), MD5[:-1],
        MD5[1:],
        MD5.upper(), MD5.lower(), MD5.swapcase(), f" {MD5}", f"+{MD5}", f"%{ord(MD5[0]):02x}{MD5[1:]}", "A" * 22,
        "*" * 22,
        digest(f"{LATER}{PATH} {SECRET}").hex(), b64encode(digest(f"{LATER}{PATH} {SECRET}")).decode(),
    ),
}  # fmt: skip
"""What is in the query of a link → what is put there instead."""
QUERIES = (
    f"expires={LATER}&generate=1&md5={MD5}", f"generate=1&md5={MD5}&expires={LATER}", f"generate=1&expires={LATER}",
    f"md5={MD5}&expires={LATER}&generate=1", f"generate=1&md5={MD5}", "generate=1", "generate=1&expires=&md5=",
    "generate=1&expires&md5", f"generate=1&expires=&md5={MD5}", f"generate=1&expires={LATER}&md5=", f"{QUERY}&{QUERY}",
    f"generate=1&expires={LATER}&md5", f"generate=1&expires={LATER}&expires={LATER}&md5={MD5}", f"{QUERY}&md5={MD5}",
    f"generate=1&expires=1&expires={LATER}&md5={MD5}", f"generate=1&expires={LATER}&expires=99999999999&md5={MD5}",
    f"generate=1&expires={LATER}&md5=x&md5={MD5}", f"{QUERY}&md5=x", f"generate=1&expires={LATER}%26md5={MD5}",
    f"generate=1&expires={LATER},{LATER}&md5={MD5}",
)  # fmt: skip
EXPIRED = (1, int(time.time()) - 5, 0, -1, -LATER, 10**15, 10**18, 10**19, 10**30)
"""Times that a secret was once used for, or that no clock knows."""
GUESSED = (
    f"{LATER}{PATH} ", f"{LATER}{PATH}", f"{LATER}{PATH} secret", f"{PATH} {SECRET}", f"{LATER} {SECRET}", f" {SECRET}",
    f"{LATER}{PATH}127.0.0.1 {SECRET}", f"{LATER}{PATH}{SECRET}", "",
)  # fmt: skip
"""What is hashed by who does not know the secret, and by other recipes than ours."""


def attacks() -> Iterator[tuple[str, str]]:
    """Methods and targets that a link was made into; each would start or remove something if it were taken for one."""
    for link in (GOOD, OF_PICTURE):
        yield from (("GET", f"{link}{text}") for text in APPENDED)
        yield from (("GET", link.replace("?", f"?{text}")) for text in PREPENDED)
        yield from ((method, link) for method in METHODS)
    yield "GET", OF_PICTURE.replace("generate", "remove")
    yield "DELETE", PICTURE
    yield from (("GET", f"{path}?{QUERY}") for path in PATHS)
    yield from (("GET", f"{PATH}?{QUERY.replace(old, new)}") for old, others in NAMES.items() for new in others)
    yield from (("GET", f"{PATH}?{query}") for query in QUERIES)
    yield from (("GET", signed(PATH, at)) for at in EXPIRED)
    yield from (("GET", with_digest(digest(text))) for text in GUESSED)
    yield from (("GET", with_digest(value)) for value in (b"", b"\0" * 16))
    yield "GET", GOOD.replace(f"?{QUERY}", f"%3F{QUERY}")
    # Two properly signed, for something else than a picture.
    yield "GET", signed("/preview/make", LATER)
    yield "POST", signed("/preview/make", LATER)


def sent(guarded: Guarded, method: str, target: str, *headers: str) -> Answer:
    lines = "".join(f"{header}\r\n" for header in headers)
    request = f"{method} {target} HTTP/1.1\r\nHost: x\r\n{lines}Connection: close\r\n\r\n"
    return guarded.front.send(request.encode("latin-1"))


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(4))
def test_does_nothing_else(guarded: Guarded, part: int) -> None:
    """What is left of it may be a plain read, which is answered."""
    table = list(dict.fromkeys(attacks()))
    assert len(table) > 250
    refused = 0
    for method, target in table[part::4]:
        answer = sent(guarded, method, target)
        assert answer.status in (200, 400, 401, 404, 405), (method, target)
        if answer.status == 401:
            refused += 1
            assert method == "HEAD" or answer.error["code"] == "UNAUTHORIZED"
        elif answer.status == 200:
            assert guarded.is_untouched(), (method, target)
    assert guarded.is_untouched()
    assert refused > len(table[part::4]) / 2


@pytest.mark.parametrize("appended", APPENDED[:10])
def test_takes_no_other_header_for_a_method_or_a_path(guarded: Guarded, appended: str) -> None:
    """A proxy of another kind, or a framework, would."""
    path, _, query = OF_PICTURE.partition("?")
    headers = ("X-HTTP-Method-Override: DELETE", "X-HTTP-Method: DELETE", "X-Method-Override: DELETE")
    moved = (
        f"X-Original-URL: {path}?remove=1",
        f"X-Rewrite-URL: {path}?{query}{appended}",
        f"X-Accel-Redirect: {PATH}",
    )
    answer = sent(guarded, "GET", OF_PICTURE, *headers, *moved)
    assert (answer.status, answer.json["cacheHit"]) == (200, True)
    assert sent(guarded, "GET", PATH, f"X-Original-URL: {GOOD}", f"X-Rewrite-URL: {GOOD}").json["data"] == {}
    assert sent(guarded, "GET", f"{PATH}?generate=1", f"X-Original-URI: {GOOD}", f"Referer: {GOOD}").status == 401
    assert guarded.is_untouched()


def own(number: int, series: str = "simple") -> str:
    """A path of its own, which no other test starts."""
    return f"/dalle/{series}/0x{number:040X}"


def test_starts_the_run_that_it_names(guarded: Guarded) -> None:
    target = signed(own(0xA1), LATER)
    assert guarded.front.ask(target, **ELSEWHERE).json["done"] is False
    assert guarded.front.ask(own(0xA1).lower()).data  # reading needs no link
    again = guarded.front.ask(target, Prefer="wait=60")
    assert (again.status, again.json["done"], again.json["error"]) == (200, True, "")


@pytest.mark.parametrize("form", ["http://x{}", "http://pictures.example.org:81{}", "{}"])
@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
def test_is_the_same_in_every_form_of_a_request(guarded: Guarded, form: str, version: str) -> None:
    """The host is not signed: nginx may be reached by several names."""
    request = f"GET {form.format(OF_PICTURE)} {version}\r\nHost: x\r\nConnection: close\r\n\r\n"
    answer = guarded.front.send(request.encode())
    assert (answer.status, answer.json["cacheHit"]) == (200, True)


def test_ends_when_it_expires(guarded: Guarded) -> None:
    over = guarded.front.ask(signed(PICTURE, int(time.time()) - 2))
    assert (over.status, over.error["code"], over.error["details"]) == (401, "UNAUTHORIZED", "the link has expired")
    assert over.headers["cache-control"] == "no-store"
    assert guarded.front.ask(signed(PICTURE, int(time.time()) + 30)).json["cacheHit"] is True


def test_says_what_would_do_instead(guarded: Guarded) -> None:
    changed = guarded.front.ask(with_digest(b"\0" * 16))
    assert changed.error["message"] == "A password or a signed link is needed"
    assert changed.error["details"] == "md5: expected the signature of this path and this time"
    bare = guarded.front.ask(f"{PATH}?generate=1")
    asks = (guarded.place.recipes / "password.conf").exists()
    challenge = 'Basic realm="dalleserver"' if asks else 'Signed-Link realm="dalleserver"'
    assert (bare.error["details"], bare.headers["www-authenticate"], changed.headers["www-authenticate"]) == (
        "",
        challenge,
        challenge,
    )


def test_is_not_needed_beside_the_password(guarded: Guarded) -> None:
    """Either will do, and a link of no use takes nothing from who has the password."""
    expected = 200 if (guarded.place.recipes / "password.conf").exists() else 401
    for target in (f"{PICTURE}?generate=1", f"{OF_PICTURE}&x", signed(PICTURE, 1)):
        assert guarded.front.ask(target, **ANN).status == expected, target
    assert guarded.front.ask(OF_PICTURE, Authorization="Basic bm9ib2R5OndybW9uZw==").status == 200
    assert guarded.front.ask("/preview/make", "POST", **ANN).status == (400 if expected == 200 else 401)


@pytest.mark.parametrize("headers", [ELSEWHERE, {**ELSEWHERE, **ANN}, {**ELSEWHERE, "Sec_Fetch_Mode": "navigate"}])
def test_can_be_embedded_elsewhere(guarded: Guarded, headers: dict[str, Any]) -> None:
    """Also where the browser sends the password along, which alone is not accepted from there."""
    assert guarded.front.ask(OF_PICTURE, **headers).status == 200
    assert guarded.front.ask(f"{PICTURE}?generate=1", **headers).status in (401, 403)


@pytest.mark.parametrize("series", ["simple", "SIMPLE"])
def test_is_made_by_the_command(guarded: Guarded, series: str) -> None:
    url = f"{guarded.front.url}{own(0xB2 + len(series), series)}"
    link = command("sign", url, "--for", "30m", LINK_SECRET=SECRET).strip()
    target = link.removeprefix(guarded.front.url)
    assert guarded.front.ask(target.replace(f"/{series}/", f"/{series.swapcase()}/")).status == 401
    assert guarded.front.ask(target).json["success"] is True
    of_another = command("sign", url, LINK_SECRET="x" * 32).strip()
    assert guarded.front.ask(of_another.removeprefix(guarded.front.url)).status == 401


@pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed")
def test_is_made_by_others_as_the_documentation_says(guarded: Guarded) -> None:
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    script = re.search(r"```sh\n(path=/dalle/.*?)```", page, re.DOTALL)
    assert script
    done = subprocess.run(
        ["sh", "-euc", script[1]],
        env={"PATH": "/usr/bin:/bin", "TB_DALLE_LINK_SECRET": SECRET},
        capture_output=True,
        text=True,
        check=True,
    )
    target = done.stdout.strip()
    assert target.startswith("/dalle/simple/0x")
    assert guarded.front.ask(target).json["success"] is True


def test_is_refused_where_nginx_has_no_secret() -> None:
    with guarded_by(["links"], known="# none yet") as guarded:
        for link in (GOOD, signed(PATH, LATER, ""), f"{PATH}?generate=1"):
            assert guarded.front.ask(link).status == 401
        assert guarded.front.ask(PATH).json["data"] == {}
        assert guarded.is_untouched()
