"""What every `Entry` promises of journal, report and documents; `tickets` and `publishing` have the rest."""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest

from dalle.storage.journal import DamagedJournal, NewerJournal
from dalle.storage.protocol import Storage
from tests.kit.fakes import attempt
from tests.kit.processes import Child
from tests.service.storage.suites.engine import KEY, OTHER, Engine, Opener, journal, key, report


def adding(pipe: Connection, opener: Opener, key_number: int, rounds: int) -> None:
    add(opener(), key_number, rounds)


def add(storage: Storage, key_number: int, rounds: int) -> None:
    for _ in range(rounds):
        with storage.guard(key(key_number)) as entry, entry.edit("budget") as document:
            document["n"] = document.get("n", 0) + 1


class EntryTests:
    def test_keeps_a_journal_until_it_is_forgotten(self, engine: Engine) -> None:
        first = journal("run1", attempts=[attempt(), attempt(number=2, outcome="accepted")], dress={"ż": [1, None]})
        first.version = 2  # for the call that may be answered at any moment
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
            assert not entry.quarantine_journal(journal("run2"))
            assert entry.journal() is None
            entry.save(journal("run1"))
            assert not entry.quarantine_journal(journal("run2"))
        assert engine.open().journal(KEY) == journal("run1")
        for run_id in ("run2", "run3"):
            engine.damage_journal(KEY)
            with engine.storage.guard(KEY) as entry:
                assert entry.quarantine_journal(journal(run_id))
                assert not entry.quarantine_journal(journal("run4"))
            assert engine.open().journal(KEY) == journal(run_id)

    def test_salvages_the_attempts_of_a_journal(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            assert entry.salvage() == []
            entry.save(journal("run1", attempts=[attempt(), attempt(number=2, outcome="refused")]))
            assert entry.salvage() == [attempt(), attempt(number=2, outcome="refused")]

    def test_leaves_a_newer_journal_alone(self, engine: Engine) -> None:
        newer = journal("run1", version=3, unknown={"later": True})
        with engine.storage.guard(KEY) as entry:
            entry.save(newer)
            assert not entry.quarantine_journal(journal("run2"))
            with pytest.raises(NewerJournal):
                entry.journal()

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
