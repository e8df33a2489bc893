"""Pictures at a URL and tasks: fetched as long as it takes, with the key at home only, and bought once."""

from collections.abc import Iterator

import pytest

from tests.service.answers.downloads import TASKS, URLS
from tests.service.answers.playing import check, check_costs, play, served
from tests.service.answers.row import Row
from tests.service.paying import Paying

ROWS = [*URLS, *TASKS]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    with served(tmp_path_factory.mktemp("downloads")) as running:
        yield running


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_fetches_what_was_paid_for(row: Row, service: Paying, rows_played: list[Row]) -> None:
    if row.end.code != "OPENAI_TIMEOUT":  # the call of an open task has not ended: it is in no sum yet
        rows_played.append(row)
    check(service, row, play(service, row))


def test_counts_in_costs_what_was_charged(service: Paying, rows_played: list[Row]) -> None:
    check_costs(service, rows_played)
