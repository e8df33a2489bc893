"""How a command ends by the report of its key."""

from pathlib import Path

import pytest

from app.client.client import Fields
from app.client.result import finish, outcome
from dalle.key import Key
from tests.kit.clients import FakeClient, ended_report, running

KEY = Key("simple", f"0x{'5a' * 20}")
LATER = 2**62
"""Unix nanoseconds in the year 2116."""


@pytest.mark.parametrize(
    ("report", "code", "text"),
    [
        ({}, 3, "no picture and no run found"),
        (running(50), 4, "painting, 50 %"),
        ({**ended_report("CONTENT_BLOCKED"), "retryAtNs": 0}, 1, "CONTENT_BLOCKED: no"),
    ],
)
def test_returns_code_and_sentence_for_a_report(report: Fields, code: int, text: str) -> None:
    assert outcome(KEY, report)[:2] == (code, f"{KEY}: {text}")


def test_says_when_a_failed_key_may_be_tried_again() -> None:
    _, text, _ = outcome(KEY, {**ended_report("CONTENT_BLOCKED"), "retryAtNs": LATER})
    assert "(may be tried again in " in text


def test_prints_where_the_picture_is(capsys: pytest.CaptureFixture[str]) -> None:
    finish(FakeClient(), KEY, ended_report(), out=None, as_json=False)
    assert capsys.readouterr() == (f"{KEY}: {KEY}\n", "")


def test_prints_nothing_beside_a_picture_on_stdout(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    finish(FakeClient(), KEY, ended_report(), out="-", as_json=False)
    assert capsysbinary.readouterr() == (b"PNG", b"")


def test_saves_no_picture_of_a_failed_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "it.png"
    with pytest.raises(SystemExit) as stop:
        finish(FakeClient(), KEY, {**ended_report("OPENAI_AUTH"), "retryAtNs": 0}, out=str(out), as_json=False)
    assert (stop.value.code, out.exists(), "OPENAI_AUTH" in capsys.readouterr().err) == (1, False, True)
