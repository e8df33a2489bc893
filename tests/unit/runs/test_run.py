import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dalle.errors import ContentBlocked, OutcomeUnknown, TimedOut
from dalle.events import Observer
from dalle.painters.protocol import Answer, Call
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.runs.attempts import LONGEST_REVISED, accept
from dalle.runs.holder import Holder
from dalle.runs.run import Run
from dalle.runs.settings import RunSettings
from dalle.storage.attempt import Chat
from dalle.storage.blob import Blob, Facts
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.locks.claims import Claims
from dalle.storage.protocol import ClaimLost
from tests.kit.clocks import Clock
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import KEY, attempt, left_behind
from tests.kit.images import photo

CALL = Call("model", "64x64", "low", 0.25)


class Setup:
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


@contextmanager
def unwritable(path: Path) -> Iterator[None]:
    """Put a folder in the place of a file: nothing can be renamed over it."""
    before = path.read_bytes()
    path.unlink()
    path.mkdir()
    yield
    path.rmdir()
    path.write_bytes(before)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: there is room for a line, and none for a journal."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return Setup(tmp_path)


def test_lets_a_run_go_on_that_was_given_up_while_its_call_was_refused(setup: Setup) -> None:
    number = setup.run.record.sent(CALL)
    setup.clock.now += 11
    thief = setup.storage.claim(KEY)
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
        setup.run.record.failed(number, TimedOut())
    present = setup.folder.read_journal(KEY)
    assert (present.state, present.attempts[0].outcome) == ("queued", "refused")
    assert [ticket.state for ticket in setup.storage.tickets()] == ["waiting"]
    assert not setup.folder.calls.exists()


def test_does_not_go_on_from_a_late_answer_that_was_a_refusal(setup: Setup) -> None:
    number = setup.run.record.sent(CALL)
    setup.clock.now += 11
    setup.take_up().fail(OutcomeUnknown())
    setup.run.record.received(number, b"an answer of status 200 with an error")
    with pytest.raises(ClaimLost):
        setup.run.record.failed(number, ContentBlocked())
    present = setup.folder.read_journal(KEY)
    assert (present.state, present.attempts[0].outcome) == ("failed", "refused")
    assert not setup.storage.tickets()


def test_logs_a_task_once_that_ends_while_its_run_expires(setup: Setup) -> None:
    number = setup.run.record.sent(CALL)
    setup.run.record.submitted(number, ["http://provider/v1/tasks/t1"], {})
    setup.run.expire()
    assert len(setup.folder.calls.read_text().splitlines()) == 1
    with pytest.raises(ClaimLost):
        setup.run.record.answered(number, Answer(url="http://provider/a.png", cost=0.25))
    present = setup.folder.read_journal(KEY)
    assert (present.state, present.attempts[0].outcome, present.attempts[0].cost) == ("queued", "accepted", 0.25)
    assert len(setup.folder.calls.read_text().splitlines()) == 1


def test_sends_nothing_once_its_lease_has_run_out(setup: Setup) -> None:
    number = setup.run.record.sent(CALL)
    setup.run.record.confirm_claim(number)
    setup.clock.now += 11
    with pytest.raises(Exception, match="before its call could be sent") as caught:
        setup.run.record.confirm_claim(number)
    assert getattr(caught.value, "billed", "") == "no"


def test_knows_no_attempt_that_could_not_be_written(setup: Setup) -> None:
    """A full disk must not make an unknown outcome of a call that was never sent."""
    with unwritable(setup.folder.journal(KEY)), pytest.raises(OSError, match="directory"):
        setup.run.record.sent(CALL)
    assert setup.run.journal.attempts == []
    setup.run.fail(TimedOut())
    present = setup.folder.read_journal(KEY)
    assert (present.error_code, present.attempts) == ("OPENAI_TIMEOUT", [])


@pytest.mark.parametrize("next_holder", [False, True])
def test_logs_a_call_once_whose_end_could_be_written_at_the_second_time_only(setup: Setup, next_holder: bool) -> None:
    setup.run.record.sent(CALL)
    with room_for(1000), pytest.raises(OSError, match="too large"):
        setup.run.fail(TimedOut())
    if next_holder:
        setup.run.claim.release()
        setup.run = setup.take_up()
    setup.run.fail(TimedOut())
    assert setup.folder.read_journal(KEY).attempts[0].outcome == "unknown"
    assert len(setup.folder.calls.read_text().splitlines()) == 1


def test_logs_a_call_once_of_which_a_dead_sweep_has_logged_and_not_written_the_end(setup: Setup) -> None:
    """Its holder only slept, and enters what it knows by now."""
    number = setup.run.record.sent(CALL)
    setup.clock.now += 11
    sweeping = setup.take_up()
    with room_for(1000), pytest.raises(OSError, match="too large"):
        sweeping.fail(OutcomeUnknown())
    assert setup.folder.read_journal(KEY).attempts[0].outcome == ""
    with pytest.raises(ClaimLost):
        setup.run.record.failed(number, OutcomeUnknown())
    assert setup.folder.read_journal(KEY).attempts[0].outcome == "unknown"
    assert len(setup.folder.calls.read_text().splitlines()) == 1


def test_is_as_it_was_when_its_picture_cannot_be_committed(setup: Setup) -> None:
    """Or the failure that follows would say that the paid bytes were used, and the next run would pay again."""
    number = setup.run.record.sent(CALL)
    setup.run.record.answered(number, Answer(data=photo()))
    painted = setup.run.journal.attempts[0]
    staged = [setup.storage.blobs.stage(Blob.picture(KEY), photo())]
    with unwritable(setup.folder.journal(KEY)), pytest.raises(OSError, match="directory"):
        setup.run.publish(painted, staged, Facts(), {"downloadMode": "b64"})
    journal = setup.run.journal
    assert (journal.published, journal.attempts[0].used, journal.attempts[0].answer) == (False, False, painted.answer)
    assert "downloadMode" not in journal.dress


@pytest.mark.parametrize("trouble", ["report", "original"])
def test_has_published_its_picture_whatever_fails_after_its_journal(setup: Setup, trouble: str) -> None:
    """Or the failure that follows would be written over a journal that says that the picture is there."""
    data = photo()
    number = setup.run.record.sent(CALL)
    setup.run.record.answered(number, Answer(data=data))
    painted = setup.run.journal.attempts[0]
    generated = Blob.generated(KEY, "png")
    staged = [setup.storage.blobs.stage(blob, data, durable=True) for blob in (Blob.picture(KEY), generated)]
    if trouble == "report":
        with unwritable(setup.folder.progress(KEY)):
            setup.run.publish(painted, staged, Facts(), {})
    else:
        answer = setup.folder.original(KEY, painted.run_id, painted.number)
        answer.mkdir(parents=True)
        with pytest.raises(OSError, match="directory"):
            setup.run.publish(painted, staged, Facts(), {})
        answer.rmdir()
    assert setup.run.journal.published
    assert setup.folder.read_journal(KEY).published
    setup.run.claim.release()
    run = setup.take_up()
    run.journal.dress["generatedPath"] = generated.path
    run.finish()
    assert setup.folder.generated(KEY, "png").read_bytes() == data
    assert setup.folder.read_journal(KEY).state == "completed"


def test_keeps_the_address_of_a_picture_that_a_sleeping_holder_reports_before_the_run_is_given_up(setup: Setup) -> None:
    number = setup.run.record.sent(CALL)
    sleeper, painted = setup.run, setup.run.journal.attempts[0]
    setup.clock.now += 11
    sweeping = setup.take_up()
    with pytest.raises(ClaimLost):
        sleeper.record.answered(number, Answer(url="http://127.0.0.1/picture.png", cost=0.25))
    sweeping.fail(OutcomeUnknown())
    (present,) = setup.folder.read_journal(KEY).attempts
    assert (present.outcome, present.url, present.number) == ("accepted", painted.url, number)
    assert present.url


def test_has_not_ended_when_its_end_cannot_be_written(setup: Setup) -> None:
    with unwritable(setup.folder.journal(KEY)), pytest.raises(OSError, match="directory"):
        setup.run.complete()
    assert setup.run.journal.state == "running"
    setup.run.fail(TimedOut())
    assert setup.folder.read_journal(KEY).state == "failed"


def test_logs_a_chat_that_was_paid_for_after_the_claim_was_lost(setup: Setup) -> None:
    setup.clock.now += 11
    assert setup.storage.claim(KEY)
    with pytest.raises(ClaimLost):
        setup.run.record.chatted(Chat("model", 7, cost=0.01))
    assert [call["kind"] for call in setup.storage.calls.since()] == ["chat"]


@pytest.mark.parametrize("content", [None, b"garbage", b'{"version": 99}'])
def test_logs_a_call_that_ended_after_claim_and_journal_were_lost(setup: Setup, content: bytes | None) -> None:
    number, path = setup.run.record.sent(CALL), setup.folder.journal(KEY)
    setup.clock.now += 11
    assert setup.storage.claim(KEY)
    path.unlink() if content is None else path.write_bytes(content)
    with pytest.raises(ClaimLost):
        setup.run.record.answered(number, Answer(data=b"x", cost=0.25))
    assert [(line["outcome"], line["cost"]) for line in setup.storage.calls.since()] == [("accepted", 0.25)]
    assert (path.read_bytes() if path.exists() else None) == content


def test_sends_nothing_that_was_not_admitted(setup: Setup) -> None:
    def refuse(edit: object, number: int) -> None:
        raise ValueError(number)

    with pytest.raises(ValueError, match="1"):
        setup.run.record.sent(CALL, refuse)
    assert setup.run.journal.attempts == setup.folder.read_journal(KEY).attempts == []


def test_settles_an_attempt_from_its_answer() -> None:
    settled = attempt()
    accept(settled, Answer(data=b"x", model="other", cost=0.1, usage={"output_tokens": 3}), 99)
    assert (settled.outcome, settled.billed, settled.model) == ("accepted", "yes", "other")
    assert (settled.cost, settled.ended_ns) == (0.1, 99)


def test_pauses_for_a_moment_when_an_answer_is_kept_whose_outcome_is_unknown(setup: Setup) -> None:
    number = setup.run.record.sent(CALL)
    setup.run.record.received(number, b"a gateway's page")
    setup.run.record.failed(number, OutcomeUnknown())
    setup.run.fail(OutcomeUnknown())
    present = setup.folder.read_journal(KEY)
    assert (present.retry_after_seconds, present.attempts[0].outcome) == (60, "unknown")
    assert "tried again at no cost" in present.error


def test_cuts_a_prompt_that_would_make_the_journal_too_large() -> None:
    painted = attempt()
    accept(painted, Answer(data=b"x", revised_prompt="x" * 9_000_000), 99)
    assert painted.revised_prompt == "x" * LONGEST_REVISED


def test_writes_the_beginning_of_a_short_phase_with_the_next_one(setup: Setup) -> None:
    setup.run.enter("setup")
    setup.run.begin("base_prompts")
    setup.run.begin("image_prep")
    written = setup.storage.journal(KEY)
    assert written
    assert [phase.name for phase in written.phases if phase.started_ns] == ["setup"]
    setup.run.enter("image_wait")
    written = setup.storage.journal(KEY)
    assert written
    ended = [phase.name for phase in written.phases if phase.started_ns and phase.ended_ns]
    assert ended == ["setup", "base_prompts", "image_prep"]
