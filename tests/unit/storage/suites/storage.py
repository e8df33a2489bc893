"""What every `Storage` promises besides its parts: looks over many keys, exclusive names, upkeep."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest

from dalle.key import Key
from dalle.storage.blob import Blob, Facts, Original
from dalle.storage.protocol import Busy, Storage
from tests.kit.processes import Child, sleep
from tests.kit.waiting import wait
from tests.unit.storage.suites.engine import (
    KEY,
    OTHER,
    THIRD,
    TTL,
    Engine,
    Opener,
    journal,
    key,
    picture,
    publish,
    put_picture,
    report,
    seen,
    ticket,
)

SECOND = 10**9
HOUR = 3600 * SECOND
NAMES = ["sweep", "models", "caretaker", "thumbnails"]


def excluding(pipe: Connection, opener: Opener, name: str, local: bool) -> None:
    with opener().exclusive(name, local=local):
        pipe.send("inside")
        sleep(pipe)


def claiming(pipe: Connection, opener: Opener) -> None:
    """Leave what a killed worker leaves: a claim, staged bytes, an open entry."""
    storage = opener()
    assert storage.claim(OTHER)
    storage.blobs.stage(Blob.picture(OTHER), picture(1))
    with storage.guard(THIRD) as entry:
        entry.save(journal("run1", THIRD))
        pipe.send("ready")
        sleep(pipe)


def is_busy(storage: Storage, name: str, *, local: bool = False) -> bool:
    try:
        with storage.exclusive(name, wait=False, local=local):
            return False
    except Busy:
        return True


def show(storage: Storage, each: Key, text: str) -> None:
    with storage.guard(each) as entry:
        entry.show(report(text))


class LookTests:
    """Of all keys."""

    def test_keeps_everything_when_it_is_closed(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        show(engine.storage, KEY, "run1")
        engine.storage.close()
        assert seen(engine.open(), KEY) == picture(1)

    def test_has_a_clock_that_goes_on(self, engine: Engine) -> None:
        first, other = engine.storage.now_ns(), engine.open()
        assert first <= other.now_ns() < first + 30 * SECOND
        engine.advance(100)
        assert first + 100 * SECOND <= other.now_ns() < first + 130 * SECOND
        assert other.poll_interval > 0

    def test_lists_open_runs_with_their_reports_oldest_first(self, engine: Engine) -> None:
        assert (engine.storage.tickets(), engine.storage.open_runs()) == ([], [])
        waiting = {number: ticket(number, each) for number, each in ((3, THIRD), (1, KEY), (2, OTHER))}
        for each in waiting.values():
            with engine.storage.guard(each.key) as entry:
                entry.restore(each)
        with engine.storage.guard(KEY) as entry:
            running = entry.move(waiting[1], "running")
            entry.show(report("run1"))
        show(engine.storage, THIRD, "run3")
        show(engine.storage, key(1), "ended")
        assert running
        assert engine.open().tickets() == [running, waiting[2], waiting[3]]
        assert engine.open().open_runs() == [(running, report("run1")), (waiting[2], b""), (waiting[3], report("run3"))]

    def test_has_waiting_reports_that_are_old_with_their_positions(self, engine: Engine) -> None:
        tickets = [ticket(number + 1, key(number)) for number in range(4)]
        for each in tickets:
            with engine.storage.guard(each.key) as entry:
                entry.restore(each)
                entry.show(report("old"))
        with engine.storage.guard(tickets[0].key) as entry:
            entry.move(tickets[0], "running")
        with engine.storage.guard(tickets[3].key) as entry:
            entry.hide()
        other = engine.open()
        assert other.waiting_reports(60) == [(tickets[3], 3)]  # it has none
        engine.advance(61)
        assert other.waiting_reports(60) == [(tickets[1], 1), (tickets[2], 2), (tickets[3], 3)]
        assert other.waiting_reports(100) == [(tickets[3], 3)]

    def test_shows_reports_of_tickets_that_still_wait(self, engine: Engine) -> None:
        tickets = [ticket(number + 1, key(number)) for number in range(4)]
        for each in tickets:
            with engine.storage.guard(each.key) as entry:
                entry.restore(each)
                entry.show(report("old"))
        with engine.storage.guard(tickets[1].key) as entry:
            entry.move(tickets[1], "running")
        with engine.storage.guard(tickets[2].key) as entry:
            entry.drop()
        with ThreadPoolExecutor(1) as threads, engine.storage.guard(tickets[3].key):
            reports = [(each, report("new")) for each in tickets]
            threads.submit(engine.open().show_waiting, reports).result()
        shown = [engine.storage.look(each.key).report for each in tickets]
        assert shown == [report("new"), report("old"), report("old"), report("old")]

    def test_lists_failures_since_a_moment_newest_first(self, engine: Engine) -> None:
        assert engine.storage.failures(0) == []
        now = engine.storage.now_ns()
        for minutes, each in ((50, KEY), (40, OTHER), (30, KEY), (20, THIRD)):
            with engine.storage.guard(each) as entry:
                entry.note_failure(f"{minutes:016x}", now - minutes * 60 * SECOND)
        show(engine.storage, KEY, "present")
        other = engine.open()
        expected = [
            (THIRD, f"{20:016x}", b""),
            (KEY, f"{30:016x}", report("present")),
            (OTHER, f"{40:016x}", b""),
            (KEY, f"{50:016x}", report("present")),
        ]
        assert other.failures(now - HOUR) == expected
        assert other.failures(now - 40 * 60 * SECOND) == expected[:3]
        assert other.failures(now - 35 * 60 * SECOND) == expected[:2]
        assert other.failures(now) == []
        assert other.tickets() == []

    def test_has_the_journals_of_runs_that_failed(self, engine: Engine) -> None:
        assert list(engine.storage.failed_journals()) == []
        failed = [journal("run1", each, state="failed", error="x") for each in (KEY, THIRD)]
        others = [
            journal("run2", OTHER, state="completed"),
            journal("run3", key(1), dress={"text": '"state":"failed"'}),
        ]
        for each in (*failed, *others):
            with engine.storage.guard(each.key) as entry:
                entry.save(each)
        engine.damage_journal(key(2))
        found = sorted(engine.open().failed_journals(), key=lambda each: each.series, reverse=True)
        assert found == failed

    def test_has_originals_that_came_late(self, engine: Engine) -> None:
        storage = engine.open()
        assert list(storage.late_originals()) == []
        first, second = Original.of(KEY, "run1", 1), Original.of(THIRD, "run2", 1)
        for original in (first, second):
            engine.storage.blobs.put(original, b"paid")
        engine.advance(10)
        assert set(storage.late_originals()) == {first, second}
        assert list(storage.late_originals()) == []
        third = Original.of(KEY, "run1", 2)
        engine.storage.blobs.put(third, b"paid")
        engine.advance(10)
        assert third in list(storage.late_originals())
        assert list(storage.late_originals()) == []
        assert set(engine.open().late_originals()) == {first, second, third}

    def test_misses_no_original_that_comes_while_it_looks(self, engine: Engine) -> None:
        storage = engine.open()
        found = set()
        for number in range(20):
            engine.storage.blobs.put(Original.of(KEY, "run1", number), b"paid")
            found |= set(storage.late_originals())
        assert len(found) == 20

    def test_has_keys_whose_previous_picture_is_old(self, engine: Engine) -> None:
        assert list(engine.storage.previous(0)) == []
        for each in (KEY, THIRD, OTHER):
            put_picture(engine.storage, each, picture(1))
        engine.advance(1000)
        for each in (KEY, THIRD):
            with engine.storage.guard(each) as entry:
                entry.withdraw(keep=True)
        assert sorted(engine.open().previous(0)) == sorted([KEY, THIRD])
        engine.advance(100)
        assert sorted(engine.open().previous(90)) == sorted([KEY, THIRD])
        assert list(engine.open().previous(2000)) == []
        with engine.storage.guard(KEY) as entry:
            entry.restore_previous()
        with engine.storage.guard(THIRD) as entry:
            entry.forget_previous()
        assert list(engine.open().previous(0)) == []


class ExclusiveTests:
    @pytest.mark.parametrize("local", [False, True])
    @pytest.mark.parametrize("name", NAMES)
    def test_is_held_by_one_thread(self, engine: Engine, name: str, local: bool) -> None:
        other = engine.open()
        with ThreadPoolExecutor(1) as threads:
            with engine.storage.exclusive(name, local=local):
                for storage in (engine.storage, other):
                    assert threads.submit(is_busy, storage, name, local=local).result()
                    assert not any(threads.submit(is_busy, storage, each).result() for each in NAMES if each != name)
            assert not threads.submit(is_busy, other, name, local=local).result()

    @pytest.mark.parametrize("local", [False, True])
    def test_is_held_by_one_process_until_it_is_killed(self, engine: Engine, local: bool) -> None:
        with Child(excluding, engine.opener, "sweep", local) as child:
            assert child.receive() == "inside"
            assert is_busy(engine.storage, "sweep", local=local)
            child.kill()
            wait(lambda: not is_busy(engine.storage, "sweep", local=local), seconds=TTL / 10)

    def test_waits_for_the_other_holder(self, engine: Engine) -> None:
        order = []

        def enter() -> None:
            with engine.open().exclusive("sweep"):
                order.append("second")

        with ThreadPoolExecutor(1) as threads:
            with engine.storage.exclusive("sweep"):
                entered = threads.submit(enter)
                with pytest.raises(TimeoutError):
                    entered.result(0.05)
                order.append("first")
            entered.result()
        assert order == ["first", "second"]

    def test_is_free_after_a_body_that_raised(self, engine: Engine) -> None:
        def fail() -> None:
            with engine.storage.exclusive("sweep"):
                raise ValueError("meant")

        with pytest.raises(ValueError, match="meant"):
            fail()
        assert not is_busy(engine.storage, "sweep")

    def test_does_not_keep_the_keys_from_anybody(self, engine: Engine) -> None:
        with engine.storage.exclusive("sweep"):
            put_picture(engine.storage, KEY, picture(1))
            with engine.storage.documents.edit("models") as document:
                document["n"] = 1
        assert seen(engine.storage, KEY) == picture(1)


class UpkeepTests:
    def test_tidies_away_nothing_that_is_in_use(self, engine: Engine) -> None:
        storage = engine.storage
        original = Original.of(KEY, "run1", 1)
        claim = storage.claim(KEY)
        assert claim
        with claim.held() as entry:
            entry.save(journal("run1"))
            entry.show(report("run1"))
            entry.note_failure("run1", storage.now_ns())
            added, _ = entry.enqueue("run1")
            publish(storage, entry, picture(1))
            entry.withdraw(keep=True)
            publish(storage, entry, picture(2))
        storage.blobs.put(original, b"paid")
        staged = storage.blobs.stage(Blob.text(KEY, "title"), b"The otter")
        for _ in range(2):
            engine.open().tidy(3600)
        assert storage.is_claimed(KEY, claim.token)
        with claim.held() as entry:
            assert (entry.journal(), entry.report(), entry.ticket()) == (journal("run1"), report("run1"), added)
            assert entry.has_previous()
            entry.publish([staged], Facts())
        assert (seen(storage, KEY), storage.blobs.get(staged.blob)) == (picture(2), b"The otter")
        assert storage.blobs.originals(KEY) == [original]
        assert len(storage.failures(0)) == 1
        engine.advance(7200)
        engine.open().tidy(3600)
        assert (storage.journal(KEY), storage.look(OTHER).report, storage.ticket(KEY)) == (journal("run1"), b"", added)
        assert (seen(storage, KEY), storage.blobs.get(staged.blob)) == (picture(2), b"The otter")
        assert storage.blobs.originals(KEY) == [original]
        assert storage.blobs.get(Blob.previous(KEY)) == picture(1)

    def test_tidies_up_after_a_worker_that_was_killed(self, engine: Engine) -> None:
        with Child(claiming, engine.opener) as child:
            assert child.receive() == "ready"
            engine.storage.tidy(3600)
            assert engine.storage.is_claimed(OTHER)
            child.kill()
        engine.advance(7200)
        engine.storage.tidy(3600)
        assert not engine.storage.is_claimed(OTHER)
        assert seen(engine.storage, OTHER) is None
        claim = engine.storage.claim(OTHER)
        assert claim
        with claim.held() as entry:
            publish(engine.storage, entry, picture(2))
        with engine.storage.guard(THIRD, wait=False) as entry:
            assert entry.journal() in (None, journal("run1", THIRD))

    def test_takes_staged_bytes_for_left_behind_when_they_are_old(self, engine: Engine) -> None:
        staged = engine.storage.blobs.stage(Blob.picture(KEY), picture(1))
        engine.advance(7200)
        engine.open().tidy(3600)
        with engine.storage.guard(KEY) as entry:
            with pytest.raises(OSError):  # noqa: PT011 - the engine's own
                entry.publish([staged], Facts())
            assert not entry.has_picture()

    @pytest.mark.parametrize("write", [False, True])
    def test_checks_an_engine_that_works(self, engine: Engine, write: bool) -> None:
        engine.storage.check(write=write)
        put_picture(engine.storage, KEY, picture(1))
        engine.storage.check(write=write)
        assert seen(engine.open(), KEY) == picture(1)

    def test_notices_that_nothing_can_be_written(self, engine: Engine) -> None:
        with engine.failing():
            engine.storage.check(write=False)
            with pytest.raises(OSError):  # noqa: PT011 - the engine's own
                engine.storage.check()
        engine.storage.check()

    def test_raises_where_nothing_can_be_written(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        staged = engine.storage.blobs.stage(Blob.text(KEY, "title"), b"x")
        changes: list[Callable[[], object]] = [
            lambda: put_picture(engine.storage, KEY, picture(2)),
            lambda: engine.storage.blobs.put(Blob.text(KEY, "title"), b"x"),
            lambda: engine.storage.claim(KEY),
            lambda: show(engine.storage, KEY, "run1"),
        ]
        with engine.failing():
            for change in changes:
                with pytest.raises(OSError):  # noqa: PT011 - the engine's own
                    change()
        with engine.storage.guard(KEY) as entry:
            assert entry.report() == b""
        assert seen(engine.storage, KEY) == picture(1)
        assert engine.storage.blobs.get(staged.blob) is None
        assert not engine.storage.is_claimed(KEY)

    @pytest.mark.parametrize("read_only", [False, True])
    def test_finds_nothing_wrong_with_an_engine_that_works(self, engine: Engine, read_only: bool) -> None:
        findings = list(engine.storage.examine(read_only=read_only))
        assert findings
        assert [finding for finding in findings if finding.level == "error"] == []


class StorageTests(LookTests, ExclusiveTests, UpkeepTests):
    pass
