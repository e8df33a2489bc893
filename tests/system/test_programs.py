"""What programs, wallets and marketplaces ask for."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.kit.http import Client

ONES = "0x" + "1" * 40
FIELDS: dict[str, Any] = {
    "series": str,
    "address": str,
    "attributes": list,
    "prompts": dict,
    "palette": list,
    "orientation": str,
    "model": str,
    "size": str,
    "quality": str,
    "estimateUsd": (int, float),
    "priced": bool,
    "painter": str,
}


class TestPrompts:
    def test_shows_what_would_be_painted_and_starts_nothing(self, client: Client, address: str) -> None:
        for query in ("", "?generate=1"):
            answer = client.ask(f"/prompts/simple/{address}{query}")
            assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
            data = answer.data
            assert {name: isinstance(data[name], kind) for name, kind in FIELDS.items()} == dict.fromkeys(FIELDS, True)
            assert set(data["prompts"]) == {"data", "title", "terse", "prompt", "author", "technical"}
        assert client.ask(f"/dalle/simple/{address}").data == {}

    def test_is_right_afterwards(self, client: Client, finished: str) -> None:
        data = client.ask(finished.replace("dalle", "prompts")).data
        dress = client.ask(f"{finished}?generate=1").data["dalleDress"]
        assert data["attributes"] == dress["attributes"]
        assert data["prompts"]["terse"] == dress["tersePrompt"]


class TestMetadata:
    def test_describes_a_finished_picture(self, client: Client, finished: str) -> None:
        answer = client.ask(finished.replace("dalle", "metadata"), Host="pictures.example.org")
        assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
        value = answer.json
        assert set(value) == {"name", "description", "image", "external_url", "attributes"}
        assert all(set(trait) == {"trait_type", "value"} for trait in value["attributes"])
        image = urlsplit(value["image"])
        assert (image.scheme in ("http", "https"), image.path) == (True, f"{finished}.png")
        picture = client.ask(f"{image.path}?{image.query}")
        assert picture.body == client.ask(finished).body
        assert picture.headers["cache-control"] == "public, max-age=31536000, immutable"
        tag, path = answer.headers["etag"], finished.replace("dalle", "metadata")
        assert client.ask(path, Host="pictures.example.org", If_None_Match=tag).status == 304
        head = client.ask(finished.replace("dalle", "metadata"), "HEAD")
        assert (head.status, head.body, head.headers["content-type"]) == (200, b"", "application/json")

    def test_is_not_found_without_a_picture(self, client: Client, address: str) -> None:
        answer = client.ask(f"/metadata/simple/{address}")
        assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")
        assert answer.headers["cache-control"] == "no-store"
        assert "retry-after" not in answer.headers
        client.painted(f"/dalle/simple/{address}")
        assert client.ask(f"/metadata/simple/{address}").status == 200


class TestCards:
    def test_is_a_jpeg_of_a_finished_picture(self, client: Client, finished: str) -> None:
        path = f"{finished.replace('dalle', 'card')}.jpg"
        answer = client.ask(path)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/jpeg")
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.body[:3] == b"\xff\xd8\xff"
        assert len(answer.body) <= 300_000
        assert client.ask(path, If_None_Match=answer.headers["etag"]).status == 304
        assert client.ask(path, "HEAD").headers["content-length"] == str(len(answer.body))
        page = client.ask(finished.replace("/dalle/", "/preview?picture="))
        assert 'property="og:image" content="' in page.body.decode()

    def test_is_not_found_without_a_picture(self, client: Client, address: str) -> None:
        answer = client.ask(f"/card/simple/{address}.jpg")
        assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")


class TestOembed:
    def test_describes_a_finished_picture(self, client: Client, finished: str) -> None:
        def ask(query: str) -> Any:
            return client.ask(f"/oembed?url=http://pictures.example.org{finished}{query}", Host="pictures.example.org")

        answer = ask("&maxwidth=300")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        value = answer.json
        assert (value["type"], value["version"], value["width"]) == ("photo", "1.0", 256)
        parts = urlsplit(value["url"])
        picture = client.ask(f"{parts.path}?{parts.query}")
        assert (picture.status, picture.headers["content-type"]) == (200, "image/webp")
        assert (ask("&format=xml").status, ask("&format=xml").error["code"]) == (501, "NOT_IMPLEMENTED")
        assert client.ask("/oembed").error["code"] == "MISSING_PARAMETER"
        assert client.ask("/oembed?url=http://other.example/x").error["code"] == "NOT_FOUND"


class TestFeeds:
    def test_lists_a_finished_picture(self, client: Client, finished: str) -> None:
        for name, kind in (("atom", "application/atom+xml"), ("json", "application/feed+json")):
            answer = client.ask(f"/feed.{name}?series=simple")
            assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, kind)
            assert answer.headers["cache-control"] == "no-cache"
            assert finished.rpartition("/")[2] in answer.body.decode()
            assert client.ask(f"/feed.{name}?series=simple", "HEAD").body == b""
            assert client.ask(f"/feed.{name}?series=nosuch").error["code"] == "INVALID_SERIES"


class TestDescription:
    def test_describes_this_service(self, client: Client) -> None:
        answer = client.ask("/openapi.json", Host="pictures.example.org")
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
        value = answer.json
        assert value["openapi"].startswith("3.1.")
        assert value["components"]["schemas"]["Series"]["enum"] == client.ask("/series").data["series"]
        tag = answer.headers["etag"]
        assert client.ask("/openapi.json", Host="pictures.example.org", If_None_Match=tag).status == 304
        assert client.ask("/openapi.json", "HEAD").body == b""

    def test_shows_people_the_same(self, client: Client) -> None:
        answer = client.ask("/api")
        assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert all(path in answer.body.decode() for path in client.ask("/openapi.json").json["paths"])


class TestPlaceholder:
    def test_is_a_sketch_and_then_the_picture(self, client: Client, address: str) -> None:
        path = f"/dalle/simple/{address}"
        for width in ("", "&w=64"):
            answer = client.ask(f"{path}?placeholder=1{width}")
            assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
            assert (answer.headers["x-dalle-state"], answer.headers["cache-control"]) == ("idle", "no-store")
        assert client.ask(path).data == {}
        started = client.ask(f"{path}?placeholder=1&generate=1")
        assert (started.headers["content-type"], started.headers["x-dalle-state"]) == ("image/webp", "working")
        client.painted(path)
        answer = client.ask(f"{path}?placeholder=1")
        assert (answer.headers["content-type"], answer.headers["x-dalle-state"]) == ("image/png", "done")
        assert answer.body == client.ask(path).body
        assert client.ask(f"{path}?placeholder=1&remove=1").headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("what", ["prompts", "metadata", "card"])
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", "MISSING_PARAMETER"),
        ("/", "MISSING_PARAMETER"),
        ("/simple", "MISSING_PARAMETER"),
        ("/simple/", "MISSING_PARAMETER"),
        (f"/nosuch/{ONES}", "INVALID_SERIES"),
        (f"/simple/{ONES}1", "INVALID_ADDRESS"),
        (f"/simple/{ONES}/more", "INVALID_ADDRESS"),
    ],
)
def test_names_the_first_thing_that_is_wrong(client: Client, what: str, path: str, code: str) -> None:
    answer = client.ask(f"/{what}{path}")
    assert (answer.status, answer.error["code"]) == (400, code)
