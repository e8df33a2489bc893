"""Which error ends a command with which code."""

import pytest

from app.client import exits
from dalle.errors import DalleError, InvalidSeries, QueueFull


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (InvalidSeries("Series 'x' not found"), exits.MISUSED, "Invalid series name: Series 'x' not found"),
        (QueueFull(), exits.UNUSABLE, "Too many pictures are waiting; nothing was started"),
        (OSError(28, "No space left on device", "/data"), exits.UNUSABLE, "No space left on device: /data"),
        (OSError("broken"), exits.UNUSABLE, "broken"),
    ],
)
def test_ends_with_a_sentence_and_a_code(error: DalleError | OSError, code: int, message: str) -> None:
    with pytest.raises(exits.Stop) as stop, exits.translated():
        raise error
    assert (stop.value.exit_code, stop.value.message) == (code, message)


def test_ends_with_130_when_it_is_interrupted() -> None:
    with pytest.raises(SystemExit) as stop, exits.translated():
        raise KeyboardInterrupt
    assert stop.value.code == 130


def test_shows_the_traceback_of_a_bug() -> None:
    with pytest.raises(ZeroDivisionError), exits.translated():
        raise ZeroDivisionError
