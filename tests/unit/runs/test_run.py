from pathlib import Path

import pytest

from dalle.errors import TimedOut
from dalle.events import Observer
from dalle.painters.protocol import Answer, Call
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.runs.attempts import accept
from dalle.runs.holder import Holder
from dalle.runs.run import Run
from dalle.runs.settings import RunSettings
from dalle.storage.folder.claims import Claims
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.protocol import ClaimLost
from tests.kit.clocks import Clock
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import KEY, attempt, left_behind

CALL = Call("model", "64x64", "low", 0.25)


class Desk:
    """A storage whose claims go by `clock`, and KEY's run in the hands of a holder."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.folder = DataFolder(folder)
        self.storage = FolderStorage(folder, claims=Claims(self.folder.locks, 10, now=self.clock))
        left_behind(folder)
        self.run = self.take_up()

    def take_up(self) -> Run:
        reports = Reports(self.storage, Journals(self.storage, 900), Averages(self.storage.documents))
        claim = self.storage.claim(KEY)
        assert claim
        run = Holder(self.storage, reports, Observer(), RunSettings()).hold(claim)
        assert run
        run.record.paid = True
        return run


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_lets_a_run_go_on_that_was_given_up_while_its_call_was_refused(desk: Desk) -> None:
    number = desk.run.record.sent(CALL)
    desk.clock.now += 11
    thief = desk.storage.claim(KEY)
    assert thief
    with thief.held() as entry:
        given_up = entry.journal()
        assert given_up
        given_up.attempts[0].outcome = "unknown"
        given_up.fail("OUTCOME_UNKNOWN", "", 9, pause=900)
        entry.save(given_up)
        entry.drop()
        entry.release()
    with pytest.raises(ClaimLost):
        desk.run.record.failed(number, TimedOut())
    present = desk.folder.read_journal(KEY)
    assert (present.state, present.attempts[0].outcome) == ("queued", "refused")
    assert [ticket.state for ticket in desk.storage.tickets()] == ["waiting"]
    assert not desk.folder.calls.exists()


def test_sends_nothing_once_its_lease_has_run_out(desk: Desk) -> None:
    number = desk.run.record.sent(CALL)
    desk.run.record.leaving(number)
    desk.clock.now += 11
    with pytest.raises(Exception, match="before its call could be sent") as caught:
        desk.run.record.leaving(number)
    assert getattr(caught.value, "billed", "") == "no"


def test_knows_no_attempt_that_could_not_be_written(desk: Desk) -> None:
    """A full disk must not make an unknown outcome of a call that was never sent."""
    journal = desk.folder.journal(KEY)
    before = journal.read_bytes()
    journal.unlink()
    journal.mkdir()  # nothing can be renamed over a folder
    with pytest.raises(OSError, match="directory"):
        desk.run.record.sent(CALL)
    assert desk.run.journal.attempts == []
    journal.rmdir()
    journal.write_bytes(before)
    desk.run.fail(TimedOut())
    present = desk.folder.read_journal(KEY)
    assert (present.error_code, present.attempts) == ("OPENAI_TIMEOUT", [])


def test_sends_nothing_that_was_not_admitted(desk: Desk) -> None:
    def refuse(edit: object, number: int) -> None:
        raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        desk.run.record.sent(CALL, refuse)
    assert desk.run.journal.attempts == desk.folder.read_journal(KEY).attempts == []


def test_settles_an_attempt_from_its_answer() -> None:
    settled = attempt()
    accept(settled, Answer(data=b"x", model="other", cost=0.1, usage={"output_tokens": 3}), 99)
    assert (settled.outcome, settled.billed, settled.model) == ("accepted", "yes", "other")
    assert (settled.cost, settled.ended_ns) == (0.1, 99)
