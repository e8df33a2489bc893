"""`/oembed`: asked as consumers ask, which find it by the link on the page."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.kit.application import application
from tests.kit.folders import put
from tests.kit.images import png, reopened

NAME = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
KEY = f"simple/{NAME}"
LINK = f"http://localhost/dalle/{KEY}"


@pytest.fixture(autouse=True)
def picture(tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME, title="Otter \x07& friends", content=png(size=(600, 700)))


def embed(client: FlaskClient, url: str = LINK, **query: Any) -> dict[str, Any]:
    answer = client.get("/oembed", query_string={"url": url, **query})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-cache"
    value: dict[str, Any] = answer.get_json()
    return value


def refusal(client: FlaskClient, **query: Any) -> tuple[int, str]:
    answer = client.get("/oembed", query_string=query)
    return answer.status_code, answer.get_json()["error"]["code"]


def test_describes_a_photo(client: FlaskClient) -> None:
    value = embed(client)
    url = value.pop("url")
    assert value == {
        "type": "photo",
        "version": "1.0",
        "title": "Otter & friends",
        "width": 600,
        "height": 700,
        "provider_name": "dalleserver",
        "provider_url": "http://localhost/",
        "cache_age": 3600,
    }
    parts = urlsplit(url)
    assert (parts.netloc, parts.path) == ("localhost", f"/dalle/{KEY}.png")
    answer = client.get(f"{parts.path}?{parts.query}", buffered=True)
    assert (answer.content_type, "immutable" in answer.headers["Cache-Control"]) == ("image/png", True)


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        ({"maxwidth": 600, "maxheight": 700}, (600, 700)),
        ({"maxwidth": 599}, (512, 598)),
        ({"maxheight": 699}, (512, 598)),
        ({"maxheight": 597}, (256, 299)),
        ({"maxwidth": 200, "maxheight": 4000}, (128, 150)),
        ({"maxwidth": 64}, (64, 75)),
        ({"maxwidth": "9" * 400}, (600, 700)),
    ],
)
def test_fits_in_both_directions(client: FlaskClient, most: dict[str, Any], expected: tuple[int, int]) -> None:
    value = embed(client, **most)
    assert (value["width"], value["height"]) == expected
    parts = urlsplit(value["url"])
    assert reopened(client.get(f"{parts.path}?{parts.query}", buffered=True).data).size == expected


def test_has_the_true_size_of_a_tall_picture(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", NAME, content=png(size=(100, 900)))
    assert [embed(client, maxheight=most)["height"] for most in (900, 899)] == [900, 256]
    parts = urlsplit(embed(client, maxheight=899)["url"])
    assert reopened(client.get(f"{parts.path}?{parts.query}", buffered=True).data).size == (64, 256)


@pytest.mark.parametrize(
    "url",
    [
        f"https://localhost/dalle/{KEY}",
        f"http://localhost:80/dalle/{KEY}/",
        f"http://LOCALHOST/dalle/{KEY}.png?v=1&w=64#part",
        f"http://localhost/dalle/SIMPLE/0x{NAME[2:].upper()}",
        f"https://localhost/preview?picture={KEY}",
        f"http://localhost/preview?q=otter&picture=simple%2F{NAME}",
    ],
)
def test_knows_the_forms_of_a_link(client: FlaskClient, url: str) -> None:
    assert embed(client, url) == embed(client)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "http://localhost",
        "http://localhost/",
        "http://localhost/preview",
        "http://localhost/series",
        "http://localhost/preview?picture=simple",
        f"http://localhost/dalle/nosuch/{NAME}",
        f"http://localhost/dalle/simple/0x{'1' * 40}",
        f"http://localhost/dalle/simple/{NAME}1",
        f"http://localhost/card/{KEY}.jpg",
        f"http://localhost:81/dalle/{KEY}",
        f"http://localhost:x/dalle/{KEY}",
        f"http://evil.example/dalle/{KEY}",
        f"http://localhost@evil.example/dalle/{KEY}",
        f"ftp://localhost/dalle/{KEY}",
        f"//localhost/dalle/{KEY}",
        f"/dalle/{KEY}",
        "http://[::1/",
    ],
)
def test_knows_no_other_url(client: FlaskClient, url: str) -> None:
    assert refusal(client, url=url) == (404, "NOT_FOUND")


def test_refuses_what_it_does_not_understand(client: FlaskClient) -> None:
    assert refusal(client) == refusal(client, url="") == (400, "MISSING_PARAMETER")
    assert refusal(client, url=LINK, format="xml") == (501, "NOT_IMPLEMENTED")
    assert refusal(client, url=LINK, maxwidth="wide") == (400, "INVALID_REQUEST")
    assert refusal(client, url=LINK, maxwidth=63) == (404, "NOT_FOUND")
    assert embed(client, format="json") == embed(client)


def test_is_found_by_the_page_of_a_picture(client: FlaskClient) -> None:
    page = html.fromstring(client.get(f"/preview?picture={KEY}").text)
    (href,) = page.xpath("/html/head/link[@rel='alternate'][@type='application/json+oembed']/@href")
    parts = urlsplit(href)
    found = client.get(f"{parts.path}?{parts.query}").get_json()
    assert found == embed(client)
    head = client.head(f"{parts.path}?{parts.query}")
    assert (head.status_code, head.data) == (200, b"")
    assert "oembed" not in client.get("/preview").text


def test_is_of_this_server_by_either_name(tmp_path: Path) -> None:
    client = application(tmp_path, PUBLIC_URL="https://pictures.example.org/x").test_client()
    value = embed(client, f"http://pictures.example.org/x/dalle/{KEY}")
    assert value["url"].startswith("https://pictures.example.org/x/dalle/")
    assert embed(client) == value
    assert refusal(client, url=f"http://pictures.example.org/dalle/{KEY}") == (404, "NOT_FOUND")
