"""A finished picture, whole and in part, large and small, until it is removed."""

import hashlib
from io import BytesIO

import pytest
from PIL import Image

from tests.kit.http import Client


class TestFinished:
    def test_streams_the_picture(self, client: Client, finished: str) -> None:
        answer = client.ask(finished)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        with Image.open(BytesIO(answer.body)) as image:
            image.load()
            assert image.width in (1024, 1536)
            assert image.height > 1024
        assert answer.headers["cache-control"] == "no-cache"
        assert int(answer.headers["content-length"]) == len(answer.body)

    def test_is_found_in_any_case(self, client: Client, finished: str) -> None:
        series, address = finished.split("/")[2:]
        mixed = "0x" + "".join(c.upper() if i % 2 else c for i, c in enumerate(address[2:]))
        assert client.ask(f"/dalle/{series.upper()}/{mixed}").body == client.ask(finished).body

    def test_is_not_found_with_more_behind_its_address(self, client: Client, finished: str) -> None:
        for more in ("%0A", "%20", "//", "/x"):
            answer = client.ask(f"{finished}{more}")
            assert (answer.status, answer.error["code"]) == (400, "INVALID_ADDRESS"), more

    def test_generates_nothing_again(self, client: Client, finished: str) -> None:
        before = client.ask(finished)
        value = client.ask(f"{finished}?generate=1").json
        assert (value["cacheHit"], value["done"], value["percent"]) == (True, True, 100)
        assert client.ask(finished).headers["etag"] == before.headers["etag"]

    def test_answers_conditional_requests(self, client: Client, finished: str) -> None:
        first = client.ask(finished)
        by_tag = client.ask(finished, If_None_Match=first.headers["etag"])
        by_time = client.ask(finished, If_Modified_Since=first.headers["last-modified"])
        assert (by_tag.status, by_tag.body, by_time.status) == (304, b"", 304)
        assert by_tag.headers["etag"] == first.headers["etag"]
        assert not {"content-type", "content-length"} & by_tag.headers.keys()
        assert client.ask(finished, If_None_Match='"other"').status == 200

    def test_answers_range_requests(self, client: Client, finished: str) -> None:
        whole = client.ask(finished).body
        part = client.ask(finished, Range="bytes=0-7")
        assert (part.status, part.body) == (206, whole[:8])
        assert part.headers["content-range"] == f"bytes 0-7/{len(whole)}"
        assert client.ask(finished, Range="bytes=0-0").body == whole[:1]
        assert client.ask(finished, Range="bytes=-5").body == whole[-5:]
        assert client.ask(finished, Range=f"bytes={len(whole)}-").status == 416

    def test_looks_at_conditions_before_ranges(self, client: Client, finished: str) -> None:
        tag = client.ask(finished).headers["etag"]
        assert client.ask(finished, Range="bytes=0-3", If_None_Match=tag).status == 304
        assert client.ask(finished, Range="bytes=0-3", If_None_Match='"other"').status == 206
        assert client.ask(finished, Range="bytes=0-3", If_Range=tag).status == 206
        assert client.ask(finished, Range="bytes=0-3", If_Range='"other"').status == 200
        failed = client.ask(finished, Range="bytes=0-3", If_Match='"other"')
        assert (failed.status, failed.error["code"]) == (412, "INVALID_REQUEST")
        assert client.ask(finished, Range="bytes=0-3", If_Match=tag).status == 206
        assert client.ask(finished, If_Match="*").status == 200
        assert client.ask(finished, If_Match=f"W/{tag}").status == 412
        assert client.ask(finished, If_Unmodified_Since="Fri, 01 Jan 2010 00:00:00 GMT").status == 412
        assert client.ask(finished, If_Match="*", If_None_Match="*").status == 304

    @pytest.mark.parametrize("several", ["bytes=0-1,4-5", "bytes=abc", "items=0-1"])
    def test_sends_the_whole_instead_of_ranges_that_it_ignores(
        self, client: Client, finished: str, several: str
    ) -> None:
        whole = client.ask(finished)
        answer = client.ask(finished, Range=several)
        assert (answer.status, answer.body) == (200, whole.body)
        head = client.ask(finished, "HEAD", Range="bytes=0-3")
        assert (head.status, head.headers["content-length"]) == (200, whole.headers["content-length"])

    def test_answers_head_as_get_without_body(self, client: Client, finished: str) -> None:
        head, get = client.ask(finished, "HEAD"), client.ask(finished)
        assert (head.status, head.body) == (200, b"")
        for name in ("content-type", "content-length", "etag", "last-modified", "cache-control"):
            assert head.headers[name] == get.headers[name]

    @pytest.mark.parametrize("width", [64, 128, 256, 512])
    def test_serves_thumbnails(self, client: Client, finished: str, width: int) -> None:
        answer = client.ask(f"{finished}?w={width}")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
        with Image.open(BytesIO(answer.body)) as image:
            assert image.width == width
        assert client.ask(f"{finished}?w={width}", If_None_Match=answer.headers["etag"]).status == 304
        assert width > 64 or len(answer.body) <= 3072

    @pytest.mark.parametrize("width", ["63", "0", "x", "1024", "", "64.0"])
    def test_refuses_other_widths(self, client: Client, finished: str, width: str) -> None:
        answer = client.ask(f"{finished}?w={width}")
        assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST")

    def test_calls_a_version_immutable(self, client: Client, finished: str) -> None:
        whole = client.ask(finished)
        version = hashlib.sha256(whole.body).hexdigest()[:16]
        assert client.ask(f"{finished}?generate=1").json["version"] == version
        for query in (f"v={version}", f"w=64&v={version}", f"v={version}&w=64"):
            answer = client.ask(f"{finished}?{query}")
            assert (answer.status, answer.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
            assert answer.body == (client.ask(f"{finished}?w=64") if "w" in query else whole).body
            assert client.ask(f"{finished}?{query}", "HEAD").headers["etag"] == answer.headers["etag"]
            again = client.ask(f"{finished}?{query}", If_None_Match=answer.headers["etag"])
            assert (again.status, again.headers["cache-control"]) == (304, answer.headers["cache-control"])
        other = client.ask(f"{finished}?v={'0' * 16}")
        assert (other.body, other.headers["cache-control"]) == (whole.body, "no-cache")

    def test_goes_by_its_ending_too(self, client: Client, finished: str, address: str) -> None:
        whole, version = client.ask(finished), client.ask(f"{finished}?generate=1").json["version"]
        assert client.ask(f"{finished}.png").body == whole.body
        assert client.ask(f"{finished}.png?w=64").headers["content-type"] == "image/webp"
        assert client.ask(f"{finished}.png?v={version}").headers["cache-control"].endswith("immutable")
        assert client.ask(f"{finished}.png?remove=1").body == whole.body
        for query in ("", "?generate=1", "?w=64"):
            answer = client.ask(f"/dalle/simple/{address}.png{query}")
            assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")
        assert client.ask(f"/dalle/simple/{address}").json["data"] == {}

    def test_removes_only_the_annotated_picture(self, client: Client, address: str) -> None:
        path = f"/dalle/simple/{address}"
        client.painted(path)
        assert client.ask(f"{path}?remove=1", "HEAD").status == 200
        assert client.ask(path).headers["content-type"] == "image/png"
        answer = client.ask(f"{path}?remove=1")
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
        assert answer.text == f"The picture of {address} in series simple was removed.\n"
        assert client.ask(path).json["data"] == {}
        assert client.ask(f"/files/simple/generated/{address}.png").status == 200
        assert client.ask(f"/files/simple/terse/{address}.txt").status == 200
        assert client.painted(path).json["error"] == ""
