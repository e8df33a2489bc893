"""`/feed.atom` and `/feed.json`, read by a feed reader's parser."""

import re
import uuid
from pathlib import Path
from types import SimpleNamespace as Namespace
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from flask.testing import FlaskClient
from lxml import html

from tests.kit.application import application
from tests.kit.folders import MOMENT, address, put
from tests.kit.images import photo, reopened

BOTH = ("/feed.atom", "/feed.json")


def read(client: FlaskClient, path: str, **headers: str) -> Any:
    answer = client.get(path, headers=headers)
    kind = "application/feed+json" if "json" in path else "application/atom+xml"
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, kind, "no-cache")
    if "json" in path:
        return simplified(answer.get_json())
    parsed = feedparser.parse(answer.data, response_headers={"content-type": answer.content_type})
    assert not parsed.bozo, parsed.bozo_exception
    assert (parsed.version, parsed.feed.author) == ("atom10", "dalleserver")
    return parsed


def simplified(value: dict[str, Any]) -> Any:
    """A JSON Feed as the parser, which knows none, shows an Atom feed; checked for what the format wants."""
    assert value["version"] == "https://jsonfeed.org/version/1.1"
    assert all(value[name].startswith("http") for name in ("home_page_url", "feed_url"))
    for item in value["items"]:
        assert set(item) == {"id", "url", "title", "content_html", "image", "date_published"}
        assert all(isinstance(text, str) and text for text in item.values())
    entries = [
        Namespace(
            id=item["id"],
            link=item["url"],
            title=item["title"],
            content=[Namespace(value=item["content_html"])],
            updated=item["date_published"],
        )
        for item in value["items"]
    ]
    return Namespace(feed=Namespace(title=value["title"]), entries=entries)


@pytest.mark.parametrize("path", BOTH)
def test_lists_the_newest_pictures(client: FlaskClient, tmp_path: Path, path: str) -> None:
    put(tmp_path, "simple", address(1), title="Otter", age=86400)
    put(tmp_path, "empty", address(2), title='Newt & "friend" <b>')
    found = read(client, path, Host="a.example")
    assert [entry.title for entry in found.entries] == ['Newt & "friend" <b>', "Otter"]
    newt = found.entries[0]
    assert newt.link == f"http://a.example/preview?picture=empty/{address(2)}"
    assert uuid.UUID(newt.id).version == 5
    (image,) = html.fromstring(newt.content[0].value).iter("img")
    assert image.get("alt") == 'Newt & "friend" <b>'
    parts = urlsplit(image.get("src"))
    assert reopened(client.get(f"{parts.path}?{parts.query}", buffered=True).data).width == 512
    assert found.feed.title == "dalleserver"


def test_says_when_a_picture_came(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1), age=MOMENT)
    put(tmp_path, "simple", address(2), age=MOMENT - 3600)
    atom = read(client, "/feed.atom")
    assert [entry.updated for entry in atom.entries] == ["1970-01-01T01:00:00+00:00", "1970-01-01T00:00:00+00:00"]
    assert atom.feed.updated == "1970-01-01T01:00:00+00:00"
    assert client.get("/feed.json").get_json()["items"][0]["date_published"] == "1970-01-01T01:00:00+00:00"


def test_names_a_picture_by_what_it_is_and_not_by_the_host(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1), content=photo())
    (first,) = (entry.id for entry in read(client, "/feed.atom", Host="a.example").entries)
    (second,) = (entry.id for entry in read(client, "/feed.json", Host="b.example").entries)
    assert first == second
    put(tmp_path, "simple", address(1), content=photo(), age=-1)
    (third,) = (entry.id for entry in read(client, "/feed.atom").entries)
    assert third != first


@pytest.mark.parametrize("path", BOTH)
def test_is_of_one_series_where_that_is_asked_for(client: FlaskClient, tmp_path: Path, path: str) -> None:
    put(tmp_path, "simple", address(1))
    put(tmp_path, "hidden", address(2))
    for query, expected in (("simple", "simple"), ("SIMPLE", "simple"), ("hidden", "hidden")):
        found = read(client, f"{path}?series={query}")
        (entry,) = found.entries
        assert entry.link.endswith(f"/preview?picture={expected}/{address(1 + (expected == 'hidden'))}")
        assert found.feed.title == f"dalleserver: {expected}"
    answer = client.get(f"{path}?series=nosuch")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "INVALID_SERIES")


@pytest.mark.parametrize("path", BOTH)
def test_may_be_empty(client: FlaskClient, path: str) -> None:
    assert read(client, f"{path}?series=empty").entries == []


@pytest.mark.parametrize("path", BOTH)
def test_has_fifty_pictures(client: FlaskClient, tmp_path: Path, path: str) -> None:
    for number in range(52):
        put(tmp_path, "simple", address(number), age=number)
    entries = read(client, path).entries
    assert [entry.title for entry in entries] == [address(number) for number in range(50)]


@pytest.mark.parametrize("path", BOTH)
def test_is_sent_again_when_it_changed(client: FlaskClient, tmp_path: Path, path: str) -> None:
    put(tmp_path, "simple", address(1))
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    head = client.head(path)
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(first.data)))
    put(tmp_path, "simple", address(2))
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize("path", BOTH)
def test_has_no_control_characters(client: FlaskClient, tmp_path: Path, path: str) -> None:
    put(tmp_path, "simple", address(1), title="a\x00b\x0bc\x1bd\ufffee\u202ef]]>")
    (entry,) = read(client, path).entries
    assert entry.title == "a b c d e f]]>"
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", client.get(path).text)


def test_leads_to_the_public_url(tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1))
    client = application(tmp_path, PUBLIC_URL="https://pictures.example.org").test_client()
    for path in BOTH:
        text = client.get(path, headers={"Host": "evil.example"}).text
        assert ("https://pictures.example.org/" in text, "evil" in text) == (True, False)


def test_is_found_by_the_pages(client: FlaskClient) -> None:
    for query in ("", "?series=simple"):
        page = html.fromstring(client.get(f"/preview{query}").text)
        for kind, path in zip(("application/atom+xml", "application/feed+json"), BOTH, strict=True):
            (href,) = page.xpath(f"/html/head/link[@rel='alternate'][@type='{kind}']/@href")
            assert href == f"http://localhost{path}{query}"
            parts = urlsplit(href)
            assert read(client, f"{parts.path}?{parts.query}").entries == []
