"""`/workshop` and what is below it: one application, no network."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dalle.words.catalog import NAMES, Catalog
from dalle.words.series import KEYS
from tests.kit.application import application
from tests.kit.folders import address
from tests.kit.images import reopened

OWLS = {"name": "quiet-owls", "nouns": ",owl,", "colors": "blue\r\nindigo", "colorLimit": "2", "do": "save"}


def data(client: FlaskClient, query: Any) -> dict[str, Any]:
    answer = client.get("/workshop/draft", query_string=query)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    found: dict[str, Any] = answer.get_json()["data"]
    return found


def post(client: FlaskClient, fields: dict[str, str] | None = None, **headers: str) -> TestResponse:
    return client.post("/workshop", data=OWLS if fields is None else fields, headers=headers)


def saved(tmp_path: Path, name: str = "quiet-owls") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((tmp_path / "series" / f"{name}.json").read_bytes())
    return found


def test_shows_what_the_filters_leave(client: FlaskClient) -> None:
    left = data(client, {"nouns": ",owl,\nzzz", "gazes": "zzz"})["left"]
    nouns = Catalog.load().databases["nouns"]
    owls = [row for row in nouns.rows if ",owl," in ",".join(row)]
    assert set(left) == set(NAMES)
    assert (left["nouns"]["rows"], left["nouns"]["of"]) == (len(owls), len(nouns.rows))
    assert left["nouns"]["hits"] == [{"filter": ",owl,", "rows": len(owls)}, {"filter": "zzz", "rows": 0}]
    assert {each["word"] for each in left["nouns"]["examples"]} <= {row[0] for row in owls}
    assert (left["gazes"]["level"], left["gazes"]["status"]) == ("none", "no row is left")
    assert (left["places"]["level"], left["places"]["status"]) == ("all", "all 905")
    assert left["colors"]["examples"][0]["hex"].startswith("#")


def test_shows_twelve_sketches_and_the_texts_of_one(client: FlaskClient) -> None:
    found = data(client, {"nouns": ",owl,", "addresses": f"https://x.example/{address(7)}?a", "shown": address(7)})
    assert (len(found["tiles"]), found["tiles"][0]["address"], found["chosen"]) == (12, address(7), address(7))
    assert "Prompt" in found["about"]
    assert found["price"] == "A picture costs nothing: the offline artist paints here."
    answer = client.get(found["tiles"][0]["sketch"])
    assert (answer.status_code, answer.content_type) == (200, "image/webp")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert reopened(answer.data).width == 256


def test_leaves_sketches_as_they_are_that_show_the_same(client: FlaskClient) -> None:
    before, after = (
        {tile["sketch"] for tile in data(client, {"name": "a", "colors": each})["tiles"]} for each in ("", "blue")
    )
    assert not before & after
    all_kinds = {"name": "a", "nouns": ",animals\n,plants\n,fungi\n,mythical\n,microbes"}
    assert {tile["sketch"] for tile in data(client, all_kinds)["tiles"]} == before


@pytest.mark.parametrize(
    "change",
    [{"v": "0"}, {"rows": "1"}, {"address": "0x1"}, {"series": "No!"}, {"colors": "7"}, {"rows": ".".join("9" * 18)}],
)
def test_draws_no_sketch_that_it_does_not_name(client: FlaskClient, change: dict[str, str]) -> None:
    query = {"series": "a", "address": address(1), "rows": ".".join("0" * 18)} | change
    if change == {"rows": ".".join("9" * 18)}:
        query["rows"] = ".".join(["99999"] * 18)
    answer = client.get("/workshop/sketch", query_string=query)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (404, "NOT_FOUND")


def test_is_a_page_without_a_script(client: FlaskClient) -> None:
    answer = client.get("/workshop", query_string={"nouns": ",owl,", "toggle": "nouns:,bird,"})
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/html", "no-store")
    text = answer.text
    assert len(re.findall(r'<img src="/workshop/sketch\?', text)) == 12
    assert re.search(r'<textarea name="nouns"[^>]*>,owl,\n,bird,</textarea>', text)
    assert re.search(r'value="nouns:,bird,"[^>]*aria-pressed="true"', text)
    assert "<h3>Prompt</h3>" in text
    undone = client.get("/workshop", query_string={"nouns": ",owl,\n,bird,", "toggle": "nouns:,bird,"}).text
    assert re.search(r'<textarea name="nouns"[^>]*>,owl,</textarea>', undone)


def test_opens_a_series(client: FlaskClient, tmp_path: Path) -> None:
    built_in = data(client, {"from": "blue-hours"})
    assert (built_in["name"], built_in["base"]) == ("blue-hours", "")
    assert built_in["note"] == "“blue-hours” comes with the program: saving replaces it on this server."
    assert built_in["link"].startswith("/workshop?name=blue-hours&purpose=Melancholy")
    post(client)
    own = data(client, {"from": "quiet-owls"})
    assert own["base"].startswith("quiet-owls@")
    assert own["note"] == "Saving replaces “quiet-owls”. Its pictures stay as they are."
    assert own["series"]["nouns"] == [",owl,"]
    (tmp_path / "series" / "torn.json").write_text("{")
    assert data(client, {"from": "torn"})["problems"]["from"].startswith("The file of “torn” cannot be used")
    assert data(client, {"from": "no-such"})["problems"] == {"from": "There is no series “no-such” to begin with."}


def test_has_a_link_unless_it_would_be_too_long(client: FlaskClient) -> None:
    assert data(client, {"nouns": ",owl,", "sheet": "2"})["link"] == "/workshop?nouns=%2Cowl%2C&sheet=2"
    fields = {"nouns": "\n".join(f"w{number}" for number in range(3000)), "do": "show"}
    answer = post(client, fields)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert 'method="post"' in answer.text
    shown = post(client, fields, Accept="application/json").get_json()["data"]
    assert (shown["link"], len(shown["left"]["nouns"]["hits"])) == ("", 3000)


def test_saves_a_draft(client: FlaskClient, tmp_path: Path) -> None:
    answer = post(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/workshop?from=quiet-owls&saved=1")
    written = saved(tmp_path)
    assert (written["nouns"], written["colors"], written["colorLimit"]) == ([",owl,"], ["blue", "indigo"], 2)
    assert set(written) <= set(KEYS)
    assert "quiet-owls" in client.get("/series").get_json()["data"]["series"]
    text = client.get(answer.headers["Location"]).text
    assert "<strong>quiet-owls</strong> is saved." in text
    assert "Make its first picture" in text


def test_keeps_what_only_other_servers_know(client: FlaskClient, tmp_path: Path) -> None:
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "old.json").write_text(
        '{"source": "user", "modifiedAt": "x", "nouns": [",owl,"], "mine": 1}'
    )
    base = data(client, {"from": "old"})["base"]
    assert post(client, {"name": "old", "base": base, "nouns": ",bird,"}).status_code == 303
    written = saved(tmp_path, "old")
    assert (written["source"], written["modifiedAt"], written["mine"], written["nouns"]) == ("user", "x", 1, [",bird,"])


def test_replaces_nothing_that_the_draft_did_not_begin_with(client: FlaskClient, tmp_path: Path) -> None:
    post(client)
    base = data(client, {"from": "quiet-owls"})["base"]
    assert post(client, OWLS | {"base": base, "purpose": "Theirs."}).status_code == 303
    answer = post(client, OWLS | {"base": base, "purpose": "Mine."})
    assert answer.status_code == 409
    assert "There is another “quiet-owls” now" in answer.text
    assert re.search(r"<td>Theirs\.</td><td>Mine\.</td>", answer.text)
    assert saved(tmp_path)["purpose"] == "Theirs."
    present = re.search(r'name="replace" value="([0-9a-f]{64})"', answer.text)
    assert present
    replaced = post(client, OWLS | {"base": base, "purpose": "Mine.", "replace": present[1]})
    assert (replaced.status_code, saved(tmp_path)["purpose"]) == (303, "Mine.")
    assert post(client).status_code == 409  # as a new series


def test_says_that_a_series_was_deleted_meanwhile(client: FlaskClient, tmp_path: Path) -> None:
    post(client)
    base = data(client, {"from": "quiet-owls"})["base"]
    (tmp_path / "series" / "quiet-owls.json").unlink()
    answer = post(client, OWLS | {"base": base})
    assert answer.status_code == 409
    assert "“quiet-owls” was deleted meanwhile" in answer.text
    assert post(client, OWLS | {"base": base, "replace": "none"}).status_code == 303


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "name: a series needs one to be saved"),
        ({"name": "Owls!"}, "name: Expected 1 to 64 of a-z, 0-9 and -."),
        ({"colorLimit": "x"}, "colorLimit: Expected 0, 1 or 2."),
        ({"nouns": "zzz"}, "nouns: no row contains"),
        ({"Nouns": "a"}, "unknown field; did you mean nouns?"),
    ],
)
def test_refuses_a_draft_on_its_page(client: FlaskClient, tmp_path: Path, change: dict[str, str], said: str) -> None:
    answer = post(client, OWLS | change)
    assert (answer.status_code, answer.mimetype) == (400, "text/html")
    assert said in answer.text
    assert ",owl," in answer.text or "nouns" in change  # what was typed is still there
    assert not (tmp_path / "series").exists() or not list((tmp_path / "series").glob("*.json"))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_saves_nothing_for_pages_of_other_sites(client: FlaskClient, headers: dict[str, str], status: int) -> None:
    answer = client.post("/workshop", data=OWLS, headers=headers)
    assert answer.status_code == status
    if status == 403:
        assert answer.get_json()["error"]["code"] == "FORBIDDEN"


def test_knows_its_own_pages_behind_a_proxy_that_changes_the_host(tmp_path: Path) -> None:
    client = application(tmp_path, PUBLIC_URL="https://pictures.example").test_client()
    assert client.post("/workshop", data=OWLS, headers={"Origin": "https://pictures.example"}).status_code == 303
    assert client.post("/workshop", data=OWLS, headers={"Origin": "https://other.example"}).status_code == 403


def test_saves_nothing_on_a_read_only_server(tmp_path: Path) -> None:
    client = application(tmp_path, READ_ONLY=1).test_client()
    assert 'value="save"' not in client.get("/workshop").text
    answer = post(client)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (403, "FORBIDDEN")
    assert client.post("/workshop?name=a", json={}).status_code == 403
    assert post(client, OWLS | {"do": "show"}).status_code == 200


def test_takes_large_drafts_here_and_nowhere_else(client: FlaskClient) -> None:
    for path, size, status in (
        ("/workshop", 262_144, 400),
        ("/workshop", 262_145, 413),
        ("/preview/make", 16_385, 413),
    ):
        answer = client.post(path, data=b"a" * size, content_type="application/json")
        assert (path, size, answer.status_code) == (path, size, status)
    assert answer.get_json()["error"]["code"] == "PAYLOAD_TOO_LARGE"


def test_downloads_a_draft(client: FlaskClient) -> None:
    answer = client.get("/workshop/series.json", query_string={"name": "a b", "nouns": ",owl,"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="a-b.json"'
    assert json.loads(answer.data)["nouns"] == [",owl,"]
    assert post(client, {"do": "download", "nouns": ",owl,"}).get_json()["nouns"] == [",owl,"]


class TestPrograms:
    """`POST /workshop` with a JSON body."""

    def put(self, client: FlaskClient, body: bytes, **query: str) -> tuple[int, dict[str, Any]]:
        answer = client.post("/workshop", data=body, query_string=query, content_type="application/json")
        found: dict[str, Any] = answer.get_json()
        return answer.status_code, found

    def test_save(self, client: FlaskClient, tmp_path: Path) -> None:
        status, answer = self.put(client, b'{"nouns": [",owl,"], "source": "user"}', name="owls")
        assert (status, answer["data"]["name"], answer["data"]["shadows"]) == (200, "owls", False)
        assert saved(tmp_path, "owls") == {"nouns": [",owl,"], "source": "user"}
        sha256 = answer["data"]["sha256"]
        status, answer = self.put(client, b'{"purpose": "x"}', name="owls")
        assert (status, answer["error"]["code"]) == (409, "INVALID_REQUEST")
        assert sha256 in answer["error"]["details"]
        assert self.put(client, b'{"purpose": "x"}', name="owls", expecting=sha256)[0] == 200
        assert self.put(client, b"{}", name="simple")[1]["data"]["shadows"] is True

    @pytest.mark.parametrize(
        ("body", "name", "details"),
        [
            (b"{", "a", "not valid JSON"),
            (b"[]", "a", "expected a JSON object"),
            (b'{"nouns": 1}', "a", '"nouns" must be a list of texts'),
            (b'{"Nouns": []}', "a", '"Nouns" is an unknown key; did you mean nouns?'),
            (b'{"nouns": ["zzz"]}', "a", "nouns: no row contains"),
            (b"{}", "A B", "name: expected 1 to 64 of a-z, 0-9 and -"),
        ],
    )
    def test_are_refused(self, client: FlaskClient, body: bytes, name: str, details: str) -> None:
        status, answer = self.put(client, body, name=name)
        assert (status, answer["error"]["code"]) == (400, "INVALID_REQUEST")
        assert details in answer["error"]["details"]

    def test_need_a_name(self, client: FlaskClient) -> None:
        assert self.put(client, b"{}")[1]["error"]["code"] == "MISSING_PARAMETER"
