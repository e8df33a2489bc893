"""The delivered configuration of nginx, run by the real nginx."""

import gzip
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dalle.storage.blob import EXTENSIONS
from dalle.storage.version import version_of
from tests.kit.http import Client
from tests.kit.images import png
from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.repository import ROOT

pytestmark = [pytest.mark.nginx, pytest.mark.skipif(NGINX is None, reason="nginx is not installed")]

ADDRESS = "0x" + "ab" * 20
LEFT = "0x" + "cd" * 20
PICTURE = png("teal", (8, 8))
IMMUTABLE = "public, max-age=31536000, immutable"
REPORT = b'{"success":true,"data":{"done":false,"current":"image_wait"},"done":false}\n'


@pytest.fixture(scope="module")
def place() -> Iterator[Place]:
    with Place() as made:
        yield made


@pytest.fixture(scope="module")
def behind(place: Place) -> Iterator[Client]:
    """The application itself, over its socket."""
    with place.service() as service:
        yield service.client


@pytest.fixture(scope="module")
def front(place: Place, behind: Client) -> Iterator[Client]:
    with Nginx(place) as nginx:
        yield nginx.client


@pytest.fixture(scope="module")
def picture(front: Client) -> str:
    path = f"/dalle/simple/{ADDRESS}"
    front.painted(path)
    return path


@pytest.fixture
def alone() -> Iterator[tuple[Client, Place]]:
    """nginx whose application is down, before a data folder with one picture and one report."""
    with Place() as made:
        put(made.output / "simple/annotated" / f"{ADDRESS}.png", PICTURE)
        put(made.output / "simple/thumbs/64" / f"{ADDRESS}.webp", b"RIFF")
        put(made.output / "simple/progress" / f"{LEFT}.json", REPORT)
        with Nginx(made) as nginx:
            yield nginx.client, made


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


class TestContract:
    @pytest.mark.timeout(600)
    def test_holds_through_nginx_as_without(self, front: Client) -> None:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/system", "--url", front.url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-8000:]


class TestFromDisk:
    def test_serves_pictures_and_reports_while_the_application_is_down(self, alone: tuple[Client, Place]) -> None:
        client, _ = alone
        picture = client.ask(f"/dalle/simple/{ADDRESS}")
        assert (picture.status, picture.body) == (200, PICTURE)
        assert picture.headers["content-type"] == "image/png"
        assert picture.headers["cache-control"] == "no-cache"
        small = client.ask(f"/dalle/simple/{ADDRESS}?w=64")
        assert (small.status, small.headers["content-type"]) == (200, "image/webp")
        report = client.ask(f"/dalle/simple/{LEFT}")
        assert report.json == {**json.loads(REPORT), "request_id": report.headers["x-request-id"]}
        assert report.headers["cache-control"] == "no-store"
        assert "etag" not in report.headers
        later = client.ask(f"/dalle/simple/{LEFT}", If_Modified_Since="Fri, 01 Jan 2100 00:00:00 GMT")
        assert (later.status, later.json["success"]) == (200, True)
        assert client.ask(f"/files/simple/progress/{LEFT}.json").body == REPORT

    def test_serves_versions_and_what_goes_by_its_ending_too(self, alone: tuple[Client, Place]) -> None:
        client, place = alone
        version = version_of(PICTURE)
        folder = place.output / "simple/versions"
        put(folder / f"{ADDRESS}.{version}.png", PICTURE)
        put(folder / "64" / f"{ADDRESS}.{version}.webp", b"RIFF of it")
        for path in (f"/dalle/simple/{ADDRESS}", f"/dalle/simple/{ADDRESS}/", f"/dalle/simple/{ADDRESS}.png"):
            if not path.endswith("/"):
                assert client.ask(path).headers["cache-control"] == "no-cache"
            whole = client.ask(f"{path}?v={version}")
            assert (whole.status, whole.body, whole.headers["content-type"]) == (200, PICTURE, "image/png")
            for query in (f"v={version}&w=64", f"w=64&v={version}"):
                small = client.ask(f"{path}?{query}")
                assert (small.body, small.headers["content-type"]) == (b"RIFF of it", "image/webp")
                assert small.headers["cache-control"] == whole.headers["cache-control"] == IMMUTABLE
            for query in ("v=0123456789abcdef", f"v={version}&w=65", f"v={version}&generate=1", f"v={version}0"):
                assert client.ask(f"{path}?{query}").status == 502
        assert client.ask(f"/dalle/simple/{LEFT}.png").status == 502
        (place.output / "simple/annotated" / f"{ADDRESS}.png").unlink()
        assert client.ask(f"/dalle/simple/{ADDRESS}?v={version}").status == 502

    @pytest.mark.parametrize("extension", EXTENSIONS)
    def test_serves_originals_with_their_types(self, alone: tuple[Client, Place], extension: str) -> None:
        client, made = alone
        put(made.output / "simple/generated" / f"{ADDRESS}.{extension}", b"original")
        answer = client.ask(f"/files/simple/generated/{ADDRESS}.{extension}")
        assert (answer.status, answer.body) == (200, b"original")
        assert answer.headers["content-type"] == f"image/{extension}"

    @pytest.mark.parametrize("query", ["generate=1", "remove=1", "generate", "x=1"])
    def test_leaves_every_query_to_the_application(self, alone: tuple[Client, Place], query: str) -> None:
        answer = alone[0].ask(f"/dalle/simple/{ADDRESS}?{query}")
        assert (answer.status, answer.error["code"]) == (502, "SERVICE_UNAVAILABLE")
        assert answer.headers["retry-after"]
        assert answer.headers["cache-control"] == "no-store"

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    def test_leaves_every_other_verb_to_the_application(self, alone: tuple[Client, Place], method: str) -> None:
        assert alone[0].ask(f"/dalle/simple/{ADDRESS}", method).status == 502

    def test_leaves_files_that_it_cannot_read_to_the_application(self, alone: tuple[Client, Place]) -> None:
        client, place = alone
        if os.geteuid() != 0:
            pytest.skip("refused: only root can start nginx as another user")
        (place.output / "simple/annotated" / f"{ADDRESS}.png").chmod(0o600)
        assert client.ask(f"/dalle/simple/{ADDRESS}").status == 502

    @pytest.mark.parametrize("place_of", ["annotated/{}.png", "progress/{}.json"])
    def test_leaves_a_folder_where_a_file_belongs_to_the_application(
        self, alone: tuple[Client, Place], place_of: str
    ) -> None:
        client, place = alone
        address = "0x" + "f0" * 20
        (place.output / "simple" / place_of.format(address)).mkdir()
        answer = client.ask(f"/dalle/simple/{address}")
        assert (answer.status, answer.error["code"]) == (502, "SERVICE_UNAVAILABLE")

    def test_leaves_a_small_picture_without_its_large_one_to_the_application(self, alone: tuple[Client, Place]) -> None:
        client, place = alone
        (place.output / "simple/annotated" / f"{ADDRESS}.png").unlink()
        assert client.ask(f"/dalle/simple/{ADDRESS}?w=64").status == 502

    @pytest.mark.parametrize("address", [ADDRESS, LEFT])
    def test_shows_what_is_there_now_of_a_file_that_it_has_open(
        self, alone: tuple[Client, Place], address: str
    ) -> None:
        client, place = alone
        path, url = next(place.output.glob(f"simple/*/{address}.*")), f"/dalle/simple/{address}"
        before = path.read_bytes()
        assert before[-20:] in client.ask(url).body
        for other in (b'{"a picture of these bytes":1}', b"{}", b"{" + b" " * 70_000 + b"}"):
            put(path, other)  # the same file, longer or shorter
            assert client.ask(url).body == other
            put(path.with_suffix(".new"), before)
            path.with_suffix(".new").replace(path)
            assert before[-20:] in client.ask(url).body
        path.unlink()
        assert client.ask(url).status == 502
        put(path, b"{}")
        assert client.ask(url).body == b"{}"
        path.unlink()
        path.mkdir()
        assert client.ask(url).status == 502

    def test_follows_no_link_in_place_of_a_file_that_it_has_open(self, alone: tuple[Client, Place]) -> None:
        client, place = alone
        path, outside = place.output / "simple/annotated" / f"{ADDRESS}.png", place.folder / "outside.png"
        url = f"/files/simple/annotated/{ADDRESS}.png"
        assert client.ask(url).body == PICTURE
        path.rename(outside)  # it stays the same file
        path.symlink_to(outside)
        assert client.ask(f"/dalle/simple/{ADDRESS}").body == PICTURE
        assert client.ask(url).status == 502

    def test_answers_head_without_a_body(self, alone: tuple[Client, Place]) -> None:
        for address in (ADDRESS, LEFT):
            answer = alone[0].ask(f"/dalle/simple/{address}", "HEAD")
            assert (answer.status, answer.body) == (200, b"")


class TestPictures:
    def test_have_the_same_headers_from_nginx_and_from_the_application(
        self, front: Client, behind: Client, picture: str
    ) -> None:
        from_nginx = front.ask(picture, X_Request_ID="deadbeef")
        from_app = behind.ask(picture, X_Request_ID="deadbeef")
        assert from_nginx.body == from_app.body
        for name in ("etag", "last-modified", "content-type", "cache-control", "accept-ranges", "x-request-id"):
            assert from_nginx.headers[name] == from_app.headers[name], name

    @pytest.mark.parametrize(
        "path", ["/files/simple/annotated/{}.png", "/files/simple/terse/{}.txt", "/dalle/simple/{}?w=256"]
    )
    def test_so_do_files_and_small_pictures(self, front: Client, behind: Client, picture: str, path: str) -> None:
        path = path.format(ADDRESS)
        from_nginx, from_app = front.ask(path), behind.ask(path)
        assert from_nginx.body == from_app.body
        for name in ("etag", "last-modified", "content-type", "cache-control", "content-security-policy"):
            assert from_nginx.headers.get(name) == from_app.headers.get(name), name

    @pytest.mark.parametrize("query", ["", "?v=12ab"])
    def test_so_do_static_files(self, front: Client, behind: Client, query: str) -> None:
        from_nginx, from_app = (client.ask(f"/static/gallery.css{query}") for client in (front, behind))
        assert (from_nginx.status, from_nginx.body) == (200, from_app.body)
        for name in ("etag", "last-modified", "content-type", "cache-control"):
            assert from_nginx.headers[name] == from_app.headers[name], name

    def test_are_not_sent_again_to_who_has_them(self, front: Client, picture: str) -> None:
        etag = front.ask(picture).headers["etag"]
        answer = front.ask(picture, If_None_Match=etag)
        assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", etag)
        assert re.fullmatch("[0-9a-f]{8}", answer.headers["x-request-id"])

    def test_come_in_ranges(self, front: Client, picture: str) -> None:
        whole = front.ask(picture).body
        part = front.ask(picture, Range="bytes=10-19")
        assert (part.status, part.body) == (206, whole[10:20])
        head = f"GET {picture} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nRange: bytes={len(whole)}-\r\n\r\n"
        beyond = front.send(head.encode())
        assert (beyond.status, beyond.error["code"]) == (416, "INVALID_REQUEST")
        assert beyond.headers["content-range"] == f"bytes */{len(whole)}"


class TestFiles:
    def test_of_other_kinds_links_and_dot_files_follow_the_applications_rules(
        self, front: Client, place: Place, picture: str
    ) -> None:
        put(place.output / ".hidden.txt", b"secret")
        put(place.output / ".dir" / "a.txt", b"secret")
        put(place.data / "outside.txt", b"secret")
        (place.output / "link.txt").symlink_to(place.data / "outside.txt")
        (place.output / "linked").symlink_to(place.data)
        (place.output / "within.txt").symlink_to(place.output / "simple/terse" / f"{ADDRESS}.txt")
        refused = (
            "/.hidden.txt", "/.dir/a.txt", "/link.txt", "/linked/outside.txt", "/../outside.txt", "/%2e%2e/outside.txt",
            "/simple", "/simple/", "/", "/simple/../../outside.txt", "//link.txt",
        )  # fmt: skip
        for name in refused:
            answer = front.ask(f"/files{name}")
            assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND"), name
        assert front.ask("/files/within.txt").body == front.ask(f"/files/simple/terse/{ADDRESS}.txt").body

    def test_are_compressed_when_that_helps(self, front: Client, place: Place) -> None:
        put(place.output / "long.txt", b"word " * 2000)
        answer = front.ask("/files/long.txt", Accept_Encoding="gzip")
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(answer.body) == b"word " * 2000


class TestRequestId:
    @pytest.mark.parametrize("path", ["/series", f"/dalle/simple/{ADDRESS}", "/files/none.txt", "/metrics"])
    def test_of_a_proxy_is_kept_in_one_form(self, front: Client, picture: str, path: str) -> None:
        assert front.ask(path, X_Request_ID="0123abcd-1111-4111").headers["x-request-id"] == "0123abcd"
        assert front.ask(path, X_Request_ID="0123ABCD-1111-4111").headers["x-request-id"] == "0123abcd"
        assert re.fullmatch("[0-9a-f]{8}", front.ask(path, X_Request_ID="nonsense").headers["x-request-id"])

    def test_comes_once(self, front: Client, picture: str) -> None:
        for path in ("/series", picture, "/nowhere"):
            answer = front.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            assert len(answer.headers["x-request-id"]) == 8


class TestLimits:
    @pytest.mark.parametrize("path", ["/series", f"/dalle/simple/{ADDRESS}", "/files/a.png", "/static/gallery.css"])
    def test_refuses_a_large_body_in_the_error_shape(self, front: Client, path: str) -> None:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n"
        answer = front.send(head.encode())
        assert (answer.status, answer.error["code"]) == (413, "PAYLOAD_TOO_LARGE")

    def test_refuses_trace_in_the_error_shape(self, front: Client) -> None:
        answer = front.send(b"TRACE /series HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert (answer.status, answer.error["code"]) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == "GET, HEAD"

    @pytest.mark.parametrize(
        "sent",
        [
            b"GET /series HTTP/1.1\r\nConnection: close\r\n\r\n",
            b"GET /" + b"x" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 20000 + b"\r\n\r\n",
            b"nonsense\r\n\r\n",
        ],
    )
    def test_refuses_broken_requests_in_the_error_shape(self, front: Client, sent: bytes) -> None:
        answer = front.send(sent)
        assert 400 <= answer.status < 500
        assert answer.error["code"] == "INVALID_REQUEST"

    def test_refuses_a_client_that_asks_for_too_much(self) -> None:
        changes = {"rate=50r/s": "rate=1r/m", "burst=500 nodelay": "burst=1 nodelay"}
        with Place() as made, Nginx(made, changes) as nginx:
            queries = ("generate=1", "%67enerate=1", "remove=1")
            answers = [nginx.client.ask(f"/dalle/simple/{LEFT}?{query}") for query in queries]
            assert [answer.status for answer in answers] == [502, 502, 429]
            assert answers[2].error["code"] == "RATE_LIMITED"
            assert answers[2].headers["retry-after"]
            assert nginx.client.ask(f"/dalle/simple/{LEFT}").status == 502

    def test_gives_up_on_an_application_that_hangs(self) -> None:
        changes = {"proxy_read_timeout 75s": "proxy_read_timeout 1s"}
        with Place() as made, socket.socket(socket.AF_UNIX) as mute, Nginx(made, changes) as nginx:
            mute.bind(str(made.socket))
            made.socket.chmod(0o777)
            mute.listen()
            answer = nginx.client.ask("/series")
            assert (answer.status, answer.error["code"]) == (504, "GATEWAY_TIMEOUT")


class TestOperator:
    @pytest.mark.parametrize("path", ["/metrics", "/errors", "/%6detrics", "/x/../metrics", "/./errors"])
    def test_pages_are_for_loopback_only(self, path: str) -> None:
        changes = {"server_tokens off;": "server_tokens off; set_real_ip_from 127.0.0.1; real_ip_header X-Real;"}
        with Place() as made, Nginx(made, changes) as nginx:
            answer = nginx.client.ask(path, X_Real="203.0.113.7")
            assert (answer.status, answer.error["code"]) == (403, "FORBIDDEN")
            assert nginx.client.ask(path).status == 502
