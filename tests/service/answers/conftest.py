"""Notes which rows were played on the service of a module, so that its last test can ask what they cost."""

import pytest

from tests.service.answers.row import Row


@pytest.fixture(scope="module")
def rows_played() -> list[Row]:
    return []
