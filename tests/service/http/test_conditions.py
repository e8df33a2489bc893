"""Files, as conditions and ranges say: RFC 9110, 13 and 14."""

import pytest

from tests.service.http.conftest import ABSENT, ADDRESS, FAILED, PICTURE, Both, kept, request

pytestmark = pytest.mark.nginx

FILES = {
    "picture": PICTURE,
    "picture by a query": f"{PICTURE}?x=1",
    "thumbnail": f"{PICTURE}?w=64",
    "version": f"{PICTURE}?v={{version}}",
    "another version": f"{PICTURE}?v=0123456789abcdef",
    "picture by its ending": f"{PICTURE}.png",
    "version by its ending": f"{PICTURE}.png?v={{version}}",
    "thumbnail of a version": f"{PICTURE}?v={{version}}&w=64",
    "original": f"/files/simple/generated/{ADDRESS}.png",
    "text": f"/files/simple/terse/{ADDRESS}.txt",
    "JSON": f"/files/simple/progress/{ADDRESS}.json",
    "style sheet": "/static/gallery.css",
    "style sheet of a version": "/static/gallery.css?v=12ab",
}
OLD, NEW = "Fri, 01 Jan 2010 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
HUGE = "9" * 30
WHOLE = slice(None)
NOTHING = slice(0, 0)

# Headers, of which {tag} and {date} are the file's → status, and the part of the file that is sent to a GET.
CONDITIONS: list[tuple[tuple[str, ...], int, slice]] = [
    ((), 200, WHOLE),
    (("If-Match: *",), 200, WHOLE),
    (("If-Match: {tag}",), 200, WHOLE),
    (('If-Match: "a", {tag}',), 200, WHOLE),
    (("If-Match: W/{tag}",), 412, NOTHING),
    (('If-Match: "a"',), 412, NOTHING),
    (("If-Match: ",), 412, NOTHING),
    (("If-Unmodified-Since: {date}",), 200, WHOLE),
    ((f"If-Unmodified-Since: {NEW}",), 200, WHOLE),
    ((f"If-Unmodified-Since: {OLD}",), 412, NOTHING),
    (("If-Unmodified-Since: yesterday",), 200, WHOLE),
    (("If-Match: *", f"If-Unmodified-Since: {OLD}"), 200, WHOLE),
    (("If-None-Match: *",), 304, NOTHING),
    (("If-None-Match: {tag}",), 304, NOTHING),
    (("If-None-Match: W/{tag}",), 304, NOTHING),
    (('If-None-Match: "a", W/{tag}',), 304, NOTHING),
    (('If-None-Match: "a"',), 200, WHOLE),
    (("If-Modified-Since: {date}",), 304, NOTHING),
    ((f"If-Modified-Since: {NEW}",), 304, NOTHING),
    ((f"If-Modified-Since: {OLD}",), 200, WHOLE),
    (("If-Modified-Since: Friday, 01-Jan-10 00:00:00 GMT",), 200, WHOLE),
    (("If-Modified-Since: Fri Jan  1 00:00:00 2100",), 304, NOTHING),
    (("If-Modified-Since: yesterday",), 200, WHOLE),
    (("If-Modified-Since: Fri, 01 Foo 2100 00:00:00 GMT",), 200, WHOLE),
    (("If-None-Match: {tag}", "If-Modified-Since: {date}"), 304, NOTHING),
    (("If-None-Match: {tag}", "If-Modified-Since: yesterday"), 304, NOTHING),
    (('If-None-Match: "a"', f"If-Modified-Since: {NEW}"), 200, WHOLE),
    (("If-None-Match: *", f"If-Modified-Since: {OLD}"), 304, NOTHING),
    (("If-Match: {tag}", "If-None-Match: {tag}"), 304, NOTHING),
    (('If-Match: "a"', "If-None-Match: {tag}"), 412, NOTHING),
    (("Range: bytes=0-3", 'If-Match: "a"'), 412, NOTHING),
    (("Range: bytes=0-3", f"If-Unmodified-Since: {OLD}"), 412, NOTHING),
    (("Range: bytes=0-3", "If-None-Match: {tag}"), 304, NOTHING),
    ((f"Range: bytes={HUGE}-", "If-None-Match: {tag}"), 304, NOTHING),
]

# Likewise, for requests where HEAD is answered as without a range.
RANGES: list[tuple[tuple[str, ...], int, slice]] = [
    (("Range: bytes=0-0",), 206, slice(0, 1)),
    (("Range: bytes=2-5",), 206, slice(2, 6)),
    (("Range: bytes=7-",), 206, slice(7, None)),
    (("Range: bytes=-5",), 206, slice(-5, None)),
    ((f"Range: bytes=-{HUGE}",), 206, WHOLE),
    ((f"Range: bytes=1-{HUGE}",), 206, slice(1, None)),
    (("Range: BYTES=0-3",), 206, slice(0, 4)),
    ((f"Range: bytes={HUGE}-",), 416, NOTHING),
    (("Range: bytes=99999999-",), 416, NOTHING),
    (("Range: bytes=0-1,4-5",), 200, WHOLE),
    (("Range: bytes=0-0,-1",), 200, WHOLE),
    (("Range: bytes=0-0,abc",), 200, WHOLE),
    (("Range: bytes=0-0,99999999-",), 200, WHOLE),
    (("Range: bytes=abc",), 200, WHOLE),
    (("Range: bytes=5-2",), 200, WHOLE),
    (("Range: bytes=-0",), 200, WHOLE),
    (("Range: bytes=--5",), 200, WHOLE),
    (("Range: bytes=+0-1",), 200, WHOLE),
    (("Range: bytes=",), 200, WHOLE),
    (("Range: bytes",), 200, WHOLE),
    (("Range: items=0-1",), 200, WHOLE),
    (("Range: bytes=0-3", "If-Range: {tag}"), 206, slice(0, 4)),
    (("Range: bytes=0-3", "If-Range: {date}"), 206, slice(0, 4)),
    (("Range: bytes=0-3", "If-Range: W/{tag}"), 200, WHOLE),
    (("Range: bytes=0-3", 'If-Range: "a"'), 200, WHOLE),
    (("Range: bytes=0-3", f"If-Range: {OLD}"), 200, WHOLE),
    (("Range: bytes=0-3", f"If-Range: {NEW}"), 200, WHOLE),
    (("Range: bytes=0-3", "If-Range: "), 200, WHOLE),
    (("If-Range: {tag}",), 200, WHOLE),
    ((f"Range: bytes={HUGE}-", 'If-Range: "a"'), 200, WHOLE),
    (("Range: bytes=0-3", "If-None-Match: *", 'If-Match: "a"'), 412, NOTHING),
    (("Range: bytes=0-3", "If-Match: {tag}"), 206, slice(0, 4)),
]


@pytest.mark.parametrize("path", FILES.values(), ids=list(FILES))
def test_sends_a_file_as_conditions_and_ranges_say(both: Both, path: str) -> None:
    path = path.format(version=both.version)
    whole = both.send(request(f"GET {path} HTTP/1.1"))
    tag, date, size = whole.headers["etag"], whole.headers["last-modified"], len(whole.body)
    for headers, status, part in [*CONDITIONS, *RANGES]:
        lines = [line.format(tag=tag, date=date) for line in headers]
        answer = both.send(request(f"GET {path} HTTP/1.1", *lines))
        assert answer.status == status, lines
        if status < 400:
            assert answer.body == whole.body[part], lines
        if status == 206:
            start, end, _ = part.indices(size)
            assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}", lines
        elif status == 416:
            assert answer.headers["content-range"] == f"bytes */{size}", lines
        elif status == 304:
            assert kept(answer) == kept(whole, "content-type", "content-length", "accept-ranges"), lines


@pytest.mark.parametrize("path", FILES.values(), ids=list(FILES))
def test_sends_no_range_to_head(both: Both, path: str) -> None:
    path = path.format(version=both.version)
    whole = both.send(request(f"GET {path} HTTP/1.1"))
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    for headers, status, _ in CONDITIONS:
        lines = [line.format(tag=tag, date=date) for line in headers]
        assert both.send(request(f"HEAD {path} HTTP/1.1", *lines)).status == status, lines
    for headers, status, _ in RANGES:
        lines = [line.format(tag=tag, date=date) for line in headers]
        answer = both.send(request(f"HEAD {path} HTTP/1.1", *lines))
        assert answer.status == (412 if status == 412 else 200), lines
        assert status == 412 or kept(answer) == kept(whole), lines


@pytest.mark.parametrize("path", [ABSENT, FAILED, "/series", "/robots.txt"])
def test_ignores_conditions_and_ranges_of_what_changes(both: Both, path: str) -> None:
    for headers, _, _ in [*CONDITIONS, *RANGES]:
        lines = [line.format(tag='"a"', date=OLD) for line in headers if line != "If-Match: "]
        assert both.send(request(f"GET {path} HTTP/1.1", *lines)).status == 200, lines
