"""Answers with a picture, whatever they look like: it is bought once and served."""

from collections.abc import Iterator

import pytest

from tests.service.answers.pictures import CODINGS, HELD, KINDS, SHAPES
from tests.service.answers.playing import check, check_costs, play, served
from tests.service.answers.row import Row
from tests.service.paying import Paying

ROWS = [*SHAPES, *CODINGS, *KINDS, *HELD]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    with served(tmp_path_factory.mktemp("pictures")) as running:
        yield running


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_makes_of_an_answer_what_is_in_it(row: Row, service: Paying, rows_played: list[Row]) -> None:
    rows_played.append(row)
    check(service, row, play(service, row))


def test_counts_in_costs_what_was_charged(service: Paying, rows_played: list[Row]) -> None:
    check_costs(service, rows_played)
