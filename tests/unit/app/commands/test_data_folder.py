"""A data folder that does not exist, or cannot be read, as the commands see it."""

from pathlib import Path

import pytest

from tests.unit.app.commands.conftest import ADDRESS, Call

READERS = [
    ("costs",),
    ("runs",),
    ("poll", "simple", ADDRESS, "--once"),
    ("remove", "simple", ADDRESS),
    ("cancel", "simple", ADDRESS),
]
LOOKERS = [
    ("show", "simple", ADDRESS),
    ("preview", ADDRESS),
    ("series", "list"),
    ("series", "show", "simple"),
    ("databases", "list"),
    ("databases", "show", "colors"),
]
"""What is built in is enough for these."""


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_names_a_folder_that_does_not_exist_and_does_not_make_it(
    call: Call, data: Path, words: tuple[str, ...]
) -> None:
    result = call(*words)
    assert result.exit_code == 5
    assert result.stderr.startswith(f"Error: the data folder {data} does not exist: choose another with --data-dir")
    assert not data.exists()


@pytest.mark.parametrize("words", LOOKERS, ids=" ".join)
def test_says_that_it_goes_by_what_is_built_in(call: Call, data: Path, words: tuple[str, ...]) -> None:
    result = call(*words)
    warning = f"The data folder {data} does not exist: the built-in series and words are used.\n"
    assert (result.exit_code, result.stderr) == (0, warning)
    assert not data.exists()


@pytest.mark.parametrize("words", [*READERS, *LOOKERS], ids=" ".join)
def test_names_a_folder_that_cannot_be_read(call: Call, data: Path, words: tuple[str, ...]) -> None:
    data.write_text("a file")
    result = call(*words)
    assert result.exit_code == 5
    assert f"the data folder {data} cannot be read (Not a directory): choose another with" in result.stderr


@pytest.mark.parametrize("words", [("costs",), ("runs",), ("show", "simple", ADDRESS)], ids=" ".join)
def test_says_nothing_of_a_folder_without_calls_and_runs(call: Call, data: Path, words: tuple[str, ...]) -> None:
    data.mkdir()
    result = call(*words)
    assert (result.exit_code, result.stderr) == (0, "")
