"""Errors in any clothes end as with their proper status, and only those of the provider as a whole open the breaker."""

from collections.abc import Iterator

import pytest

from tests.kit.waiting import wait
from tests.service.answers.errors import BLOCKED, GATEWAYS, OTHERS
from tests.service.answers.playing import OPENED, check, check_costs, close_breaker, play, served
from tests.service.answers.row import Row
from tests.service.paying import Paying

ROWS = [*BLOCKED, *OTHERS]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    with served(tmp_path_factory.mktemp("errors")) as running:
        yield running


@pytest.fixture(scope="module")
def behind_a_gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    """A service that does not know its provider's host."""
    with served(tmp_path_factory.mktemp("gateway"), trusted=False) as running:
        yield running


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_takes_an_error_for_what_it_is(row: Row, service: Paying, rows_played: list[Row]) -> None:
    rows_played.append(row)
    check(service, row, play(service, row))


@pytest.mark.parametrize("row", GATEWAYS, ids=[row.name for row in GATEWAYS])
def test_believes_no_gateway_that_nothing_was_accepted(row: Row, behind_a_gateway: Paying) -> None:
    check(behind_a_gateway, row, play(behind_a_gateway, row))


def test_counts_in_costs_what_was_charged(service: Paying, rows_played: list[Row]) -> None:
    check_costs(service, rows_played)


def test_says_in_health_how_often_the_breaker_opened(service: Paying) -> None:
    opened = service.metric(OPENED)
    assert opened
    # health is up to a second old
    wait(lambda: service.openai()["details"]["opened"] == opened, "health to say how often the breaker opened")


def test_paints_for_others_after_five_blocked_prompts(service: Paying) -> None:
    """One failure opens the breaker of this service, and these are none."""
    close_breaker(service)
    service.script({"rules": [{**BLOCKED[1].rule, "times": 5}]})
    assert service.codes(service.generate(5)) == ["CONTENT_BLOCKED"] * 5
    assert service.codes(service.generate(2)) == ["", ""]
