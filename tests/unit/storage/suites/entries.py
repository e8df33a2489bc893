"""What every `Entry` promises but for the picture (`publishing`): the guard, journal, report and ticket."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest

from dalle.errors import QueueFull
from dalle.storage.journal import DamagedJournal
from dalle.storage.protocol import Busy, Storage
from dalle.storage.ticket import Ticket
from tests.kit.fakes import attempt
from tests.kit.processes import Child, sleep
from tests.unit.storage.suites.engine import CAPACITY, KEY, OTHER, THIRD, Engine, Opener, journal, key, report, ticket


def guarding(pipe: Connection, opener: Opener) -> None:
    with opener().guard(KEY):
        pipe.send("inside")
        sleep(pipe)


def counting(pipe: Connection, opener: Opener, rounds: int) -> None:
    count(opener(), rounds)


def count(storage: Storage, rounds: int) -> None:
    """Read, hesitate and write: changes are lost unless the guard excludes others."""
    for _ in range(rounds):
        with storage.guard(KEY) as entry:
            number = int(entry.report()[1:-2] or b"0") if entry.report() else 0
            time.sleep(0.001)
            entry.show(b"{%d}\n" % (number + 1))


def enqueueing(pipe: Connection, opener: Opener, first: int) -> None:
    pipe.send(enqueued(opener(), first))


def enqueued(storage: Storage, first: int) -> list[int]:
    """Enqueue five keys; return the position of those that were accepted."""
    positions = []
    for number in range(first, first + 5):
        try:
            with storage.guard(key(number)) as entry:
                positions.append(entry.enqueue(f"{number:016x}")[1])
        except QueueFull:
            pass
    return positions


def is_busy(storage: Storage) -> bool:
    try:
        with storage.guard(KEY, wait=False):
            return False
    except Busy:
        return True


def adding(pipe: Connection, opener: Opener, key_number: int, rounds: int) -> None:
    add(opener(), key_number, rounds)


def add(storage: Storage, key_number: int, rounds: int) -> None:
    for _ in range(rounds):
        with storage.guard(key(key_number)) as entry, entry.edit("budget") as document:
            document["n"] = document.get("n", 0) + 1


class GuardTests:
    def test_excludes_other_threads(self, engine: Engine) -> None:
        other = engine.open()
        with ThreadPoolExecutor(1) as threads:
            with engine.storage.guard(KEY):
                assert threads.submit(is_busy, engine.storage).result()
                assert threads.submit(is_busy, other).result()
            assert not threads.submit(is_busy, other).result()

    def test_waits_for_another_thread(self, engine: Engine) -> None:
        entered = threading.Event()

        def enter() -> None:
            with engine.storage.guard(KEY) as entry:
                assert entry.report() == b"{1}\n"
            entered.set()

        thread = threading.Thread(target=enter)
        with engine.storage.guard(KEY) as entry:
            thread.start()
            assert not entered.wait(0.05)
            entry.show(b"{1}\n")
        thread.join()
        assert entered.is_set()

    def test_excludes_other_processes_until_they_are_killed(self, engine: Engine) -> None:
        with Child(guarding, engine.opener) as child:
            assert child.receive() == "inside"
            assert is_busy(engine.storage)
            child.kill()
            assert not is_busy(engine.storage)

    def test_lets_threads_and_processes_in_one_by_one(self, engine: Engine) -> None:
        children = [Child(counting, engine.opener, 15) for _ in range(2)]
        with children[0], children[1], ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda storage: count(storage, 15), [engine.storage, engine.storage, engine.open()]))
            assert [child.wait() for child in children] == [0, 0]
        with engine.storage.guard(KEY) as entry:
            assert entry.report() == b"{75}\n"

    def test_is_free_after_a_body_that_raised(self, engine: Engine) -> None:
        with pytest.raises(ValueError, match="meant"), engine.storage.guard(KEY):
            raise ValueError("meant")
        assert not is_busy(engine.storage)

    def test_is_of_the_key(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            assert entry.key == KEY


class EntryTests(GuardTests):
    def test_keeps_a_journal_until_it_is_forgotten(self, engine: Engine) -> None:
        first = journal("run1", attempts=[attempt(), attempt(number=2, outcome="accepted")], dress={"ż": [1, None]})
        second = journal("run2", state="failed", error="żal \ud800", error_code="x")
        other = engine.open()
        with engine.storage.guard(KEY) as entry:
            assert entry.journal() is None
            entry.save(first)
            assert entry.journal() == first
        assert other.journal(KEY) == first
        assert other.journal(OTHER) is None
        with other.guard(KEY) as entry:
            assert entry.journal() == first
            entry.save(second, durable=True)
        read = engine.storage.journal(KEY)
        assert read
        assert (read.run_id, read.state, read.error_code) == ("run2", "failed", "x")
        with engine.storage.guard(KEY) as entry:
            entry.forget()
            assert entry.journal() is None
            entry.forget()
        assert other.journal(KEY) is None

    def test_keeps_what_was_saved_apart_from_what_is_in_memory(self, engine: Engine) -> None:
        saved = journal("run1", attempts=[attempt()])
        with engine.storage.guard(KEY) as entry:
            entry.save(saved)
        saved.attempts.append(attempt(number=2))
        read = engine.storage.journal(KEY)
        assert read
        assert len(read.attempts) == 1

    def test_says_that_a_journal_is_damaged(self, engine: Engine) -> None:
        engine.damage_journal(KEY)
        with pytest.raises(DamagedJournal):
            engine.storage.journal(KEY)
        with engine.storage.guard(KEY) as entry, pytest.raises(DamagedJournal):
            entry.journal()

    def test_quarantines_a_damaged_journal_and_no_other(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            assert not entry.quarantine_journal()
            entry.save(journal("run1"))
            assert not entry.quarantine_journal()
        assert engine.open().journal(KEY) == journal("run1")
        engine.damage_journal(KEY)
        with engine.storage.guard(KEY) as entry:
            assert entry.quarantine_journal()
            assert entry.journal() is None
            assert not entry.quarantine_journal()
            entry.save(journal("run2"))
        assert engine.open().journal(KEY) == journal("run2")

    def test_leaves_a_newer_journal_alone(self, engine: Engine) -> None:
        newer = journal("run1", version=3)
        with engine.storage.guard(KEY) as entry:
            entry.save(newer)
            assert not entry.quarantine_journal()
            assert not entry.quarantine_journal()

    def test_shows_a_report_until_it_is_hidden(self, engine: Engine) -> None:
        other = engine.open()
        with engine.storage.guard(KEY) as entry:
            assert entry.report() == b""
            entry.hide()
            for run_id in ("run1", "run2"):
                entry.show(report(run_id))
                assert entry.report() == report(run_id)
        assert other.look(KEY).report == report("run2")
        assert other.look(OTHER).report == b""
        with other.guard(KEY) as entry:
            assert entry.report() == report("run2")
            entry.hide()
            assert entry.report() == b""
        assert engine.storage.look(KEY).report == b""

    def test_keeps_what_was_written_before_a_body_raised_whole_or_not_at_all(self, engine: Engine) -> None:
        def fail() -> None:
            with engine.storage.guard(KEY) as entry:
                entry.save(journal("run1"))
                entry.show(report("run1"))
                raise ValueError("meant")

        with pytest.raises(ValueError, match="meant"):
            fail()
        assert engine.storage.journal(KEY) in (None, journal("run1"))
        assert engine.storage.look(KEY).report in (b"", report("run1"))

    # -- tickets -----------------------------------------------------------------------------------------------

    def test_enqueues_behind_those_that_wait(self, engine: Engine) -> None:
        for number, each in enumerate((KEY, OTHER, THIRD)):
            with engine.storage.guard(each) as entry:
                assert entry.ticket() is None
                added, before = entry.enqueue(f"run{number}")
                assert (added.run_id, added.key, added.state, before) == (f"run{number}", each, "waiting", number)
                assert entry.ticket() == added
            assert engine.open().ticket(each) == added
        assert [each.key for each in engine.open().tickets()] == [KEY, OTHER, THIRD]

    def test_counts_those_before_that_wait_and_no_others(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            entry.move(entry.enqueue("run1")[0], "running")
        with engine.storage.guard(OTHER) as entry:
            assert entry.enqueue("run2")[1] == 0
        with engine.storage.guard(THIRD) as entry:
            assert entry.enqueue("run3")[1] == 1

    def test_goes_by_the_engines_time(self, engine: Engine) -> None:
        engine.advance(1000)
        before = engine.storage.now_ns()
        with engine.storage.guard(KEY) as entry:
            added, _ = entry.enqueue("run1")
        assert before <= added.queued_ns <= engine.storage.now_ns()

    def test_leaves_nothing_of_a_run_that_found_the_queue_full(self, engine: Engine) -> None:
        for number in range(CAPACITY):
            with engine.storage.guard(key(number)) as entry:
                entry.move(entry.enqueue(f"{number:016x}")[0], "running")  # running ones count
        before = engine.storage.tickets()
        with engine.storage.guard(KEY) as entry:
            with pytest.raises(QueueFull) as caught:
                entry.enqueue("run1")
            assert caught.value.retry_after
            assert entry.ticket() is None
        assert engine.open().tickets() == before
        with engine.storage.guard(key(0)) as entry:
            entry.drop()
        with engine.storage.guard(KEY) as entry:
            assert entry.enqueue("run1")[1] == 0

    def test_holds_the_bound_over_threads_and_processes(self, engine: Engine) -> None:
        children = [Child(enqueueing, engine.opener, 100 * number) for number in (1, 2)]
        with children[0], children[1], ThreadPoolExecutor(3) as threads:
            found = list(threads.map(lambda number: enqueued(engine.open(), number), (300, 400, 500)))
            found += [child.receive() for child in children]
        assert sum(len(positions) for positions in found) == CAPACITY
        assert len(engine.storage.tickets()) == CAPACITY

    def test_restores_an_accepted_run_however_full_the_queue_is(self, engine: Engine) -> None:
        tickets = [ticket(number + 1, key(number)) for number in range(CAPACITY + 2)]
        for each in reversed(tickets):
            with engine.storage.guard(each.key) as entry:
                entry.restore(each)
        assert engine.open().tickets() == tickets

    def test_restores_one_ticket_of_a_key(self, engine: Engine) -> None:
        first = ticket(5, KEY)
        with engine.storage.guard(KEY) as entry:
            entry.restore(first)
            entry.restore(first)
            entry.restore(ticket(6, KEY))
            running = entry.move(first, "running")
            entry.restore(first)
        assert engine.open().tickets() == [running]

    def test_moves_a_ticket_once(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            waiting, _ = entry.enqueue("run1")
            running = entry.move(waiting, "running")
            assert running == Ticket(waiting.queued_ns, "run1", KEY, "running")
            assert entry.move(waiting, "running") is None
            assert entry.ticket() == running
            assert entry.move(running, "waiting") == waiting
        assert engine.open().tickets() == [waiting]

    def test_moves_no_ticket_of_another_run(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            first, _ = entry.enqueue("run1")
            entry.drop()
            second, _ = entry.enqueue("run2")
            assert entry.move(first, "running") is None
            assert entry.ticket() == second

    def test_drops_the_keys_ticket_and_no_other(self, engine: Engine) -> None:
        with engine.storage.guard(OTHER) as entry:
            other, _ = entry.enqueue("run1")
        with engine.storage.guard(KEY) as entry:
            entry.drop()
            waiting, _ = entry.enqueue("run2")
            running = entry.move(waiting, "running")
            entry.drop()
            assert entry.ticket() is None
            assert running
            assert entry.move(running, "waiting") is None
            entry.drop()
        assert engine.open().tickets() == [other]

    # -- documents ---------------------------------------------------------------------------------------------

    def test_edits_documents_too(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            with entry.edit("budget", durable=True) as document:
                document["n"] = 1
            with entry.edit("budget") as document:
                assert document == {"n": 1}
                document["n"] = 2
            entry.save(journal("run1"))
        assert engine.open().documents.read("budget") == {"n": 2}
        assert engine.open().journal(KEY) == journal("run1")

    def test_writes_no_edit_whose_body_raised(self, engine: Engine) -> None:
        def fail() -> None:
            with engine.storage.guard(KEY) as entry, entry.edit("budget") as document:
                document["n"] = 1
                raise ValueError("meant")

        with pytest.raises(ValueError, match="meant"):
            fail()
        assert engine.storage.documents.read("budget") == {}

    def test_loses_no_edit_of_entries_and_documents(self, engine: Engine) -> None:
        def plain() -> None:
            for _ in range(10):
                with engine.storage.documents.edit("budget") as document:
                    document["n"] = document.get("n", 0) + 1

        children = [Child(adding, engine.opener, number, 10) for number in range(2)]
        with children[0], children[1], ThreadPoolExecutor(3) as threads:
            futures = [threads.submit(add, engine.open(), number, 10) for number in (0, 9)]
            for future in (*futures, threads.submit(plain)):
                future.result()
            assert [child.wait() for child in children] == [0, 0]
        assert engine.storage.documents.read("budget") == {"n": 50}
