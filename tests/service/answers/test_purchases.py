"""What an answer without a picture may cost: one more picture after the pause, and no third one."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.kit.waiting import wait
from tests.service.answers.downloads import NEVER, at
from tests.service.answers.pictures import EVENTS, PARTIAL, data, stream
from tests.service.answers.playing import Played, check_costs, play, served
from tests.service.answers.row import End, Row, answer
from tests.service.paying import Paying

TWICE = End("IMAGE_DOWNLOAD_ERROR", posts=2)
ROWS = [
    Row("bought-twice-empty", answer({"created": 1, "data": []}), TWICE),
    Row("bought-twice-no-url", at(*NEVER), TWICE),
    Row("bought-twice-partial", answer(text=stream(PARTIAL), **EVENTS), TWICE),
    Row("bought-twice-black", answer(data(b64_json="{B64}"), picture="black"), End("CONTENT_BLOCKED", posts=2)),
]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    """A service that may buy again at once."""
    settings: dict[str, Any] = {"PAUSE_CHARGED": "0", "CHARGED_ATTEMPTS": 2, "DOWNLOAD_TIMEOUT": "1s"}
    with served(tmp_path_factory.mktemp("purchases"), **settings) as running:
        yield running


def code_and_posts(seen: Played) -> tuple[str, int]:
    return seen.report["errorCode"], len(seen.paid)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_buys_no_third_picture(row: Row, service: Paying, rows_played: list[Row]) -> None:
    rows_played.append(row)
    seen = play(service, row)
    assert code_and_posts(seen) == (row.end.code, row.end.posts), seen.report["error"]
    assert not service.ask(f"{seen.path}?generate=1").json["cacheHit"]
    assert len(service.stub.rows()) == row.end.posts


def test_buys_a_second_picture_that_is_one(service: Paying) -> None:
    row = Row("bought-again", answer({"created": 1, "data": []}, rule={"times": 1}), End(posts=2))
    assert code_and_posts(play(service, row)) == ("", 2)


def test_takes_the_first_one_when_it_comes_after_all(service: Paying) -> None:
    """What is free is tried before anything is bought."""
    row = Row("came-after-all", at(seconds=2))
    seen = play(service, row, rest=2)
    assert code_and_posts(seen) == ("", 1)
    assert seen.asked[-1]["status"] == 200


def test_buys_a_third_one_by_explicit_will_only(service: Paying) -> None:
    seen = play(service, Row("bought-by-will", answer({"created": 1, "data": []}, rule={"times": 2})))
    assert code_and_posts(seen) == ("IMAGE_DOWNLOAD_ERROR", 2)
    series, address = seen.path.split("/")[2:]
    form = f"series={series}&address={address}".encode()
    kind = "application/x-www-form-urlencoded"
    asked = service.client.ask("/preview/again", "POST", form, Content_Type=kind, Accept="application/json")
    assert asked.status < 400, asked.text
    wait(lambda: service.ask(seen.path).headers["content-type"] == "image/png", "the third picture")
    assert len(service.stub.rows()) == 3


def test_counts_in_costs_what_was_charged(service: Paying, rows_played: list[Row]) -> None:
    check_costs(service, rows_played)
