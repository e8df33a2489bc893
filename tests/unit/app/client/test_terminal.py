"""Output for people, as it is where stdout is not a terminal."""

import pytest

from app.client import terminal


def test_aligns_columns_and_puts_numbers_to_the_right(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.table([("simple", 1), ("deep-sea", 100)], ("series", "rows"), numbers=[1])
    assert capsys.readouterr().out.splitlines() == ["series    rows", "simple       1", "deep-sea   100"]


def test_prints_no_heading_above_an_empty_table(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.table([], ("series", "rows"))
    assert capsys.readouterr().out == ""


def test_keeps_remarks_and_bars_to_terminals(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.remark("hello")
    with terminal.bar(100, "label") as bar:
        bar.show(50, "text")
    assert capsys.readouterr() == ("", "")


def test_prints_json_in_one_line_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.emit({"name": "ä"})
    assert capsys.readouterr().out == '{"name": "ä"}\n'


@pytest.mark.parametrize(
    ("seconds", "text"), [(7.6, "8s"), (59.7, "1m00s"), (200, "3m20s"), (7500, "2h05m"), (172_800, "2d00h")]
)
def test_writes_durations_in_few_letters(seconds: float, text: str) -> None:
    assert terminal.time_left(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.3, "1 second"),
        (59.1, "60 seconds"),
        (899.2, "15 minutes"),
        (86_399.5, "24 hours"),
        (172_801, "3 days"),
    ],
)
def test_writes_durations_for_sentences(seconds: float, text: str) -> None:
    assert terminal.duration(seconds) == text


@pytest.mark.parametrize(("width", "text"), [(5, "abcde"), (4, "abc…"), (1, "…"), (0, "…")])
def test_cuts_what_is_too_long(width: int, text: str) -> None:
    assert terminal.shortened("abcde", width) == text
