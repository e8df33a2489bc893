"""Which part of the list a request asks for, as JSON and as the page without a script."""

import html
import re
import time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.web.gallery.items import rounded_up, status
from app.web.gallery.listing import LONG, PAGE
from dalle.atomic import flocked
from dalle.storage.picture import Progress
from tests.kit.folders import MOMENT, address, put
from tests.kit.waiting import wait

DAY = 86_400
DAYS = [time.strftime("%Y-%m-%d", time.gmtime(MOMENT - number * DAY)) for number in range(200)]


def listed(client: FlaskClient, query: str) -> dict[str, Any]:
    data: dict[str, Any] = client.get(f"/preview/items?{query}").get_json()["data"]
    return data


def addresses(data: dict[str, Any]) -> list[str]:
    return [item["address"] for item in data["items"]]


def shown(client: FlaskClient, query: str) -> list[str]:
    """The addresses on the page."""
    return re.findall(r'data-address="([^"]+)"', client.get(f"/preview?{query}").text)


def fill(folder: Path, number: int) -> None:
    for age in range(number):
        put(folder, "simple", address(age), title="The otter", age=age * DAY)


def test_says_how_many_pictures_a_filter_finds_and_how_far_the_index_is(client: FlaskClient, tmp_path: Path) -> None:
    for number in range(3):
        put(tmp_path, "simple", address(number), title="The otter" if number else "The hawk")
    data = listed(client, "q=otter")
    assert data["matches"] == {"count": 2, "more": False}
    assert (data["progress"]["known"], data["progress"]["unread"], data["status"]) == (3, 0, "")
    assert listed(client, "")["matches"] == {}


def test_counts_matches_up_to_a_thousand_in_the_same_words(client: FlaskClient, tmp_path: Path) -> None:
    for number in range(1001):
        put(tmp_path, "simple", f"otter {number}")
    wait(lambda: listed(client, "")["progress"] == {"known": 1001, "about": 1001, "unread": 0})
    exact = listed(client, "q=otter+1")
    assert 1 < exact["matches"]["count"] < 1000
    assert exact["found"] == f"{exact['matches']['count']} pictures match “otter 1”."
    more = listed(client, "q=otter")
    assert (more["matches"], more["found"]) == (
        {"count": 1000, "more": True},
        "More than 1,000 pictures match “otter”.",
    )
    assert more["found"] in client.get("/preview?q=otter").text
    assert listed(client, f"q=otter&after={more['next']}")["found"] == more["found"]


def test_begins_the_list_behind_a_share_at_a_day_or_with_a_picture(client: FlaskClient, tmp_path: Path) -> None:
    fill(tmp_path, 4)
    for query, first in (
        ("", 0),
        ("share=0.5", 2),
        ("share=0", 0),
        (f"before={DAYS[0]}", 0),
        (f"before={DAYS[2]}", 2),
        (f"at=simple/{address(3)}", 3),
        (f"at=SIMPLE/{address(3).upper()}", 3),
        (f"at=simple/{address(9)}", 0),
    ):
        assert addresses(listed(client, query))[0] == address(first) == shown(client, query)[0], query


@pytest.mark.parametrize("query", ["share=1", "before=1999-12-31"])
def test_shows_the_end_where_nothing_is_behind_the_place(client: FlaskClient, tmp_path: Path, query: str) -> None:
    fill(tmp_path, PAGE + 2)
    data = listed(client, f"{query}&limit=3")
    assert addresses(data) == [address(PAGE - 1), address(PAGE), address(PAGE + 1)]
    assert (data["next"], data["span"]["end"]) == ("", 1)
    assert len(shown(client, query)) == PAGE
    assert 'rel="next"' not in client.get(f"/preview?{query}").text


def test_pages_in_both_ways_from_a_place(client: FlaskClient, tmp_path: Path) -> None:
    fill(tmp_path, 10)
    data = listed(client, "share=0.5&limit=2")
    assert addresses(data) == [address(5), address(6)]
    assert data["span"] == {"begin": 0.5, "end": 0.7}
    newer = listed(client, f"until={data['previous']}&limit=2")
    assert addresses(newer) == [address(3), address(4)]
    assert addresses(listed(client, f"after={newer['next']}&limit=2")) == addresses(data)
    first = listed(client, f"until={newer['previous']}")
    assert (addresses(first), first["previous"]) == ([address(0), address(1), address(2)], "")
    assert addresses(listed(client, f"after={data['next']}")) == [address(7), address(8), address(9)]


def test_links_pages_in_both_ways_without_a_script(client: FlaskClient, tmp_path: Path) -> None:
    fill(tmp_path, 3 * PAGE)
    page = client.get(f"/preview?series=simple&before={DAYS[60]}").text
    assert re.findall(r'data-address="([^"]+)"', page)[0] == address(60)
    [newer] = re.findall(r'rel="prev" href="([^"]+)"', page)
    page = client.get(html.unescape(newer)).text
    assert re.findall(r'data-address="([^"]+)"', page) == [address(number) for number in range(12, 60)]
    [older] = re.findall(r'rel="next" href="([^"]+)"', page)
    assert "series=simple" in older
    assert re.findall(r'data-address="([^"]+)"', client.get(html.unescape(older)).text)[0] == address(60)
    assert 'rel="prev"' not in client.get("/preview").text


def test_offers_a_way_to_jump_in_a_long_list_only(client: FlaskClient, tmp_path: Path) -> None:
    fill(tmp_path, LONG)
    for query in ("", "series=simple", "q=otter"):
        assert listed(client, query)["long"] is False
        assert re.search(r'<form id="jump"[^>]* hidden>', client.get(f"/preview?{query}").text)
    put(tmp_path, "simple", address(LONG), title="The otter")
    for query in ("", "series=simple", "q=otter"):
        assert listed(client, query)["long"] is True
        assert re.search(r'<form id="jump"[^>]*"/preview">', client.get(f"/preview?{query}").text)
    assert listed(client, "q=heron")["long"] is False


def test_keeps_the_day_and_the_filter_in_the_form(client: FlaskClient, tmp_path: Path) -> None:
    fill(tmp_path, LONG + 1)
    page = client.get(f"/preview?series=simple&q=otter&before={DAYS[2]}").text
    form = page[page.index('<form id="jump"') :].partition("</form>")[0]
    for field in (f'value="{DAYS[2]}"', 'name="series" value="simple"', 'name="q" value="otter"'):
        assert field in form


@pytest.mark.parametrize("query", ["share=2", "share=-0.1", "share=nan", "share=half", "before=yesterday"])
@pytest.mark.parametrize("path", ["/preview", "/preview/items"])
def test_refuses_a_place_that_there_is_not(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert "share: a number from 0 to 1" in answer.get_json()["error"]["details"]


@pytest.mark.parametrize("limit", ["0", "-1", "many"])
def test_refuses_a_limit_that_is_none(client: FlaskClient, limit: str) -> None:
    answer = client.get(f"/preview/items?limit={limit}")
    assert answer.status_code == 400
    assert "limit: a number from 1" in answer.get_json()["error"]["details"]


def test_says_what_is_counted_and_invites_to_nothing_meanwhile(client: FlaskClient, tmp_path: Path) -> None:
    client.get("/preview")
    with flocked(tmp_path / "gallery" / "listing"):  # as another worker that counts
        for number in range(1200):
            put(tmp_path, "simple", f"otter {number}", content=b"")
        page = client.get("/preview").text
        assert re.search(r'id="status"[^>]*>Counting pictures: 0 of about [\d,]+\.<', page)
        assert re.search(r'id="empty"[^>]* hidden>', page)
        assert listed(client, "")["status"] in page


@pytest.mark.parametrize(
    ("progress", "expected"),
    [
        (Progress(12_345, 40_213, 12_345), "Counting pictures: 12,345 of about 41,000."),
        (Progress(40_213, 40_213, 2_000), "The titles of 2,000 pictures are still being read."),
        (Progress(40_213, 40_213, PAGE), ""),
        (Progress(0, 0, 0), ""),
    ],
)
def test_says_what_the_index_is_busy_with(progress: Progress, expected: str) -> None:
    assert status(progress) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, 0), (7, 7), (99, 99), (101, 110), (1200, 1200), (99_001, 100_000)]
)
def test_rounds_an_estimate_up_to_two_digits(number: int, expected: int) -> None:
    assert rounded_up(number) == expected
