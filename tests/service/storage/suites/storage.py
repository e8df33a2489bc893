"""What every `Storage` promises of looks over many keys."""

from concurrent.futures import ThreadPoolExecutor

from dalle.key import Key
from dalle.storage.blob import Original
from dalle.storage.protocol import Storage
from tests.service.storage.suites.engine import (
    KEY,
    OTHER,
    THIRD,
    Engine,
    journal,
    key,
    picture,
    put_picture,
    report,
    seen,
    ticket,
)

SECOND = 10**9
HOUR = 3600 * SECOND


def show(storage: Storage, each: Key, text: str) -> None:
    with storage.guard(each) as entry:
        entry.show(report(text))


class StorageTests:
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
            journal("run3", key(1), dress={"state": "failed"}),
        ]
        for each in (*failed, *others):
            with engine.storage.guard(each.key) as entry:
                entry.save(each)
        engine.damage_journal(key(2))
        found = sorted(engine.open().failed_journals(), key=lambda each: each.series, reverse=True)
        assert found == failed

    def test_has_the_newest_failures_first(self, engine: Engine) -> None:
        now = engine.storage.now_ns()
        keys = [key(number) for number in range(5)]
        for number, each in enumerate(keys):
            with engine.storage.guard(each) as entry:
                entry.save(journal(f"run{number}", each, state="failed", error="x", ended_ns=now + number))
                entry.note_failure(f"run{number}", now + number)
        with engine.storage.guard(keys[3]) as entry:
            entry.save(journal("run5", keys[3], state="completed"))
        expected = [keys[4], keys[2], keys[1], keys[0]]
        for _ in range(2):
            assert [each.key for each in engine.open().failed_journals()] == expected
            engine.advance(7200)
            assert engine.storage.keep_up(60)

    def test_has_originals_that_came_late(self, engine: Engine) -> None:
        storage = engine.open()
        assert list(storage.late_originals()) == []
        first, second = Original.of(KEY, "run1", 1), Original.of(THIRD, "run2", 1, "raw")
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
