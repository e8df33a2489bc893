"""The recipe for pages of other sites: all may read, those that are listed may act, and no other."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.http import Answer
from tests.kit.nginx import NGINX, RECIPES
from tests.kit.repository import ROOT
from tests.service.spending.conftest import ABSENT, ADDRESS, PAGE, PICTURE, Guarded, guarded_by, signed

pytestmark = [pytest.mark.nginx, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]

LISTED = (ROOT / RECIPES / "cors.conf").read_text().replace(f'# "{PAGE}"', f'"{PAGE}"')
"""The delivered recipe, without the # before its example."""
OTHER = "https://elsewhere.example"
IDLE = f"/dalle/simple/{ABSENT}"
START = f"{IDLE}?generate=1"
ANN: dict[str, Any] = {"Authorization": "Basic YW5uOmEgc2VjcmV0"}
BY_FETCH: dict[str, Any] = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors"}
ALLOWS = "access-control-allow-origin"
DOCUMENT = json.loads((ROOT / "app/web/programs/openapi.json").read_text())


@pytest.fixture(scope="module")
def open_to_others() -> Iterator[Guarded]:
    with guarded_by(["cors"], cors=LISTED) as made:
        (made.place.output / "note.txt").write_text("a note")
        yield made


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guarded]:
    with guarded_by(["cors", "password", "links", "limits"], cors=LISTED) as made:
        yield made


def is_kept(answer: Answer, origin: str, **expected: str) -> None:
    assert answer.headers.get(ALLOWS, "") == origin, answer.headers
    for name, value in expected.items():
        assert answer.headers.get(name.replace("_", "-"), "") == value


# Path, headers → status; all of them are reads.
READS: list[tuple[str, dict[str, Any], int]] = [
    (PICTURE, {}, 200),
    (f"{PICTURE}.png", {}, 200),
    (f"{PICTURE}?w=64", {}, 200),
    (f"{PICTURE}?v=VERSION", {}, 200),
    (f"{PICTURE}?v=VERSION&w=64", {}, 200),
    (f"{PICTURE}?x=1", {}, 200),
    (f"{PICTURE}?placeholder=1", {}, 200),
    (PICTURE, {"If_None_Match": "ETAG"}, 304),
    (f"{PICTURE}?x=1", {"If_None_Match": "ETAG"}, 304),
    (f"{PICTURE}?w=64", {"If_None_Match": "ETAG"}, 304),
    ("/static/gallery.css", {"If_None_Match": "ETAG"}, 304),
    (PICTURE, {"Range": "bytes=0-9"}, 206),
    (PICTURE, {"Range": "bytes=99999999-"}, 416),
    ("/files/note.txt", {"Range": "bytes=99-"}, 416),
    (PICTURE, {"If_Match": '"other"'}, 412),
    (IDLE, {}, 200),
    (IDLE, {"Prefer": "wait=1"}, 200),
    (f"{IDLE}.png", {}, 404),
    (f"{IDLE}?placeholder=1", {}, 200),
    ("/dalle/simple/0x12", {}, 400),
    (f"/dalle/nosuch/{ADDRESS}", {}, 400),
    (f"/metadata/simple/{ADDRESS}", {}, 200),
    (f"/metadata/simple/{ABSENT}", {}, 404),
    (f"/files/simple/progress/{ADDRESS}.json", {}, 200),
    ("/files/note.txt", {}, 200),
    ("/files/none.txt", {}, 404),
    ("/static/gallery.css", {}, 200),
    ("/static/none.css", {}, 404),
    ("/", {}, 200),
    ("/series", {}, 200),
    ("/preview", {}, 200),
    ("/preview/items", {}, 200),
    ("/openapi.json", {}, 200),
    ("/health?check=liveness", {}, 200),
    ("/oembed?url=x&format=xml", {}, 501),
    ("/nowhere", {}, 404),
    ("/_error", {}, 404),
    ("/_options", {}, 404),
    ("/series", {"Expect": "the unexpected"}, 417),
    (f"/{'x' * 20_000}", {}, 414),
    ("/series", {"X_Long": "x" * 20_000}, 431),
]


@pytest.mark.parametrize("origin", ["", PAGE, OTHER, "null"], ids=["no origin", "listed", "another", "null"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_lets_every_page_read(open_to_others: Guarded, method: str, origin: str) -> None:
    """The same answer for all, whether or not the request names an origin: caches may give one's to another."""
    front = open_to_others.front
    version = open_to_others.behind.ask(f"{PICTURE}?generate=1").json["version"]
    headers: dict[str, Any] = {"Origin": origin} if origin else {}
    for path, more, status in READS:
        target = path.replace("VERSION", version)
        sent: dict[str, Any] = {
            name: front.ask(target).headers["etag"] if value == "ETAG" else value for name, value in more.items()
        }
        answer = front.ask(target, method, **sent, **headers)
        expected = 200 if method == "HEAD" and "Range" in more else status  # only a GET has ranges (RFC 9110, 14.2)
        assert answer.status == expected, (target, answer.status)
        is_kept(answer, "*", access_control_allow_credentials="")
        assert "Origin" not in answer.headers.get("vary", "")
        exposed = answer.headers["access-control-expose-headers"]
        assert {"ETag", "X-Request-ID", "Retry-After"} < set(exposed.split(", "))


def test_lets_pages_read_what_a_broken_request_is_answered(open_to_others: Guarded) -> None:
    for request in (b"nonsense\r\n\r\n", b"GET /series HTTP/1.1\r\n\r\n", b"GET / HTTP/3.7\r\nHost: x\r\n\r\n"):
        answer = open_to_others.front.send(request)
        assert 400 <= answer.status < 500
        is_kept(answer, "*")
    too_large = f"POST /series HTTP/1.1\r\nHost: x\r\nOrigin: {PAGE}\r\nContent-Length: 99999999\r\n\r\n"
    answer = open_to_others.front.send(too_large.encode())
    assert answer.status == 413
    is_kept(answer, "*")


@pytest.mark.parametrize("path", ["/metrics", "/errors", "/%6detrics", "/x/../errors", "/metrics?format=json"])
def test_lets_no_page_read_what_is_the_operators(open_to_others: Guarded, path: str) -> None:
    answer = open_to_others.front.ask(path, Origin=PAGE)
    assert answer.status in (200, 404)
    is_kept(answer, "")


def test_exposes_every_header_that_the_description_names(open_to_others: Guarded) -> None:
    safe = {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
    named = set(DOCUMENT["components"].get("headers", {}))
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            for answer in operation.get("responses", {}).values() if isinstance(operation, dict) else ():
                named |= set(answer.get("headers", {}))
    exposed = open_to_others.front.ask("/series").headers["access-control-expose-headers"].lower().split(", ")
    for_browsers = {"vary", "content-security-policy", "www-authenticate", "location"}
    missing = {name.lower() for name in named} - safe - for_browsers - set(exposed)
    assert missing == set()
    assert {"x-dalle-state", "preference-applied", "content-range", "accept-ranges", "retry-after"} <= set(exposed)


ACTS: list[tuple[str, str]] = [
    ("GET", f"{PICTURE}?generate=1"),
    ("GET", f"{PICTURE}?generate"),
    ("GET", f"{PICTURE}?%67enerate=1"),
    ("DELETE", PICTURE),
    ("POST", PICTURE),
]


@pytest.mark.parametrize(("method", "target"), ACTS)
def test_lets_only_pages_act_that_are_listed(open_to_others: Guarded, method: str, target: str) -> None:
    front = open_to_others.front
    allowed = front.ask(target, method, Origin=PAGE, **BY_FETCH)
    assert allowed.status == (405 if method == "POST" else 200)
    is_kept(allowed, PAGE, access_control_allow_credentials="true")
    assert "Origin" in allowed.headers["vary"]
    for origin in (OTHER, "null", f"{PAGE}.evil.example", f"{PAGE}:444", "http://app.example.org", f"{PAGE}/"):
        refused = front.ask(target, method, Origin=origin, **BY_FETCH)
        assert (refused.status, refused.error["code"]) == (403, "FORBIDDEN"), origin
        is_kept(refused, "", access_control_allow_credentials="")
        assert "Origin" in refused.headers["vary"]
    near: dict[str, Any] = {"Origin": "https://named.example", "Sec_Fetch_Site": "same-origin"}
    same: dict[str, Any] = {"Origin": front.url}
    for own in ({}, same, near):
        assert front.ask(target, method, **own).status == allowed.status, own
    assert open_to_others.is_untouched()


@pytest.mark.parametrize(
    "origin", ["https://a.b.c", "https://xa.b", "https://axb", "a.b", "//a.b", "https://a.b:81", "null"]
)
def test_is_fooled_by_no_other_host(open_to_others: Guarded, origin: str) -> None:
    assert open_to_others.front.ask(START, Host="a.b", Origin=origin).status == 403
    assert open_to_others.front.ask(START, Host="a.b", Origin=f"{origin} a.b").status == 403
    assert open_to_others.is_untouched()


def preflight(guarded: Guarded, target: str, asked: str, origin: str = PAGE, **more: str) -> Answer:
    headers: dict[str, Any] = {"Origin": origin, "Access_Control_Request_Method": asked, **more}
    answer = guarded.front.ask(target, "OPTIONS", **headers)
    assert (answer.status, answer.body) == (204, b"")
    return answer


@pytest.mark.parametrize("which", ["open_to_others", "guarded"])
def test_answers_who_asks_first_without_a_password(which: str, request: pytest.FixtureRequest) -> None:
    """A browser never sends one with OPTIONS."""
    made: Guarded = request.getfixturevalue(which)
    for target, asked in ((START, "GET"), (PICTURE, "DELETE"), ("/preview/make", "POST")):
        answer = preflight(made, target, asked)
        is_kept(answer, PAGE, access_control_allow_credentials="true")
        assert asked in answer.headers["access-control-allow-methods"].split(", ")
        is_kept(preflight(made, target, asked, OTHER), "")
    for target in (PICTURE, IDLE, "/series", "/nowhere"):
        for origin in (PAGE, OTHER, "null"):
            answer = preflight(made, target, "GET", origin, Access_Control_Request_Headers="prefer")
            is_kept(answer, "*")
            allowed = answer.headers["access-control-allow-headers"].lower().split(", ")
            assert {"prefer", "authorization", "if-none-match", "range", "content-type"} <= set(allowed)
    bare = made.front.ask(PICTURE, "OPTIONS")
    assert (bare.status, bare.headers["allow"], bare.headers.get(ALLOWS)) == (204, "DELETE, GET, HEAD, OPTIONS", None)
    assert made.is_untouched()


def test_allows_what_the_description_and_the_application_allow(open_to_others: Guarded) -> None:
    for path, operations in DOCUMENT["paths"].items():
        target = path.replace("{series}", "simple").replace("{address}", ADDRESS).replace("{path}", "note.txt")
        methods = {name.upper() for name in operations} & {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"}
        methods |= {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())
        allowed = open_to_others.front.ask(target, "OPTIONS").headers["allow"].split(", ")
        by_application = open_to_others.behind.ask(target, "PATCH").headers["allow"].split(", ")
        assert allowed == sorted({*by_application, "OPTIONS"}), path
        assert methods <= set(allowed), path


def test_answers_an_options_that_is_an_error_as_one(open_to_others: Guarded) -> None:
    head = f"OPTIONS /series HTTP/1.1\r\nHost: x\r\nOrigin: {PAGE}\r\nContent-Length: 99999999\r\n\r\n"
    answer = open_to_others.front.send(head.encode())
    assert (answer.status, answer.error["code"]) == (413, "PAYLOAD_TOO_LARGE")


def test_goes_with_the_password(guarded: Guarded) -> None:
    """A page that is listed acts with the password, by script; what it embeds does not, nor does any other page."""
    target = f"{PICTURE}?generate=1"
    asked = guarded.front.ask(target, Origin=PAGE, **BY_FETCH)
    assert (asked.status, asked.error["code"], asked.headers[ALLOWS]) == (401, "UNAUTHORIZED", PAGE)
    allowed = guarded.front.ask(target, Origin=PAGE, **BY_FETCH, **ANN)
    assert (allowed.status, allowed.headers[ALLOWS]) == (200, PAGE)
    embedded = {**BY_FETCH, "Sec_Fetch_Mode": "no-cors"}
    for headers in (
        {**embedded, "Origin": PAGE},
        embedded,
        {**BY_FETCH, "Origin": OTHER},
        {**embedded, "Origin": OTHER},
    ):
        for password in ({}, ANN):
            assert guarded.front.ask(target, **headers, **password).status == 403, headers
    by_form = {"Origin": PAGE, "Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", **ANN}
    assert guarded.front.ask("/preview/make", "POST", **by_form).status == 403
    assert guarded.is_untouched()


def test_goes_with_signed_links(guarded: Guarded) -> None:
    link = signed(PICTURE, 2**31)
    assert guarded.front.ask(link, Origin=PAGE, **BY_FETCH).headers[ALLOWS] == PAGE
    assert guarded.front.ask(link, **{**BY_FETCH, "Sec_Fetch_Mode": "no-cors"}).status == 200
    is_kept(guarded.front.ask(link, Origin=OTHER, **BY_FETCH), "")
    assert guarded.is_untouched()


def test_changes_nothing_until_it_is_switched_on() -> None:
    with guarded_by([]) as made:
        for path, origin in ((PICTURE, PAGE), (IDLE, ""), ("/nowhere", OTHER), (f"{PICTURE}?generate=1", PAGE)):
            headers: dict[str, Any] = {"Origin": origin} if origin else {}
            answer = made.front.ask(path, **headers)
            assert not [name for name in answer.headers if name.startswith("access-control")]
        assert made.front.ask(f"{PICTURE}?generate=1", Origin=OTHER, **BY_FETCH).status == 200
        assert made.front.ask(PICTURE, "OPTIONS", Origin=PAGE).status == made.behind.ask(PICTURE, "OPTIONS").status
