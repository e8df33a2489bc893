"""What an observer learns of file operations."""

import errno

import pytest

from dalle.events import Observer


class Ear(Observer):
    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []

    def file_operation(self, name: str, error: str) -> None:
        self.heard.append((name, error))


def test_tells_of_an_operation_that_succeeded() -> None:
    ear = Ear()
    with ear.filing("write"):
        assert ear.heard == []
    assert ear.heard == [("write", "")]


@pytest.mark.parametrize(
    ("error", "name"), [(OSError(errno.ENOSPC, "full"), "ENOSPC"), (FileExistsError(), "FileExistsError")]
)
def test_names_what_went_wrong_and_lets_it_go_on(error: OSError, name: str) -> None:
    ear = Ear()
    with pytest.raises(OSError), ear.filing("remove"):  # noqa: PT011
        raise error
    assert ear.heard == [("remove", name)]


def test_says_nothing_of_failures_that_are_not_the_disks() -> None:
    ear = Ear()
    with pytest.raises(ValueError, match="else"), ear.filing("write"):
        raise ValueError("something else")
    assert ear.heard == []
