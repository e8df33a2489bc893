"""`/preview`, `/preview/items`, `/preview/picture`, `/preview/make`, `/runs`: one application, no network."""

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.web.gallery.items import shape
from dalle.errors import AuthRefused, Unavailable
from dalle.painters.protocol import Answer, Order, Recorder
from dalle.painters.sketch import Sketch
from dalle.pictures import previous
from tests.kit.application import application
from tests.kit.fakes import PaidPainter, studio
from tests.kit.folders import MOMENT, address, put
from tests.kit.images import photo, png, reopened
from tests.kit.waiting import wait

KEYED = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
CHECKSUMMED = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


class Moody(PaidPainter):
    """Refuses while `refusing`."""

    refusing = False

    def paint(self, order: Order, record: Recorder) -> Answer:
        if self.refusing:
            raise AuthRefused("the key is not accepted")
        return super().paint(order, record)


@pytest.fixture
def painter() -> Moody:
    return Moody()


@pytest.fixture
def app(tmp_path: Path, painter: Moody) -> Iterator[Flask]:
    made = application(tmp_path, studio(tmp_path, painter))
    yield made
    made.extensions["dalle.studio"].stop()


@pytest.fixture
def read_only(tmp_path: Path, painter: Moody) -> FlaskClient:
    return application(tmp_path, studio(tmp_path, painter), READ_ONLY=1).test_client()


def items(client: FlaskClient, query: str = "") -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = client.get(f"/preview/items{query}").get_json()["data"]["items"]
    return data


def ended(client: FlaskClient, key: str) -> None:
    """Start a run and wait until it has ended."""
    client.get(f"/dalle/{key}?generate=1")
    wait(lambda: not client.get("/runs").get_json()["data"]["runs"])


def test_shows_how_to_make_the_first_picture(client: FlaskClient) -> None:
    page = client.get("/preview").text
    assert "No pictures yet" in page
    assert f'name="address" value="{CHECKSUMMED}"' in page
    assert f"/dalle/simple/{CHECKSUMMED}?generate=1" in page


def main_buttons(page: str) -> list[str]:
    """The labels of the buttons that stand out, of those that are shown."""
    page = re.sub(r'<section id="empty"[^>]* hidden>.*?</section>', "", page, flags=re.DOTALL)
    return re.findall(r'<button class="main">([^<]+)<', page)


def test_has_one_main_button(client: FlaskClient, tmp_path: Path) -> None:
    assert main_buttons(client.get("/preview").text) == ["Make the first picture"]
    link = f"/preview?picture=simple/{KEYED}"
    assert main_buttons(client.get(link).text) == ["Make it"]
    put(tmp_path, "simple", address(1))
    assert main_buttons(client.get("/preview").text) == ["Make it"]
    assert main_buttons(client.get(link).text) == ["Make it"]


def test_filters_nothing_where_nothing_is(client: FlaskClient, tmp_path: Path) -> None:
    assert '<body class="blank"' in client.get("/preview").text
    put(tmp_path, "simple", address(1))
    assert '<body class="blank"' not in client.get("/preview").text


def test_knows_where_the_painting_ends(quick: FlaskClient) -> None:
    ended(quick, f"simple/{KEYED}")
    [item] = items(quick)
    assert 0 < item["paintingHeight"] < item["height"]
    page = quick.get("/preview").text
    assert f'width="{item["width"]}" height="{item["paintingHeight"]}" sizes' in page
    assert ("open wide" in page) == (item["width"] > item["paintingHeight"])


@pytest.mark.parametrize("size", [(64, 64), (64, 250), (64, 640), (96, 64)])
def test_knows_the_shape_of_a_thumbnail(client: FlaskClient, tmp_path: Path, size: tuple[int, int]) -> None:
    put(tmp_path, "simple", address(1), content=png(size=size))
    [item] = items(client)
    width, height = shape(item)
    thumbnail = reopened(client.get(item["small"] + "64", buffered=True).data)
    assert abs(thumbnail.height / thumbnail.width - height / width) < 1 / 64


@pytest.mark.parametrize(("number", "few"), [(1, "1"), (3, "3"), (4, "")])
def test_marks_a_series_of_few_pictures(client: FlaskClient, tmp_path: Path, number: int, few: str) -> None:
    for each in range(number):
        put(tmp_path, "simple", address(each))
    assert re.findall(r'data-few="(\d)"', client.get("/preview").text) == ([few] if few else [])


def test_groups_by_series_newest_first(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1), age=30)
    put(tmp_path, "confetti", address(2), age=20)
    put(tmp_path, "simple", address(3), age=10, title="The otter")
    page = client.get("/preview").text
    headings = re.findall(r'<section class="series" data-series="([^"]+)"', page)
    tiles = re.findall(r'data-series="([^"]+)" data-address="([^"]+)"', page)
    assert headings == ["simple", "confetti"]
    assert tiles == [("simple", address(3)), ("simple", address(1)), ("confetti", address(2))]
    assert 'alt="The otter"' in page
    listed = items(client)
    assert [(item["series"], item["address"]) for item in listed] == tiles
    assert listed[0]["title"] == "The otter"
    assert listed[0]["time"] == MOMENT - 10
    assert client.get(listed[0]["small"] + "64", buffered=True).mimetype == "image/webp"
    assert client.get(listed[0]["image"], buffered=True).mimetype == "image/png"


def test_pages_with_plain_links(client: FlaskClient, tmp_path: Path) -> None:
    for number in range(100):
        put(tmp_path, ("simple", "confetti")[number % 2], address(number), age=number, title=f"Otter {number}")
    seen: list[str] = []
    url = "/preview"
    for _ in range(9):
        page = client.get(url).text
        seen += re.findall(r'data-address="([^"]+)"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        if not older:
            break
        url = html.unescape(older[1])
    assert len(seen) == len(set(seen)) == 100
    narrowed = client.get("/preview?series=simple&q=0x").text
    assert "after=" in narrowed
    assert "series=simple" in html.unescape(re.search(r'rel="next" href="([^"]+)"', narrowed)[1])  # type: ignore[index]
    assert "confetti" not in re.findall(r'data-series="([^"]+)" data-address', narrowed)


def test_filters_on_the_server(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1), title="The Quiet Otter")
    put(tmp_path, "simple", address(2), title="A heron")
    assert [item["address"] for item in items(client, "?q=otter")] == [address(1)]
    assert items(client, "?q=nothing+like+it") == []
    assert "1 picture matches “otter”." in client.get("/preview?q=otter").text
    assert "No picture matches “nothing” in the series simple." in client.get("/preview?q=nothing&series=simple").text
    assert "pictures match" not in client.get("/preview").text
    for query, found in (
        ("?q=0x", "2 pictures match “0x”."),
        ("?q=heron&series=simple", "1 picture matches “heron” in the series simple."),
        ("", ""),
    ):
        assert client.get(f"/preview/items{query}").get_json()["data"]["found"] == found


@pytest.mark.parametrize("query", ["?after=x", "?q=" + "x" * 201])
@pytest.mark.parametrize("path", ["/preview", "/preview/items"])
def test_refuses_what_it_cannot_read(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(path + query)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "INVALID_REQUEST")


def test_escapes_every_name(client: FlaskClient, tmp_path: Path) -> None:
    nasty = "<script>alert(1)<"
    for name in (nasty, '"onload="x', "%2e%2e", "ü 猫 &amp;", "n" * 250):
        put(tmp_path, "<i>'x'&", name, title='"><img src=x onerror=alert(1)>')
    page = client.get("/preview").text
    assert nasty not in page
    assert "<i>" not in page
    assert "onerror=alert(1)>" not in page
    for item in items(client):
        assert item["small"] == ""
        assert client.get(item["image"], buffered=True).data == png()
        deep = client.get(item["page"])
        assert deep.status_code == 200
        assert 'id="notice"' not in deep.text


def test_shows_the_details_of_a_picture_and_its_neighbours(client: FlaskClient, tmp_path: Path) -> None:
    ended(client, f"simple/{KEYED}")
    put(tmp_path, "simple", address(1), age=99)
    details = client.get(f"/preview/picture?picture=simple/{CHECKSUMMED}").get_json()["data"]
    assert details["checksummed"] == CHECKSUMMED
    assert details["title"]
    assert details["prompts"]["prompt"]
    assert details["attributes"]
    assert details["palette"]
    assert details["model"] == "model"
    assert client.get(details["raw"], buffered=True).mimetype == "image/png"
    assert details["next"]["address"] == address(1)
    assert details["previous"] == {}
    assert client.get("/preview/picture?picture=simple/nobody").status_code == 404


def test_shows_a_deep_link_without_a_script(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1), title="The otter")
    page = client.get(f"/preview?picture=simple/{address(1)}").text
    assert '<article id="shown"' in page
    assert "The otter ·" in page
    assert "it has not been made yet" in client.get(f"/preview?picture=simple/{address(2)}").text


def test_allows_a_page_only_its_own_files(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1))
    answer = client.get("/preview")
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert " style=" not in answer.text
    assert not re.search(r"<script(?![^>]* src=)", answer.text)
    assert not re.search(r"\son[a-z]+=", answer.text)
    assert not re.search(r"https?://(?!localhost)", answer.text)
    for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text):
        kept = client.get(asset, buffered=True)
        assert kept.status_code == 200
        assert "immutable" in kept.headers["Cache-Control"]


def test_keeps_files_from_running_anything(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "simple", address(1))
    (tmp_path / "output" / "simple" / "evil.html").write_text("<script>alert(1)</script>")
    answer = client.get("/files/simple/evil.html", buffered=True)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_starts_a_picture_from_a_plain_form(client: FlaskClient) -> None:
    answer = client.post("/preview/make", data={"series": "simple", "address": f" {CHECKSUMMED} "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/preview")
    ended(client, f"simple/{KEYED}")
    assert [item["address"] for item in items(client)] == [KEYED]


def test_cancels_a_run_with_and_without_a_script(tmp_path: Path) -> None:
    made = application(tmp_path, studio(tmp_path, PaidPainter(), jobs=0))
    client = made.test_client()
    form = {"series": "simple", "address": KEYED}
    client.post("/preview/make", data=form)
    page = client.get("/preview").text
    assert re.search(rf'action="/preview/cancel">.*value="{KEYED}">\s*<button>Cancel<', page)
    answer = client.post("/preview/cancel", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/preview")
    assert "Cancel<" not in client.get("/preview").text.partition("<dialog")[0]
    listed = client.get("/runs").get_json()["data"]
    assert (listed["runs"], listed["failed"]) == ([], [])
    report = client.post("/preview/cancel", data=form, headers=SCRIPT).get_json()
    assert (report["errorCode"], report["done"]) == ("CANCELLED", True)
    made.extensions["dalle.studio"].stop()


def test_cancels_nothing_from_elsewhere(client: FlaskClient, read_only: FlaskClient) -> None:
    form = {"series": "simple", "address": KEYED}
    assert read_only.post("/preview/cancel", data=form).status_code == 403
    assert read_only.delete(f"/dalle/simple/{KEYED}").status_code == 403
    assert read_only.delete("/dalle/simple/0x1").status_code == 400
    assert client.post("/preview/cancel", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert client.post("/preview/cancel", data={"series": "simple"}).status_code == 400


@pytest.mark.parametrize(
    "text", [KEYED[2:], f"https://etherscan.io/address/{CHECKSUMMED}", f"{KEYED[:10]} {KEYED[10:]}"]
)
def test_finds_the_address_in_what_was_pasted(quick: FlaskClient, text: str) -> None:
    answer = quick.post("/preview/make", data={"series": "simple", "address": text}).get_json()
    assert answer is None  # a page, for browsers without JavaScript
    ended(quick, f"simple/{KEYED}")
    assert [item["address"] for item in items(quick)] == [KEYED]


SCRIPT = {"Accept": "application/json"}


def test_answers_the_form_of_a_script_with_progress(quick: FlaskClient) -> None:
    form = {"series": "simple", "address": CHECKSUMMED[2:]}
    answer = quick.post("/preview/make", data=form, headers=SCRIPT).get_json()
    assert (answer["data"]["address"], answer["cacheHit"]) == (KEYED, False)
    ended(quick, f"simple/{KEYED}")
    assert quick.post("/preview/make", data=form, headers=SCRIPT).get_json()["cacheHit"] is True


@pytest.mark.parametrize("address", ["", "0x12", "vitalik.eth", "hello <b>"])
@pytest.mark.parametrize("series", ["simple", ""])
def test_says_the_same_with_and_without_a_script(client: FlaskClient, series: str, address: str) -> None:
    form = {"series": series, "address": address}
    page, answer = (client.post("/preview/make", data=form, headers=headers) for headers in ({}, SCRIPT))
    assert page.status_code == answer.status_code == 400
    sentence = answer.get_json()["error"]["details"]
    assert sentence.endswith(".")
    assert "/dalle/" not in sentence
    assert f'role="alert">{html.escape(sentence)}<' in page.text


def test_opens_the_picture_that_exists_already(quick: FlaskClient) -> None:
    ended(quick, f"simple/{KEYED}")
    answer = quick.post("/preview/make", data={"series": "simple", "address": CHECKSUMMED})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/preview?picture=simple/{KEYED}")


def test_shows_a_failure_and_its_pause_without_a_script(client: FlaskClient, painter: Moody) -> None:
    painter.refusing = True
    ended(client, f"simple/{KEYED}")
    page = client.get("/preview").text
    assert re.search(r"<button disabled>Try again in (10 minutes|\d+ s)<", page)
    [failed] = client.get("/runs").get_json()["data"]["failed"]
    assert f'<p class="phase">{html.escape(failed["status"])}</p>' in page


def test_says_the_same_about_a_picture_with_and_without_a_script(quick: FlaskClient) -> None:
    ended(quick, f"simple/{KEYED}")
    link = f"picture=simple/{KEYED}"
    details = quick.get(f"/preview/picture?{link}").get_json()["data"]
    assert details["about"] in quick.get(f"/preview?{link}").text
    for label in ("Download picture", "Open full size", "Open without caption", "Copy the address"):
        assert label in details["about"]
    assert details["prompts"]["terse"] not in html.unescape(details["about"])  # the picture shows it


@pytest.mark.parametrize("form", [{}, {"series": "nope", "address": KEYED}, {"series": "simple", "address": "<b>0x1"}])
def test_says_what_is_wrong_with_a_form_and_keeps_what_was_typed(client: FlaskClient, form: dict[str, str]) -> None:
    answer = client.post("/preview/make", data=form)
    assert answer.status_code == 400
    assert re.search(r'role="alert">[^<]{5,}<', answer.text)
    assert html.escape(form.get("address", "")) in answer.text
    assert "<b>" not in answer.text


def test_says_in_words_that_too_many_wait(tmp_path: Path, painter: Moody) -> None:
    crowded = application(tmp_path, studio(tmp_path, painter, jobs=0, queue=0)).test_client()
    answer = crowded.post("/preview/make", data={"series": "simple", "address": KEYED})
    assert answer.status_code == 503
    assert "Too many pictures are waiting; nothing was started" in answer.text


def test_makes_a_picture_again_and_brings_it_back_when_that_fails(
    client: FlaskClient, painter: Moody, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previous, "GRACE", 0.0)
    ended(client, f"simple/{KEYED}")
    before = client.get(f"/dalle/simple/{KEYED}", buffered=True).data
    painter.refusing = True
    answer = client.post("/preview/again", data={"series": "simple", "address": CHECKSUMMED}).get_json()
    assert (answer["data"]["address"], answer["done"], answer["error"]) == (KEYED, False, "")
    wait(lambda: client.get("/runs").get_json()["data"]["failed"])
    wait(lambda: client.get(f"/dalle/simple/{KEYED}", buffered=True).data == before)
    wait(lambda: [item["address"] for item in items(client)] == [KEYED])  # listed at most a second later
    assert len(client.get("/runs").get_json()["data"]["failed"]) == 1


def test_says_why_a_picture_cannot_be_made_again(client: FlaskClient) -> None:
    answer = client.post("/preview/again", data={"series": "simple"})
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "MISSING_PARAMETER")


@pytest.mark.parametrize("path", ["/preview/make", "/preview/again"])
def test_refuses_forms_of_other_sites(client: FlaskClient, path: str) -> None:
    form = {"series": "simple", "address": KEYED}
    answer = client.post(path, data=form, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert client.get("/runs").get_json()["data"]["runs"] == []
    assert client.get(path).status_code == 405


@pytest.mark.parametrize("path", ["/preview", f"/preview?picture=simple/{KEYED}", "/preview/items", "/runs"])
def test_starts_nothing_when_it_is_read(client: FlaskClient, tmp_path: Path, path: str) -> None:
    client.get(path)
    client.head(path)
    assert not list((tmp_path).glob("queue/*.waiting"))
    assert client.get(f"/dalle/simple/{KEYED}").get_json()["data"] == {}


def test_offers_no_action_on_a_read_only_server(read_only: FlaskClient, tmp_path: Path) -> None:
    assert 'method="post"' not in read_only.get("/preview").text
    put(tmp_path, "simple", address(1))
    page = read_only.get("/preview").text
    assert address(1) in page
    assert 'method="post"' not in page
    assert "data-read-only" in page
    for path in ("/preview/make", "/preview/again"):
        assert read_only.post(path, data={"series": "simple", "address": KEYED}).status_code == 403


def test_lists_recent_failures_until_the_key_succeeds(client: FlaskClient, painter: Moody) -> None:
    painter.refusing = True
    ended(client, f"simple/{KEYED}")
    [failed] = client.get("/runs").get_json()["data"]["failed"]
    assert (failed["series"], failed["address"], failed["errorCode"]) == ("simple", KEYED, "OPENAI_AUTH")
    assert "dalleDress" not in failed
    assert failed["retryAtNs"] > 0
    painter.refusing = False
    ended(client, f"confetti/{KEYED}")
    assert len(client.get("/runs").get_json()["data"]["failed"]) == 1


def test_forgets_a_removed_picture_at_once(client: FlaskClient) -> None:
    ended(client, f"simple/{KEYED}")
    assert len(items(client)) == 1
    client.get(f"/dalle/simple/{KEYED}?remove=1")
    assert items(client) == []
    ended(client, f"simple/{KEYED}")
    assert len(items(client)) == 1


def test_marks_what_the_offline_artist_painted_for_a_paid_provider(tmp_path: Path) -> None:
    paid = PaidPainter(photo(), Unavailable())
    made = application(tmp_path, studio(tmp_path, paid, fallback=Sketch()))
    client = made.test_client()
    ended(client, f"simple/{KEYED}")
    ended(client, f"simple/{address(1)}")
    assert {item["address"]: item["sketch"] for item in items(client)} == {KEYED: False, address(1): True}
    assert client.get("/preview").text.count('class="mark"') == 1
    made.extensions["dalle.studio"].stop()


def test_marks_nothing_where_the_offline_artist_is_all_there_is(client: FlaskClient) -> None:
    ended(client, f"simple/{KEYED}")
    assert [item["sketch"] for item in items(client)] == [False]
