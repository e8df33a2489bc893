"""What a killed worker left, in every state that a run can be left in, is ended by the next start."""

import time
from pathlib import Path
from typing import Any

import pytest

from dalle.events import Observer
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.runs.holder import Holder
from dalle.runs.recovery import LATE, ROUND, Recovery
from dalle.runs.settings import RunSettings
from dalle.storage.blob import OriginalKind
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.journal import Journal
from dalle.storage.ticket import Ticket
from tests.kit.clocks import Clock
from tests.kit.data_folder import DataFolder
from tests.kit.data_folder import put_bytes as put
from tests.kit.fakes import KEY, OTHER, PaidPainter, Start, attempt, ended_journal, left_behind
from tests.kit.images import photo
from tests.kit.waiting import wait


@pytest.fixture
def store(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path)


def test_starts_a_run_that_called_nobody(tmp_path: Path, start: Start) -> None:
    left_behind(tmp_path)
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, journal.takeovers, painter.calls) == ("completed", 1, 1)


def test_does_not_repeat_a_call_whose_outcome_nobody_knows(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path, attempt())
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, journal.error_code, painter.calls) == ("failed", "OUTCOME_UNKNOWN", 0)
    assert journal.retry_after_seconds == 15 * 60
    assert journal.attempts[0].outcome == "unknown"
    assert len(list(FolderStorage(tmp_path).calls.since())) == 1


def test_goes_on_from_bytes_without_a_call(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path, attempt())
    put(store.original(KEY, "run1", 1), photo())
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, painter.calls) == ("completed", 0)
    assert (journal.attempts[0].outcome, journal.attempts[0].cost, journal.attempts[0].used) == ("accepted", 0.25, True)
    assert not store.original(KEY, "run1", 1).exists()
    assert len(list(FolderStorage(tmp_path).calls.since())) == 1


def test_goes_on_from_the_bytes_of_version_1_0(tmp_path: Path, start: Start, store: DataFolder) -> None:
    data = photo()
    left_behind(tmp_path, attempt())
    put(store.original(KEY, "run1", 1, "raw"), data)
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, painter.calls, painter.resumed) == ("completed", 0, 0)
    assert (journal.attempts[0].outcome, journal.attempts[0].cost, journal.attempts[0].used) == ("accepted", 0.25, True)
    assert not store.original(KEY, "run1", 1, "raw").exists()
    assert store.generated(KEY, "png").read_bytes() == data
    assert len(list(FolderStorage(tmp_path).calls.since())) == 1


def test_quarantines_bytes_of_version_1_0_that_are_no_picture(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path, attempt())
    put(store.original(KEY, "run1", 1, "raw"), b"no picture")
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, journal.error_code, painter.calls) == ("failed", "IMAGE_DOWNLOAD_ERROR", 0)
    assert store.original(KEY, "run1", 1, "raw").with_suffix(".bad").read_bytes() == b"no picture"
    assert len(journal.purchases) == 1


def test_finishes_from_an_older_attempt_when_the_newest_has_no_picture(
    tmp_path: Path, start: Start, store: DataFolder
) -> None:
    left_behind(tmp_path, attempt(run_id="run0"), attempt(number=2))
    put(store.original(KEY, "run0", 1, "raw"), photo())
    put(store.original(KEY, "run1", 2, "raw"), b"no picture")
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, painter.calls) == ("completed", 0)
    assert (journal.attempts[0].outcome, journal.attempts[0].cost, journal.attempts[0].used) == ("accepted", 0.25, True)


def test_starts_a_free_painter_again(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path, attempt(paid=False))
    put(store.original(KEY, "run1", 1), photo()[:100])
    painter = PaidPainter(paid=False)
    journal = ended_journal(start(painter))
    assert (journal.state, painter.calls, len(journal.attempts)) == ("completed", 1, 2)


@pytest.mark.parametrize("kind", ["answer", "raw"])
def test_finishes_a_published_run(tmp_path: Path, start: Start, store: DataFolder, kind: OriginalKind) -> None:
    data = photo()
    generated = store.generated(KEY, "png")
    left_behind(
        tmp_path,
        attempt(outcome="accepted", used=True),
        published=True,
        dress={"generatedPath": generated.relative_to(store.output).as_posix()},
    )
    put(store.annotated(KEY), data)
    put(store.original(KEY, "run1", 1, kind), data)
    if kind == "answer":
        put(generated, data)
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, painter.calls) == ("completed", 0)
    assert generated.read_bytes() == data
    assert not store.original(KEY, "run1", 1, kind).exists()


@pytest.mark.parametrize(("state", "version"), [("queued", 1), ("queued", 2), ("running", 1)])
def test_does_not_count_a_holder_that_let_go(tmp_path: Path, start: Start, state: str, version: int) -> None:
    """A full disk, or version 1.0 that cannot read the journal, is not the run's fault."""
    left_behind(tmp_path, state=state, version=version, takeovers=2, let_go=True)
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, journal.takeovers, painter.calls) == ("completed", 2, 1)


@pytest.mark.parametrize("fields", [{"state": "queued"}, {"version": 2}])
def test_counts_any_other_holder_that_left_a_run(tmp_path: Path, start: Start, fields: dict[str, Any]) -> None:
    left_behind(tmp_path, **fields)
    assert ended_journal(start(PaidPainter())).takeovers == 1


def test_gives_up_a_run_that_was_taken_over_twice(tmp_path: Path, start: Start) -> None:
    left_behind(tmp_path, takeovers=2)
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, journal.error_code, painter.calls) == ("failed", "INTERRUPTED", 0)


def test_clears_the_ticket_of_a_run_that_had_ended(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path)
    store.write_journal(Journal(KEY.series, KEY.address, run_id="run1", state="failed"))
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, painter.calls) == ("failed", 0)
    assert store.progress(KEY).exists()


def test_finishes_a_failed_run_whose_bytes_came_late(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path, attempt(outcome="unknown"), state="failed", error_code="OUTCOME_UNKNOWN", retry_at_ns=2**62)
    put(store.original(KEY, "run1", 1), photo())
    painter = PaidPainter()
    begun = start(painter)
    wait(lambda: store.annotated(KEY).exists())
    journal = ended_journal(begun)
    assert (journal.state, journal.error_code, painter.calls) == ("completed", "", 0)


def test_reopens_no_run_for_an_answer_that_it_has_read(tmp_path: Path, start: Start, store: DataFolder) -> None:
    path = store.original(KEY, "run1", 1)
    known = attempt(outcome="unknown", answer=path.name)
    left_behind(tmp_path, known, state="failed", error_code="OUTCOME_UNKNOWN", retry_at_ns=2**62)
    put(path, b"half an ans")
    painter = PaidPainter()
    begun = start(painter, lock_ttl=0.2)
    time.sleep(1)
    assert painter.resumed == 0
    assert begun.journal(KEY).state == "failed"  # type: ignore[union-attr]


def test_lets_no_bad_key_hold_up_the_others(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path)
    put(store.journal(KEY), b'{"version": 99}')
    newer = store.journal(KEY).read_bytes()
    with FolderStorage(tmp_path).guard(OTHER) as entry:
        entry.restore(Ticket(9, "run2", OTHER, "waiting"))
    begun = start(PaidPainter())
    assert ended_journal(begun, OTHER).state == "completed"
    assert store.journal(KEY).read_bytes() == newer


def test_ends_a_run_with_a_damaged_journal_and_pays_nothing(tmp_path: Path, start: Start, store: DataFolder) -> None:
    left_behind(tmp_path)
    put(store.journal(KEY), b"garbage")
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, journal.error_code, painter.calls) == ("failed", "FILE_SYSTEM_ERROR", 0)
    assert store.journal(KEY).with_suffix(".damaged").read_bytes() == b"garbage"


@pytest.mark.parametrize("asked", [False, True])
def test_logs_the_call_of_a_damaged_journal(tmp_path: Path, start: Start, store: DataFolder, *, asked: bool) -> None:
    left_behind(tmp_path, attempt())
    put(store.journal(KEY), store.journal(KEY).read_bytes()[:-9])
    if asked:  # while its holder was still working on it
        with FolderStorage(tmp_path).guard(KEY) as entry:
            Journals(FolderStorage(tmp_path), 900).mend(entry)
    painter = PaidPainter()
    journal = ended_journal(start(painter))
    assert (journal.state, painter.calls, journal.attempts[0].outcome) == ("failed", 0, "unknown")
    assert [line["outcome"] for line in FolderStorage(tmp_path).calls.since()] == ["unknown"]


def test_never_lets_percent_fall_when_it_resumes(tmp_path: Path, start: Start, store: DataFolder) -> None:
    journal = left_behind(tmp_path)
    put(
        store.progress(KEY),
        b'{"data":{"runId":"run1","done":false,"percent":42.5}}\n',
    )
    painter = PaidPainter()
    seen = []
    begun = start(painter)
    painter.before = lambda: seen.append(begun.journal(KEY).percent)  # type: ignore[union-attr]
    ended_journal(begun)
    assert journal.percent == 0
    assert seen
    assert seen[0] >= 42.5


def test_sweeps_old_temporary_files_and_dead_claims(tmp_path: Path, start: Start, store: DataFolder) -> None:
    put(store.output / "simple" / "prompt" / ".x.1.tmp", b"")
    put(store.locks / f"{KEY.series}.{KEY.address}.0123456789abcdef.live", b"")
    start()
    wait(lambda: not list(store.root.rglob("*.tmp")) and not list(store.root.rglob("*.live")))


class Saboteur(Observer):
    """Makes the journal unwritable at the end of the phase `annotate`, when the picture has been published."""

    def __init__(self, journal: Path) -> None:
        self.journal = journal
        self.kept = b""

    def phase_ended(self, phase: str, seconds: float, code: str) -> None:
        if phase == "annotate" and not self.kept:
            self.kept = self.journal.read_bytes()
            self.journal.unlink()
            self.journal.mkdir()

    def repair(self) -> None:
        self.journal.rmdir()
        self.journal.write_bytes(self.kept)


def test_finishes_a_published_run_whose_end_could_not_be_written(start: Start, store: DataFolder) -> None:
    saboteur, painter = Saboteur(store.journal(KEY)), PaidPainter()
    begun = start(painter, observers=[saboteur])
    begun.request(KEY)
    wait(lambda: saboteur.kept and not begun.storage.is_claimed(KEY))  # it does not hold the key for a whole TTL
    assert begun.has_picture(KEY)
    saboteur.repair()
    assert (ended_journal(begun).state, painter.calls) == ("completed", 1)


class Behind(FolderStorage):
    """Has so many rounds of upkeep to do."""

    def __init__(self, folder: Path, rounds: int) -> None:
        super().__init__(folder)
        self.rounds = rounds
        self.asked: list[float] = []

    def keep_up(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return len(self.asked) >= self.rounds


def recovering(storage: FolderStorage, clock: Clock) -> Recovery:
    settings, reports = (
        RunSettings(claim_ttl=300),
        Reports(storage, Journals(storage, 900), Averages(storage.documents)),
    )
    return Recovery(storage, Holder(storage, reports, Observer(), settings), reports, Observer(), settings, clock=clock)


def test_looks_for_late_bytes_between_two_tidyings(tmp_path: Path, store: DataFolder) -> None:
    left_behind(tmp_path, attempt(outcome="unknown"), state="failed", error_code="OUTCOME_UNKNOWN", retry_at_ns=2**62)
    storage, clock = FolderStorage(tmp_path), Clock()
    recovery = recovering(storage, clock)
    recovery.sweep()
    put(store.original(KEY, "run1", 1), photo())
    recovery.sweep()
    assert storage.tickets() == []
    clock.now += LATE
    recovery.sweep()
    assert [ticket.key for ticket in storage.tickets()] == [KEY]


def test_does_a_part_of_what_has_accumulated_with_each_sweep_until_all_is_done(tmp_path: Path) -> None:
    storage, clock = Behind(tmp_path, 3), Clock()
    recovery = recovering(storage, clock)
    for _ in range(6):
        recovery.sweep()
    assert storage.asked == [ROUND] * 3
    clock.now += 300
    recovery.sweep()
    assert len(storage.asked) == 4
