"""What an observer learns of file operations."""

import errno

import pytest

from dalle.events import Observer


class EventLog(Observer):
    def __init__(self) -> None:
        self.rows: list[tuple[str, str]] = []

    def file_operation(self, name: str, error: str) -> None:
        self.rows.append((name, error))


def test_reports_an_operation_that_succeeded() -> None:
    events = EventLog()
    with events.filing("write"):
        assert events.rows == []
    assert events.rows == [("write", "")]


@pytest.mark.parametrize(
    ("error", "name"), [(OSError(errno.ENOSPC, "full"), "ENOSPC"), (FileExistsError(), "FileExistsError")]
)
def test_names_what_went_wrong_and_lets_it_go_on(error: OSError, name: str) -> None:
    events = EventLog()
    with pytest.raises(OSError), events.filing("remove"):  # noqa: PT011
        raise error
    assert events.rows == [("remove", name)]


def test_says_nothing_of_failures_that_are_not_the_disks() -> None:
    events = EventLog()
    with pytest.raises(ValueError, match="else"), events.filing("write"):
        raise ValueError("something else")
    assert events.rows == []
