"""Methods, targets, names and bodies of requests: RFC 9110 and 9112."""

import pytest

from tests.service.http.conftest import ABSENT, ADDRESS, FAILED, PICTURE, Both, request

pytestmark = pytest.mark.nginx

PNG, JSON, TEXT, CSS = "image/png", "application/json", "text/plain; charset=utf-8", "text/css; charset=utf-8"
TAIL = ADDRESS[2:]

# Target of GET and HEAD → status, and content type or the code of an error.
TARGETS: list[tuple[str, int, str]] = [
    ("/", 200, TEXT),
    ("/?", 200, TEXT),
    ("/series", 200, JSON),
    ("/series?a=%zz", 200, JSON),
    ("/series/", 404, "NOT_FOUND"),
    ("/nowhere", 404, "NOT_FOUND"),
    (PICTURE, 200, PNG),
    (f"{PICTURE}/", 200, PNG),
    (f"{PICTURE}?", 200, PNG),
    (f"{PICTURE}#part", 200, PNG),
    (f"{PICTURE}?x=1", 200, PNG),
    (f"{PICTURE}?GENERATE=1", 200, PNG),
    (f"{PICTURE}?w=64", 200, "image/webp"),
    (f"{PICTURE}/?w=64", 200, "image/webp"),
    (f"{PICTURE}?w=64&x", 200, "image/webp"),
    (f"{PICTURE}?%77=64", 200, "image/webp"),
    (f"{PICTURE}?placeholder=1", 200, PNG),
    (f"{PICTURE}?placeholder=1&w=64", 200, "image/webp"),
    (f"{ABSENT}?placeholder=1", 200, "image/webp"),
    (f"{FAILED}?w=64&placeholder=1", 200, "image/webp"),
    (f"{ABSENT}?placeholder=1&w=65", 400, "INVALID_REQUEST"),
    (f"{ABSENT}?placeholder=0", 200, JSON),
    (f"{ABSENT}.png?placeholder=1", 404, "NOT_FOUND"),
    (f"{PICTURE}?w=64;x", 400, "INVALID_REQUEST"),
    (f"{PICTURE}?w=65", 400, "INVALID_REQUEST"),
    (f"{PICTURE}//", 400, "INVALID_ADDRESS"),
    (f"{PICTURE};x", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}.png", 200, PNG),
    (f"{PICTURE}.png?", 200, PNG),
    (f"{PICTURE}.png?x=1", 200, PNG),
    (f"{PICTURE}.png?w=64", 200, "image/webp"),
    (f"{PICTURE}.png?w=64&v=0123456789abcdef", 200, "image/webp"),
    (f"{PICTURE}.png?v=0123456789abcdef", 200, PNG),
    (f"{PICTURE}.png?generate=1", 200, PNG),
    (f"{PICTURE}.png?remove=1", 200, PNG),
    (f"{PICTURE}.png?w=65", 400, "INVALID_REQUEST"),
    (f"{PICTURE}.png/", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}/.png", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}.PNG", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}.png.png", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}.webp", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}%2Epng", 200, PNG),
    (f"/dalle/SIMPLE/0x{TAIL.upper()}.png", 200, PNG),
    (f"{ABSENT}.png", 404, "NOT_FOUND"),
    (f"{ABSENT}.png?generate=1", 404, "NOT_FOUND"),
    (f"{ABSENT}.png?w=65", 404, "NOT_FOUND"),
    (f"{FAILED}.png", 404, "NOT_FOUND"),
    (f"/dalle/nosuch/{ADDRESS}.png", 400, "INVALID_SERIES"),
    ("/dalle/simple/.png", 400, "MISSING_PARAMETER"),
    ("/dalle/simple.png", 400, "MISSING_PARAMETER"),
    ("/dalle/.png", 400, "MISSING_PARAMETER"),
    (f"{PICTURE}%20", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}%0A", 400, "INVALID_ADDRESS"),
    (f"{PICTURE}%00", 400, "INVALID_REQUEST"),
    (f"{PICTURE}%", 400, "INVALID_REQUEST"),
    (f"{PICTURE}%zz", 400, "INVALID_REQUEST"),
    (f"/dalle/SIMPLE/0x{TAIL.upper()}", 200, PNG),
    (f"/%64alle/simple/{ADDRESS}", 200, PNG),
    (f"/dalle/%73imple/{ADDRESS}", 200, PNG),
    (f"/dalle/simple/%30x{TAIL}", 200, PNG),
    (f"/dalle/simple%2F{ADDRESS}", 200, PNG),
    (f"/dalle//{ADDRESS}", 400, "MISSING_PARAMETER"),
    (f"//dalle/simple/{ADDRESS}", 200, PNG),
    (f"/dalle/./simple/{ADDRESS}", 400, "INVALID_SERIES"),
    (f"/dalle/./simple/{ADDRESS}?w=64", 400, "INVALID_SERIES"),
    (f"/dalle/x/../simple/{ADDRESS}", 400, "INVALID_SERIES"),
    (f"/dalle/x%2F..%2Fsimple/{ADDRESS}", 400, "INVALID_SERIES"),
    (f"/x/../dalle/simple/{ADDRESS}", 404, "NOT_FOUND"),
    (ABSENT, 200, JSON),
    (FAILED, 200, JSON),
    (f"/prompts/simple/{ADDRESS}", 200, JSON),
    (f"{ABSENT.replace('dalle', 'prompts')}/?generate=1", 200, JSON),
    ("/prompts/simple", 400, "MISSING_PARAMETER"),
    (f"/metadata/simple/{ADDRESS}", 200, JSON),
    (f"/metadata/SIMPLE/{ADDRESS}/?generate=1", 200, JSON),
    (f"/metadata/simple/{ADDRESS}.json", 400, "INVALID_ADDRESS"),
    (ABSENT.replace("dalle", "metadata"), 404, "NOT_FOUND"),
    (FAILED.replace("dalle", "metadata"), 404, "NOT_FOUND"),
    ("/metadata", 400, "MISSING_PARAMETER"),
    (f"/card/simple/{ADDRESS}.jpg", 200, "image/jpeg"),
    (f"/card/SIMPLE/{ADDRESS}.jpg?v=1&generate=1", 200, "image/jpeg"),
    (f"{ABSENT.replace('dalle', 'card')}.jpg", 404, "NOT_FOUND"),
    ("/card/simple", 400, "MISSING_PARAMETER"),
    ("/feed.atom", 200, "application/atom+xml; charset=utf-8"),
    ("/feed.json?series=simple", 200, "application/feed+json"),
    ("/feed.atom?series=nosuch", 400, "INVALID_SERIES"),
    ("/feed.xml", 404, "NOT_FOUND"),
    ("/favicon.ico", 200, "image/x-icon"),
    ("/static/favicon.ico", 200, "image/x-icon"),
    ("/oembed", 400, "MISSING_PARAMETER"),
    ("/oembed?url=x", 404, "NOT_FOUND"),
    ("/oembed?url=x&format=xml", 501, "NOT_IMPLEMENTED"),
    ("/dalle", 400, "MISSING_PARAMETER"),
    ("/dalle/simple/", 400, "MISSING_PARAMETER"),
    ("/files", 404, "NOT_FOUND"),
    ("/files/", 404, "NOT_FOUND"),
    ("/files/simple", 404, "NOT_FOUND"),
    ("/files/empty.txt", 200, TEXT),
    ("/files/empty.txt?", 200, TEXT),
    ("/files/empty.txt?x=1", 200, TEXT),
    ("/files/%65mpty.txt", 200, TEXT),
    ("/files/empty.txt/", 404, "NOT_FOUND"),
    ("/files//empty.txt", 404, "NOT_FOUND"),
    ("/files/empty.txt;x", 404, "NOT_FOUND"),
    ("/files/empty.txt%00", 400, "INVALID_REQUEST"),
    ("/files/EMPTY.TXT", 404, "NOT_FOUND"),
    ("/files/simple/../empty.txt", 404, "NOT_FOUND"),
    ("/files/%2e%2e/empty.txt", 404, "NOT_FOUND"),
    ("/files/none.txt", 404, "NOT_FOUND"),
    ("/static/gallery.css", 200, CSS),
    ("/static/gallery.css?v=12ab", 200, CSS),
    ("/static/gallery.css?v=", 200, CSS),
    ("/static/icon.svg", 200, "image/svg+xml; charset=utf-8"),
    ("/static/gallery.css?V=1", 200, CSS),
    ("/static/gallery.css?%76=1", 200, CSS),
    ("/static/gallery.css?x=1", 200, CSS),
    ("/static/%67allery.css", 200, CSS),
    ("/static/none.css", 404, "NOT_FOUND"),
    ("/static/", 404, "NOT_FOUND"),
    ("/_error", 404, "NOT_FOUND"),
    (f"/.none/simple/annotated/{ADDRESS}.png", 404, "NOT_FOUND"),
    ("/%", 400, "INVALID_REQUEST"),
    ("/..", 400, "INVALID_REQUEST"),
    ("/../series", 400, "INVALID_REQUEST"),
    ("/%2e%2e/%2e%2e/series", 400, "INVALID_REQUEST"),
    ("/x/../../series", 400, "INVALID_REQUEST"),
    ("//../series", 404, "NOT_FOUND"),
    ("/x/../series", 404, "NOT_FOUND"),
    ("*", 400, "INVALID_REQUEST"),
    ("x:80", 400, "INVALID_REQUEST"),
    ("series", 400, "INVALID_REQUEST"),
    ("/series?a=b c", 400, "INVALID_REQUEST"),
    ("/" + "x" * 9000, 414, "INVALID_REQUEST"),
    ("http://elsewhere/series", 200, JSON),
    (f"http://elsewhere{PICTURE}", 200, PNG),
    ("http://elsewhere", 200, TEXT),
    ("HTTPS://elsewhere/nowhere", 404, "NOT_FOUND"),
]


@pytest.mark.parametrize("target", TARGETS, ids=lambda row: row[0][:60])
def test_answers_a_target(both: Both, target: tuple[str, int, str]) -> None:
    path, status, expected = target
    answer = both.send(request(f"GET {path} HTTP/1.1"))
    assert answer.status == status
    assert (answer.headers["content-type"] if status < 400 else answer.error["code"]) == expected
    head = both.front.send(request(f"HEAD {path} HTTP/1.1"))
    assert (head.status, head.body) == (status, b"")
    if status < 400:
        both.send(request(f"HEAD {path} HTTP/1.1"))


# Method and target → status, code and Allow.
READ, DALLE, FORM = "GET, HEAD", "DELETE, GET, HEAD", "POST"
METHODS: list[tuple[str, str, int, str, str | None]] = [
    *[
        (method, path, 405, "METHOD_NOT_ALLOWED", READ)
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X-Y", "MKCOL")
        for path in ("/series", "/files/empty.txt", "/files/none.txt", "/static/gallery.css", "/")
    ],
    *[
        (method, path, 405, "METHOD_NOT_ALLOWED", DALLE)
        for method in ("POST", "PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "X-Y", "MKCOL")
        for path in (PICTURE, ABSENT)
    ],
    *[
        (method, f"{path}.png", 405, "METHOD_NOT_ALLOWED", READ)
        for method in ("POST", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND")
        for path in (PICTURE, ABSENT)
    ],
    *[
        (method, "/preview/make", 405, "METHOD_NOT_ALLOWED", FORM)
        for method in ("GET", "PUT", "OPTIONS", "TRACE", "CONNECT")
    ],
    *[(method, "/nowhere", 404, "NOT_FOUND", None) for method in ("POST", "OPTIONS", "TRACE", "CONNECT", "X-Y")],
    *[(method, "/series", 400, "INVALID_REQUEST", None) for method in ("get", "Get", "GET1", "G/T")],
    *[(method, "*", 400, "INVALID_REQUEST", None) for method in ("GET", "OPTIONS", "PUT")],
    ("CONNECT", "elsewhere:443", 400, "INVALID_REQUEST", None),
]


@pytest.mark.parametrize(("method", "path", "status", "code", "allow"), METHODS)
def test_refuses_a_method(both: Both, method: str, path: str, status: int, code: str, allow: str | None) -> None:
    for body in (b"", b"abc"):
        length = (f"Content-Length: {len(body)}",) if body else ()
        answer = both.send(request(f"{method} {path} HTTP/1.1", *length, body=body))
        assert (answer.status, answer.error["code"], answer.headers.get("allow")) == (status, code, allow)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (PICTURE, ("", True)),
        (f"{PICTURE}/", ("", True)),
        (f"{PICTURE}?remove=1&generate=1", ("", True)),
        (FAILED, ("CONTENT_BLOCKED", False)),
        (ABSENT, None),
    ],
)
def test_cancels_and_says_what_there_is(both: Both, path: str, expected: tuple[str, bool] | None) -> None:
    for client in (both.front, both.behind):
        for body in (b"", b"abc"):
            length = (f"Content-Length: {len(body)}",) if body else ()
            answer = client.send(request(f"DELETE {path} HTTP/1.1", *length, body=body))
            assert (answer.status, answer.headers["content-type"]) == (200, JSON)
            assert answer.headers["cache-control"] == "no-store"
            found = (answer.data["errorCode"], answer.data["cacheHit"]) if answer.data else None
            assert found == expected
    assert both.behind.send(request(f"GET {PICTURE} HTTP/1.1")).headers["content-type"] == PNG


PATHS = ["/series", PICTURE, f"{PICTURE}?w=64", ABSENT, "/files/empty.txt", "/static/gallery.css", "/nowhere"]

# Host lines → whether they are accepted.
HOSTS: list[tuple[str, bool]] = [
    ("Host: x\r\n", True),
    ("Host: x:8080\r\n", True),
    ("Host: [::1]:80\r\n", True),
    ("Host: pictures.example.\r\n", True),
    ("", False),
    ("Host:\r\n", False),
    ("Host: x y\r\n", False),
    ("Host: x/y\r\n", False),
    ("Host: x..y\r\n", False),
    ("Host: x\r\nHost: x\r\n", False),
]


@pytest.mark.parametrize("path", PATHS)
def test_wants_one_name(both: Both, path: str) -> None:
    usual = both.send(request(f"GET {path} HTTP/1.1"))
    for host, accepted in HOSTS:
        answer = both.send(request(f"GET {path} HTTP/1.1", host=host))
        assert answer.status == (usual.status if accepted else 400), host
    assert both.send(request(f"GET {path} HTTP/1.0", host="")).status == usual.status


CHUNKED = "Transfer-Encoding: chunked"

# Headers and body → status of a GET and a POST, None: as without a body.
BODIES: list[tuple[tuple[str, ...], bytes, int | None]] = [
    (("Content-Length: 3",), b"abc", None),
    (("Content-Length: 3", "Expect: 100-continue"), b"abc", None),
    (("Content-Length: 16384",), b"a" * 16_384, None),
    (("Content-Length: 16385",), b"a" * 16_385, 413),
    (("Content-Length: 99999999",), b"", 413),
    (("Content-Length: x",), b"", 400),
    ((f"Content-Length: {2**63 - 1}",), b"", 413),
    ((f"Content-Length: {2**63}",), b"", 400),
    ((f"Content-Length: {'9' * 30}",), b"", 400),
    ((f"Content-Length: {'9' * 5000}",), b"", 400),
    (("Content-Length:",), b"", 400),
    (("Content-Length: -1",), b"", 400),
    (("Content-Length: +3",), b"abc", 400),
    (("Content-Length: 3", "Content-Length: 3"), b"abc", 400),
    (("Content-Length: 3, 3",), b"abc", 400),
    (("Content-Length: 3", CHUNKED), b"0\r\n\r\n", 400),
    ((CHUNKED,), b"0\r\n\r\n", None),
    ((CHUNKED,), b"3\r\nabc\r\n0\r\n\r\n", None),
    ((CHUNKED,), b"zz\r\n\r\n", 400),
    ((CHUNKED,), b"-1\r\n\r\n", 400),
    ((CHUNKED,), b"f" * 17 + b"\r\n", 400),
    (("Transfer-Encoding: gzip",), b"", 400),
    (("Transfer-Encoding: x",), b"", 400),
    (("Transfer-Encoding:",), b"", 400),
    (("Transfer-Encoding: chunked, chunked",), b"0\r\n\r\n", 400),
    ((CHUNKED, CHUNKED), b"0\r\n\r\n", 400),
    (("Transfer-Encoding: identity",), b"", 400),
    (("Transfer-Encoding: gzip, chunked",), b"0\r\n\r\n", 400),
    (("Expect: more",), b"", 417),
    (("Expect: 100-Continue",), b"", None),
    (("Expect:",), b"", None),
    (("expect: \t",), b"", None),
    (("A: b", "Expect:", " c"), b"", 400),
]


@pytest.mark.parametrize("path", PATHS)
def test_reads_a_body_or_refuses_it(both: Both, path: str) -> None:
    for method in ("GET", "POST"):
        usual = both.send(request(f"{method} {path} HTTP/1.1"))
        for headers, body, status in BODIES:
            answer = both.send(request(f"{method} {path} HTTP/1.1", *headers, body=body))
            assert answer.status == (status or usual.status), (method, headers, body)


# Lines and headers that are no HTTP, or too much of it → status.
BROKEN: list[tuple[bytes, int]] = [
    (request("GET {} HTTP/9.0"), 400),
    (request("GET {} HTTP/2.0"), 400),
    (request("GET {} http/1.1"), 400),
    (request("GET {} HTTP/1"), 400),
    (request("GET {} more HTTP/1.1"), 400),
    (request("GET {} HTTP/1.1", "A b: c"), 400),
    (request("GET {} HTTP/1.1", "A : c"), 400),
    (request("GET {} HTTP/1.1", ": c"), 400),
    (request("GET {} HTTP/1.1", "A: b\0c"), 400),
    (request("GET {} HTTP/1.1", "A: b\r\n c"), 400),
    (request("GET {} HTTP/1.1", f"A: {'x' * 9000}"), 431),
    (request(f"GET {{}}?{'x' * 9000} HTTP/1.1"), 414),
]


@pytest.mark.parametrize("path", PATHS)
def test_refuses_what_is_no_http(both: Both, path: str) -> None:
    for template, status in BROKEN:
        answer = both.send(template.replace(b"{}", path.encode()))
        assert (answer.status, answer.error["code"]) == (status, "INVALID_REQUEST"), template[:60]


IDS = [("DEADBEEF", "deadbeef"), ("0123AbCd-1111", "0123abcd"), ("c0ffee00cafe", "c0ffee00"), ("C0FFEE0", "")]


@pytest.mark.parametrize(("sent", "expected"), IDS)
@pytest.mark.parametrize("path", [*PATHS, FAILED, "/files/none.txt"])
def test_writes_ids_in_lower_case_also_in_its_own_errors(both: Both, path: str, sent: str, expected: str) -> None:
    own = f"X-Request-ID: {sent}\r\nConnection: close\r\n"
    for rest in (
        "Host: x\r\n",
        "",
        f"Host: x\r\nContent-Length: {10**9}\r\n",
        "Host: x\r\nTransfer-Encoding: gzip\r\n",
    ):
        for client in (both.front, both.behind):
            if client is both.behind and "gzip" in rest:
                continue  # gunicorn does not read the headers of what it cannot parse
            received = client.send(f"GET {path} HTTP/1.1\r\n{own}{rest}\r\n".encode()).headers["x-request-id"]
            assert received == expected or (not expected and len(received) == 8), rest


@pytest.mark.parametrize(("path", "largest"), [("/workshop", 262_144), ("/series", 16_384)])
def test_takes_a_larger_body_for_a_series(both: Both, path: str, largest: int) -> None:
    json = "Content-Type: application/json"
    for size, refused in ((largest, False), (largest + 1, True)):
        body = b"a" * size
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:9000], body[9000:])) + b"0\r\n\r\n"
        for headers, sent in (((f"Content-Length: {size}",), body), ((CHUNKED,), chunks)):
            answer = both.send(request(f"POST {path} HTTP/1.1", json, *headers, body=sent))
            assert (answer.status == 413) is refused, (path, size, headers)
