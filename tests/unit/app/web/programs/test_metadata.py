"""`/metadata/<series>/<address>`: read as wallets, marketplaces and explorers do."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from dalle.errors import ContentBlocked
from dalle.storage.version import version_of
from tests.kit.configuration import configured
from tests.kit.data_folder import put_bytes
from tests.kit.fakes import PaidPainter, studio
from tests.kit.folders import put
from tests.kit.images import png
from tests.kit.waiting import wait

KEY = "simple/0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
METADATA = f"/metadata/{KEY}"
SCHEMA = json.loads((Path(__file__).with_name("erc721.json")).read_text(encoding="utf-8"))
"""The "ERC721 Metadata JSON Schema", as EIP-721 prints it."""


@pytest.fixture
def painted(quick: FlaskClient) -> FlaskClient:
    """A client of an application that has a picture of KEY, made by a run."""
    paint(quick)
    return quick


def paint(client: FlaskClient) -> None:
    wait(lambda: client.get(f"/dalle/{KEY}?generate=1").get_json()["done"])


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of an application that starts no run."""
    made = create_app(configured(tmp_path), studio(tmp_path, jobs=0))
    yield made.test_client()
    made.extensions["dalle.studio"].stop()


def token(client: FlaskClient, **headers: str) -> dict[str, Any]:
    """The metadata, checked against the schema and for what consumers trip over."""
    answer = client.get(METADATA, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    value: dict[str, Any] = json.loads(answer.data)
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.Draft7Validator(SCHEMA).validate(value)
    assert list(value) == ["name", "description", "image", "external_url", "attributes"]
    texts = [value[name] for name in ("name", "description", "image", "external_url")]
    for trait in value["attributes"]:
        assert list(trait) == ["trait_type", "value"]
        texts += trait.values()
    assert all(isinstance(text, str) and text and text.isprintable() and text == text.strip() for text in texts)
    return value


def follow(client: FlaskClient, url: str) -> TestResponse:
    parts = urlsplit(url)
    return client.get(f"{parts.path}?{parts.query}", base_url=f"{parts.scheme}://{parts.netloc}", buffered=True)


def test_describes_a_picture_as_a_token(painted: FlaskClient) -> None:
    value = token(painted)
    dress = painted.get(f"/dalle/{KEY}?generate=1").get_json()["data"]["dalleDress"]
    assert (value["name"], value["description"]) == (dress["titlePrompt"], dress["tersePrompt"])
    words = {row["name"]: row["value"] for row in dress["attributes"]}
    assert {trait["trait_type"] for trait in value["attributes"]} >= {"Noun", "Art style 1", "Color 3"}
    noun = next(trait["value"] for trait in value["attributes"] if trait["trait_type"] == "Noun")
    assert words["noun"].startswith(noun)


def test_leads_to_the_picture_of_that_version_and_to_its_page(painted: FlaskClient) -> None:
    value = token(painted)
    image = follow(painted, value["image"])
    assert (image.status_code, image.content_type) == (200, "image/png")
    assert image.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert urlsplit(value["image"]).path.endswith(f"/dalle/{KEY}.png")
    assert value["image"].endswith(f"?v={version_of(image.data)}")
    page = follow(painted, value["external_url"])
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assert value["name"] in page.text


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "text/html,*/*;q=0.8", "image/png"])
def test_is_the_same_whatever_is_accepted(painted: FlaskClient, accept: str) -> None:
    assert token(painted, Accept=accept) == token(painted)


def test_answers_head_and_ranges(painted: FlaskClient) -> None:
    whole, head = painted.get(METADATA), painted.head(METADATA)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
        assert head.headers[name] == whole.headers[name]
    assert whole.headers["Cache-Control"] == "no-cache"
    part = painted.get(METADATA, headers={"Range": "bytes=0-0"})
    assert (part.status_code, part.data) == (200, whole.data)


def test_is_not_sent_again_to_who_has_it(painted: FlaskClient) -> None:
    tag = painted.get(METADATA).headers["ETag"]
    again = painted.get(METADATA, headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert again.headers["Cache-Control"] == "no-cache"
    assert painted.get(METADATA, headers={"If-None-Match": '"other"'}).status_code == 200
    assert painted.get(METADATA, headers={"If-Match": '"other"'}).status_code == 412


def test_has_another_tag_for_another_picture(painted: FlaskClient, tmp_path: Path) -> None:
    first = painted.get(METADATA)
    series, name = KEY.split("/")
    put(tmp_path, series, name)
    second = painted.get(METADATA)
    assert first.get_json()["image"] != second.get_json()["image"]
    assert first.headers["ETag"] != second.headers["ETag"]


# -- without a picture -----------------------------------------------------------------------------------------------


def not_found(client: FlaskClient) -> str | None:
    """When to ask again."""
    answer = client.get(METADATA)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "NOT_FOUND")
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.headers.get("Retry-After")


def test_is_not_there_before_the_picture_is(waiting: FlaskClient) -> None:
    assert not_found(waiting) is None
    waiting.get(f"/dalle/{KEY}?generate=1")
    assert 1 <= int(not_found(waiting) or 0) <= 60


def test_starts_nothing(waiting: FlaskClient) -> None:
    for query in ("?generate=1", "?generate"):
        assert waiting.get(f"{METADATA}{query}").status_code == 404
    assert waiting.get("/runs").get_json()["data"]["count"] == 0


def test_is_not_there_after_a_failure_or_a_removal(tmp_path: Path) -> None:
    made = create_app(configured(tmp_path), studio(tmp_path, PaidPainter(ContentBlocked())))
    client = made.test_client()
    paint(client)
    assert not_found(client) is None
    made.extensions["dalle.studio"].stop()


def test_is_gone_with_the_picture(painted: FlaskClient) -> None:
    painted.get(f"/dalle/{KEY}?remove=1")
    assert not_found(painted) is None


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/metadata", "MISSING_PARAMETER"),
        ("/metadata/", "MISSING_PARAMETER"),
        ("/metadata/simple/", "MISSING_PARAMETER"),
        (METADATA.replace("simple", "no-such"), "INVALID_SERIES"),
        ("/metadata/simple/17", "INVALID_ADDRESS"),
        (f"{METADATA}.png", "INVALID_ADDRESS"),
    ],
)
def test_names_the_first_thing_that_is_wrong(client: FlaskClient, path: str, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, code)


# -- pictures that something else has put there ----------------------------------------------------------------------


def test_computes_the_version_of_a_picture_without_texts(client: FlaskClient, tmp_path: Path) -> None:
    series, name = KEY.split("/")
    put(tmp_path, series, name)
    value = token(client)
    assert (value["name"], value["description"]) == (CHECKSUMMED, f"{CHECKSUMMED} in the series simple")
    assert value["attributes"] == []
    assert follow(client, value["image"]).data == png()
    assert value["image"].endswith(f"?v={version_of(png())}")


def test_cleans_texts_that_others_wrote(client: FlaskClient, tmp_path: Path) -> None:
    series, name = KEY.split("/")
    put(tmp_path, series, name, title="A\tquiet\r\n\x1b[31motter\u2028 \x00 ")
    folder = tmp_path / "output" / series
    put_bytes(folder / "terse" / f"{name}.txt", b"\x07\n")
    rows = [
        {"name": "noun", "value": "ot\x00ter,x"},
        {"name": "gaze", "value": "none"},
        {"name": "", "value": "x"},
        {"name": "\x01", "value": "x"},
        {"name": "place", "value": ",,"},
        {"name": "emotion", "value": "\ud800"},
        "junk",
    ]
    put_bytes(folder / "selector" / f"{name}.json", json.dumps({"attributes": rows}).encode())
    value = token(client)
    assert (value["name"], value["description"]) == ("A quiet [31motter", f"{CHECKSUMMED} in the series simple")
    assert value["attributes"] == [{"trait_type": "Noun", "value": "ot ter"}]


# -- absolute URLs ---------------------------------------------------------------------------------------------------

FORWARDED = {"X_Forwarded_Proto": "https", "X_Forwarded_Host": "pictures.example.org", "Host": "inner:8080"}


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        ({}, "http://inner:8080"),
        ({"PROXY_HOPS": 1}, "https://pictures.example.org"),
        ({"PUBLIC_URL": "https://x.org/pictures/"}, "https://x.org/pictures"),
        ({"PUBLIC_URL": "https://x.org", "PROXY_HOPS": 1}, "https://x.org"),
    ],
)
def test_leads_where_others_reach_the_server(tmp_path: Path, settings: dict[str, Any], base: str) -> None:
    series, name = KEY.split("/")
    put(tmp_path, series, name)
    client = create_app(configured(tmp_path, **settings)).test_client()
    value = token(client, **FORWARDED)
    assert value["image"].startswith(f"{base}/dalle/{KEY}.png?v=")
    assert value["external_url"] == f"{base}/preview?picture={KEY}"


def test_leads_to_no_host_that_cannot_be_one(client: FlaskClient, tmp_path: Path) -> None:
    series, name = KEY.split("/")
    put(tmp_path, series, name)
    for host in ("[::1]:8080", "x.example.", "127.0.0.1"):
        assert token(client, Host=host)["image"].startswith(f"http://{host}/dalle/")
    for host in ('x"onerror=1', "x'<b>", "x\\y"):
        answer = client.get(METADATA, headers={"Host": host})
        assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "INVALID_REQUEST")
