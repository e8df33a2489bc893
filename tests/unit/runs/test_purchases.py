"""What was bought for a key and whether more may be: pure, and then with a painter that is paid."""

from pathlib import Path
from typing import Any

import pytest

from dalle.compose import Studio
from dalle.errors import BadAnswer, ContentBlocked, OutcomeUnknown, QueueFull, TaskOpen
from dalle.painters.protocol import Answer, Call, Order, Recorder
from dalle.progress.reports import data_of
from dalle.runs.purchases import next_purchase_ns, outlook
from dalle.runs.settings import Pauses, RunSettings
from dalle.storage.attempt import Attempt
from dalle.storage.journal import Journal
from dalle.storage.protocol import Busy
from dalle.storage.ticket import Ticket
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import KEY, OTHER, PaidPainter, Start, attempt, ended_journal
from tests.kit.images import photo

HOUR_NS = 3_600_000_000_000
DAY_NS = 24 * HOUR_NS
SETTINGS = RunSettings()
WITHOUT = b"this is no picture"


def journal(*attempts: dict[str, Any]) -> Journal:
    numbered = [attempt(number=number, **fields) for number, fields in enumerate(attempts, 1)]
    return Journal(KEY.series, KEY.address, run_id="run9", state="failed", attempts=numbered)


ANSWERED = {"outcome": "accepted", "answer": "x.answer", "ended_ns": 7}
UNKNOWN = {"outcome": "unknown", "ended_ns": 8}


@pytest.mark.parametrize(
    ("attempts", "moment"),
    [
        ([], 0),
        ([{"outcome": "refused"}], 0),
        ([{"outcome": "refused", "answer": "x.answer"}], 0),
        ([UNKNOWN], 0),
        ([UNKNOWN, UNKNOWN], None),
        ([ANSWERED], 7 + DAY_NS),
        ([{"outcome": "accepted", "url": "http://x/", "ended_ns": 7}], 7 + DAY_NS),
        ([{"outcome": "accepted", "raw": "x.raw", "ended_ns": 7}], 7 + DAY_NS),
        ([{"outcome": "accepted", "ended_ns": 7}], 0),
        ([{"task": ["http://x/"]}], 6 + DAY_NS),
        ([ANSWERED, UNKNOWN], None),
        ([ANSWERED, {"outcome": "refused", "ended_ns": 9}], 7 + DAY_NS),
        ([ANSWERED, {**ANSWERED, "used": True}], 0),
        ([{**ANSWERED, "used": True}, ANSWERED], 7 + DAY_NS),
        ([{**ANSWERED, "written_off": True}, {**ANSWERED, "written_off": True}], 0),
        ([{**ANSWERED, "paid": False}], 0),
    ],
)
def test_knows_when_another_picture_may_be_bought(attempts: list[dict[str, Any]], moment: int | None) -> None:
    assert next_purchase_ns(journal(*attempts), SETTINGS) == moment


def test_keeps_to_the_settings() -> None:
    settings = RunSettings(purchases=3, pauses=Pauses(charged=3600))
    assert next_purchase_ns(journal(ANSWERED, ANSWERED), settings) == 7 + HOUR_NS
    assert next_purchase_ns(journal(ANSWERED, ANSWERED, ANSWERED), settings) is None


@pytest.mark.parametrize(
    ("attempts", "words"),
    [
        ([], ""),
        (
            [ANSWERED],
            "after the pause, tried again at no cost. Another picture may be bought from 1970-01-02 00:00 UTC on",
        ),
        ([ANSWERED, ANSWERED], "after the pause, tried again at no cost. Another picture is bought only by"),
        ([UNKNOWN], "After the pause, a request buys another picture"),
        ([UNKNOWN, UNKNOWN], "Another picture is bought only by “Make again” or --pay-again"),
    ],
)
def test_says_what_comes_next(attempts: list[dict[str, Any]], words: str) -> None:
    said = outlook(journal(*attempts), SETTINGS)
    assert words in said
    assert bool(said) == bool(words)


class Ages:
    """A clock of the engine that a test puts forward."""

    def __init__(self) -> None:
        self.ns = 1_800_000_000 * 10**9

    def __call__(self) -> int:
        self.ns += 1000
        return self.ns


def rounds(studio: Studio, ages: Ages, *, hours: float = 0.1, times: int = 3) -> Journal:
    """Request the key so many times, each after its pause; return the journal of the last run."""
    for _ in range(times):
        ages.ns += round(hours * HOUR_NS)
        studio.request(KEY)
        last = ended_journal(studio)
    return last


def test_reads_again_for_nothing_and_buys_again_after_a_day_once(start: Start) -> None:
    ages, painter = Ages(), PaidPainter(WITHOUT)
    studio = start(painter, now_ns=ages)
    last = rounds(studio, ages)
    assert (painter.calls, painter.resumed, last.error_code) == (1, 2, "IMAGE_DOWNLOAD_ERROR")
    assert last.retry_after_seconds == 60
    assert "Another picture may be bought from" in last.error
    last = rounds(studio, ages, hours=25)
    assert painter.calls == 2
    assert "only by “Make again”" in last.error
    rounds(studio, ages, hours=100, times=5)
    assert painter.calls == 2


class Unreadable(PaidPainter):
    """Finds nothing in what is kept."""

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        self.resumed += 1
        raise BadAnswer


def test_waits_as_long_for_what_is_known_only_by_its_kept_answer(start: Start, tmp_path: Path) -> None:
    ages, painter = Ages(), Unreadable(WITHOUT)
    studio = start(painter, now_ns=ages)
    rounds(studio, ages, times=1)
    DataFolder(tmp_path).journal(KEY).write_bytes(b"garbage")
    rounds(studio, ages, hours=1)
    assert (painter.calls, painter.resumed) == (1, 2)
    rounds(studio, ages, hours=25, times=1)
    assert painter.calls == 2


def test_makes_again_by_will_whatever_was_bought(start: Start) -> None:
    ages, painter = Ages(), PaidPainter(WITHOUT)
    studio = start(painter, now_ns=ages)
    rounds(studio, ages, hours=25)
    assert painter.calls == 2
    for calls in (3, 4):
        studio.renew(KEY)
        assert ended_journal(studio).state == "failed"
        assert painter.calls == calls
        rounds(studio, ages)
        assert painter.calls == calls
    rounds(studio, ages, hours=25, times=1)
    assert painter.calls == 5
    assert len(studio.journal(KEY).purchases) == 2  # type: ignore[union-attr]


class Endless(PaidPainter):
    """Its provider accepts every call as a task, and finishes none."""

    def paint(self, order: Order, record: Recorder) -> Answer:
        number = record.sent(Call("model", "64x64", "low", 0.25))
        self.calls += 1
        record.submitted(number, [f"http://provider/tasks/{number}"], {})
        raise TaskOpen

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        self.resumed += 1
        raise TaskOpen


def test_waits_by_will_for_a_task_but_not_for_longer_than_a_day(start: Start) -> None:
    ages, painter = Ages(), Endless()
    studio = start(painter, now_ns=ages)
    rounds(studio, ages, times=2)
    studio.renew(KEY)
    assert ended_journal(studio).error_code == "OPENAI_TIMEOUT"
    assert painter.calls == 1
    last = rounds(studio, ages, hours=25)
    assert "only by “Make again”" in last.error
    assert (painter.calls, len(last.purchases)) == (2, 2)
    studio.renew(KEY)
    assert "Another picture may be bought from" in ended_journal(studio).error
    assert painter.calls == 3


class Blocking(Endless):
    """Its provider blocks the content of a task some time after it has accepted it."""

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        error = ContentBlocked()
        record.failed(attempt.number, error)
        raise error


def test_sends_no_prompt_again_whose_task_has_just_been_blocked(start: Start) -> None:
    ages, painter = Ages(), Blocking()
    studio = start(painter, now_ns=ages)
    last = rounds(studio, ages)
    assert (last.error_code, last.retry_after_seconds, painter.calls) == ("CONTENT_BLOCKED", 86400, 1)
    assert last.purchases == []
    rounds(studio, ages, hours=25, times=1)
    assert painter.calls == 2


def test_finishes_from_the_answer_that_can_be_read_now(start: Start, tmp_path: Path) -> None:
    ages, painter = Ages(), PaidPainter("http://pictures/gone")
    studio = start(painter, now_ns=ages)
    assert rounds(studio, ages).error_code == "IMAGE_DOWNLOAD_ERROR"
    assert (painter.calls, painter.fetches) == (1, 3)
    with studio.storage.guard(KEY) as entry:
        kept = entry.journal()
        assert kept
        kept.attempts[0].url = "http://pictures/back"
        entry.save(kept)
    studio.storage.blobs.put(studio.storage.blobs.originals(KEY)[0], b"http://pictures/back")
    last = rounds(studio, ages, times=1)
    assert (last.state, painter.calls) == ("completed", 1)
    assert studio.storage.blobs.originals(KEY) == []
    assert last.attempts[0].used


def test_gives_nothing_up_when_no_run_can_begin(start: Start) -> None:
    ages, painter = Ages(), PaidPainter(WITHOUT)
    studio = start(painter, now_ns=ages, queue=1)
    rounds(studio, ages, times=1)
    studio.drain()
    with studio.storage.guard(OTHER) as entry:
        entry.restore(Ticket(9, "run2", OTHER, "waiting"))
    before = studio.journal(KEY)
    with pytest.raises(QueueFull):
        studio.renew(KEY)
    assert studio.journal(KEY) == before
    with studio.storage.guard(OTHER) as entry:
        entry.drop()
    assert not data_of(studio.renew(KEY).body)["done"]  # type: ignore[index]
    assert studio.journal(KEY).attempts[0].written_off  # type: ignore[union-attr]


class Racing(PaidPainter):
    """Its host has only a part of the picture at first."""

    parts = 2

    def fetch(self, attempt: Attempt, deadline: float, record: Recorder, *, bought: bool = False) -> Answer:
        answer = super().fetch(attempt, deadline, record, bought=bought)
        if self.fetches > self.parts:
            return answer
        record.received(attempt.number, answer.data[:100])
        return Answer(answer.data[:100])

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        record.answered(attempt.number, Answer(kept or b"", cost=0.1))
        return Answer(kept or b"")


def test_downloads_again_what_was_no_picture(start: Start) -> None:
    ages, painter = Ages(), Racing("http://pictures/a.png")
    studio = start(painter, now_ns=ages)
    assert rounds(studio, ages, times=2).error_code == "IMAGE_DOWNLOAD_ERROR"
    last = rounds(studio, ages, times=1)
    assert (last.state, painter.calls, painter.fetches) == ("completed", 1, 3)
    assert last.painter == "paid"
    assert last.dress["downloadMode"] == "url"


def test_buys_at_most_twice_when_nothing_is_known(start: Start) -> None:
    ages, painter = Ages(), PaidPainter(OutcomeUnknown())
    studio = start(painter, now_ns=ages)
    last = rounds(studio, ages, hours=1, times=5)
    assert (painter.calls, last.error_code) == (2, "OUTCOME_UNKNOWN")
    assert "only by “Make again”" in last.error


def test_counts_nothing_that_was_refused(start: Start) -> None:
    ages, painter = Ages(), PaidPainter(ContentBlocked())
    studio = start(painter, now_ns=ages)
    rounds(studio, ages, hours=25, times=4)
    assert painter.calls == 4


def test_pays_again_for_a_picture_that_was_removed(start: Start) -> None:
    ages, painter = Ages(), PaidPainter()
    studio = start(painter, now_ns=ages)
    for calls in (1, 2, 3):
        assert rounds(studio, ages, times=1).state == "completed"
        assert painter.calls == calls
        assert studio.remove(KEY)


def test_waits_the_pause_of_what_costs_nothing(start: Start) -> None:
    for error in (BadAnswer(), TaskOpen()):
        assert Pauses().after(error) == 60
    assert Pauses().after(OutcomeUnknown()) == Pauses().after(OutcomeUnknown(), open_call=True) == 15 * 60
    assert Pauses().after(OutcomeUnknown(), kept=True) == 60


def test_lets_other_large_pictures_in_while_another_is_bought(start: Start) -> None:
    ages, painter = Ages(), PaidPainter(b"no picture" * 1_000_000, photo())
    studio = start(painter, now_ns=ages)
    rounds(studio, ages, times=1)
    taken = []

    def look() -> None:
        try:
            with studio.storage.exclusive("large pictures", wait=False, local=True):
                taken.append(False)
        except Busy:
            taken.append(True)

    painter.before = look
    last = rounds(studio, ages, hours=25, times=1)
    assert (painter.calls, painter.resumed, last.error) == (2, 1, "")
    assert taken == [False]
