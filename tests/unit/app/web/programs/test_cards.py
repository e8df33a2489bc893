"""`/card/…` and the tags of pages, read by a parser that chats' developers use."""

import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from extruct.opengraph import OpenGraphExtractor
from flask.testing import FlaskClient
from lxml import html

from tests.kit.application import application
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.folders import address, put
from tests.kit.images import as_file, clouds, png, reopened
from tests.kit.waiting import wait

NAME = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
KEY = f"simple/{NAME}"
CARD = f"/card/{KEY}.jpg"


@pytest.fixture
def painted(quick: FlaskClient) -> FlaskClient:
    """A client of an application that has a picture of KEY, made by a run."""
    quick.get(f"/dalle/{KEY}?generate=1")
    wait(lambda: not quick.get("/runs").get_json()["data"]["runs"])
    return quick


def tags(client: FlaskClient, path: str, **options: Any) -> dict[str, Any]:
    """The Open Graph and Twitter tags of a page."""
    page = client.get(path, **options)
    assert (page.status_code, page.mimetype) == (200, "text/html")
    graphs = OpenGraphExtractor().extract(page.text)
    cards = html.fromstring(page.text).xpath("/html/head/meta[starts-with(@name, 'twitter:')]")
    found = [pair for graph in graphs for pair in graph["properties"]] + [
        (tag.get("name"), tag.get("content")) for tag in cards
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def test_is_a_jpeg_that_chats_take(painted: FlaskClient) -> None:
    answer = painted.get(CARD)
    assert (answer.status_code, answer.content_type, answer.headers["Cache-Control"]) == (200, "image/jpeg", "no-cache")
    image = reopened(answer.data)
    assert (image.format, image.size) == ("JPEG", (600, 600))
    head = painted.head(CARD)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", answer.headers["ETag"])
    assert head.headers["Content-Length"] == str(len(answer.data))
    again = painted.get(CARD, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_is_small_also_for_a_detailed_picture(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME, content=as_file(clouds(1024)))
    answer = client.get(CARD)
    assert reopened(answer.data).size == (1024, 1024)
    assert len(answer.data) <= 300_000


def test_is_of_the_present_picture(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME, content=png("red"))
    first = client.get(CARD)
    put(tmp_path, "simple", NAME, content=png("blue"), age=-5)
    second = client.get(CARD)
    assert first.headers["ETag"] != second.headers["ETag"]
    pixels = [reopened(answer.data).getpixel((9, 9)) for answer in (first, second)]
    assert pixels == [pytest.approx((254, 0, 0), abs=5), pytest.approx((0, 0, 254), abs=5)]


def test_is_in_no_file(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME)
    assert client.get(CARD).status_code == 200
    assert [path.name for path in (tmp_path / "output").rglob("*") if path.is_file()] == [f"{NAME}.png"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (CARD, 404, "NOT_FOUND"),
        (f"{CARD}?generate=1", 404, "NOT_FOUND"),
        (f"/card/{KEY}", 404, "NOT_FOUND"),
        ("/card", 400, "MISSING_PARAMETER"),
        ("/card/simple/.jpg", 400, "MISSING_PARAMETER"),
        (f"/card/nosuch/{NAME}.jpg", 400, "INVALID_SERIES"),
        (f"/card/{KEY}.png", 400, "INVALID_ADDRESS"),
    ],
)
def test_is_not_there_without_a_picture(client: FlaskClient, path: str, status: int, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (status, code)
    assert client.get("/runs").get_json()["data"]["count"] == 0


def test_is_refused_while_others_wait(painted: FlaskClient) -> None:
    bench = painted.application.extensions["dalle.studio"].workbench
    free = threading.Event()
    threads = [threading.Thread(target=bench.get, args=(number, lambda: b"%d" % free.wait(30))) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        wait(lambda: bench.is_full)
        answer = painted.get(CARD)
        assert answer.get_json()["error"]["code"] == "SERVICE_UNAVAILABLE"
        assert answer.headers["Retry-After"] == "1"
    finally:
        free.set()
        for thread in threads:
            thread.join()
    assert painted.get(CARD).status_code == 200


# -- tags ------------------------------------------------------------------------------------------------------------


def test_is_named_on_the_page_of_a_picture(painted: FlaskClient) -> None:
    report = painted.get(f"/dalle/{KEY}?generate=1").get_json()["data"]
    found = tags(painted, f"/preview?picture={KEY}", base_url="http://pictures.example.org")
    url = f"http://pictures.example.org/card/{KEY}.jpg?v={report['version']}"
    title, terse = (report["dalleDress"][name] for name in ("titlePrompt", "tersePrompt"))
    assert found == {
        "og:site_name": "dalleserver",
        "og:type": "website",
        "og:title": title,
        "og:description": terse,
        "og:url": f"http://pictures.example.org/preview?picture={KEY}",
        "og:image": url,
        "og:image:type": "image/jpeg",
        "og:image:width": "600",
        "og:image:height": "600",
        "og:image:alt": terse,
        "twitter:card": "summary",
        "twitter:title": title,
        "twitter:description": terse,
        "twitter:image": url,
        "twitter:image:alt": terse,
    }
    parts = urlsplit(url)
    assert painted.get(f"{parts.path}?{parts.query}").content_type == "image/jpeg"


@pytest.mark.parametrize(
    ("size", "kind"), [((96, 96), "summary"), ((96, 64), "summary_large_image"), ((64, 96), "summary_large_image")]
)
def test_is_announced_by_the_shape_of_the_painting(
    client: FlaskClient, tmp_path: Path, size: tuple[int, int], kind: str
) -> None:
    put(tmp_path, "simple", NAME, content=png(size=(size[0], size[1] + 20)))
    put_bytes(DataFolder(tmp_path).output / "simple" / "generated" / f"{NAME}.png", png(size=size))
    found = tags(client, f"/preview?picture={KEY}")
    image = reopened(client.get(CARD).data)
    assert found["twitter:card"] == kind
    assert (found["og:image:width"], found["og:image:height"]) == (str(image.width), str(image.height))
    assert image.width * size[1] == pytest.approx(image.height * size[0], rel=0.01)


def test_shows_the_newest_picture_of_a_list(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1), age=9)
    put(tmp_path, "simple", address(2), title="Otter \x07& <friends>")
    found = tags(client, "/preview?series=simple", headers={"Host": "a.example"})
    assert found["og:url"] == "http://a.example/preview?series=simple"
    assert (found["og:title"], found["og:image:alt"]) == ("simple · Gallery", "Otter & <friends>")
    assert urlsplit(found["og:image"]).path == f"/card/simple/{address(2)}.jpg"
    assert tags(client, "/preview")["og:title"] == "Gallery"


def test_is_not_named_where_there_is_none(client: FlaskClient, tmp_path: Path) -> None:
    assert "og:image" not in tags(client, "/preview")
    put(tmp_path, "simple", "sunset & <sea>", title="Sunset")
    found = tags(client, "/preview?picture=simple/sunset %26 <sea>")
    assert (found["og:title"], found["twitter:card"]) == ("Sunset", "summary")
    assert found["og:url"].endswith("/preview?picture=simple/sunset%20%26%20%3Csea%3E")
    assert "og:image" not in found


def test_leads_to_the_public_url(tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME)
    made = application(tmp_path, PUBLIC_URL="https://pictures.example.org/x")
    found = tags(made.test_client(), f"/preview?picture={KEY}", headers={"Host": "evil.example"})
    assert found["og:url"] == f"https://pictures.example.org/x/preview?picture={KEY}"
    assert found["og:image"].startswith(f"https://pictures.example.org/x/card/{KEY}.jpg")
    assert "evil" not in str(found)


def test_is_left_out_where_the_host_is_unknown(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME)
    page = client.get(f"/preview?picture={KEY}", headers={"Host": "x'<b>"})
    assert (page.status_code, "og:" in page.text) == (200, False)
