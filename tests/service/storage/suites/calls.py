"""What every `CallLog` promises, and `Entry.note_call` with it."""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

from dalle.storage.expenses import DAY_NS, Expense, Group
from dalle.storage.protocol import Storage
from tests.kit.processes import Child
from tests.service.storage.suites.engine import KEY, OTHER, Engine, Opener, key

LINE: dict[str, Any] = {"runId": "run1", "kind": "image", "number": 1, "sentNs": 6, "cost": 0.25, "text": "żal\n"}
ROUNDS = 15


def note(storage: Storage, line: dict[str, Any], *, repeated: bool = False) -> None:
    with storage.guard(KEY) as entry:
        entry.note_call(line, repeated=repeated)


def note_many(storage: Storage, worker: int) -> None:
    """Each worker has a key of its own: no guard keeps them apart."""
    for number in range(ROUNDS):
        with storage.guard(key(worker)) as entry:
            entry.note_call(LINE | {"runId": f"run{worker}", "number": number, "text": "x" * 3000})


def noting(_: Connection, opener: Opener, worker: int) -> None:
    note_many(opener(), worker)


class CallLogTests:
    def test_has_none_at_first(self, engine: Engine) -> None:
        assert list(engine.storage.calls.since()) == []

    def test_keeps_each_field_of_a_line(self, engine: Engine) -> None:
        note(engine.storage, LINE)
        for storage in (engine.storage, engine.open()):
            assert list(storage.calls.since()) == [LINE]

    def test_has_the_calls_since_a_moment_oldest_first(self, engine: Engine) -> None:
        for moment in (6, 9, 10**18):
            note(engine.storage, LINE | {"runId": f"run{moment}", "sentNs": moment})
        calls = engine.open().calls
        assert [line["sentNs"] for line in calls.since()] == [6, 9, 10**18]
        assert [line["sentNs"] for line in calls.since(9)] == [9, 10**18]
        assert [line["sentNs"] for line in calls.since(10)] == [10**18]
        assert list(calls.since(2 * 10**18)) == []

    def test_leaves_out_a_repeated_line_that_is_there(self, engine: Engine) -> None:
        note(engine.storage, LINE)
        for storage in (engine.storage, engine.open()):
            note(storage, LINE | {"cost": 0.5}, repeated=True)
        assert list(engine.storage.calls.since()) == [LINE]

    def test_adds_a_repeated_line_that_is_not_there(self, engine: Engine) -> None:
        others: list[dict[str, Any]] = [{"runId": "run2"}, {"kind": "text"}, {"number": 2}]
        for line in ({}, *others, {}, *others):
            note(engine.storage, LINE | line, repeated=True)
        assert list(engine.open().calls.since()) == [LINE | line for line in ({}, *others)]

    def test_sums_up_what_calls_cost(self, engine: Engine) -> None:
        money = {"outcome": "accepted", "cost": 0.25, "paid": True, "estimate": 0.3}
        for sent_ns, fields in ((5, {}), (DAY_NS - 1, {"outcome": "unknown"}), (DAY_NS + 7, {"series": "b"})):
            note(engine.storage, LINE | money | {"sentNs": sent_ns, "series": "a", **fields})
        a, later = Group(0, "a", "image", "", "OK"), Group(1, "b", "image", "", "OK")
        expenses = engine.open().calls.expenses
        assert expenses() == {
            a: Expense(accepted=1, unknown=1, spent=500_000, at_risk=300_000),
            later: Expense(accepted=1, spent=250_000),
        }
        assert expenses(6) == {a: Expense(unknown=1, spent=250_000, at_risk=300_000), later: expenses()[later]}
        assert expenses(DAY_NS) == {later: expenses()[later]}
        assert expenses(DAY_NS + 8) == {}

    def test_sums_up_the_same_while_it_is_put_in_order(self, engine: Engine) -> None:
        """A late line, too, counts on the day that its call was sent."""
        for number in range(4):
            note(engine.storage, LINE | {"number": number, "sentNs": engine.storage.now_ns()})
            note(engine.storage, LINE | {"runId": "late", "number": number, "sentNs": DAY_NS})
            before = (engine.open().calls.expenses(), len(list(engine.open().calls.since())))
            engine.advance(32 * 86_400)
            assert engine.storage.keep_up(60)
            assert (engine.open().calls.expenses(), len(list(engine.open().calls.since()))) == before
        assert before[0][Group(1, "", "image", "", "OK")].calls == 4
        note(engine.storage, LINE | {"runId": "late", "sentNs": DAY_NS}, repeated=True)
        assert len(list(engine.storage.calls.since())) == 8

    def test_notes_calls_of_one_entry_in_its_order(self, engine: Engine) -> None:
        with engine.storage.guard(OTHER) as entry:
            for number in (1, 2, 3):
                entry.note_call(LINE | {"number": number})
        assert [line["number"] for line in engine.storage.calls.since()] == [1, 2, 3]

    def test_loses_no_line_of_threads_and_processes(self, engine: Engine) -> None:
        children = [Child(noting, engine.opener, worker) for worker in (3, 4)]
        with children[0], children[1], ThreadPoolExecutor(3) as threads:
            list(threads.map(lambda worker: note_many(engine.open(), worker), range(3)))
            assert [child.wait() for child in children] == [0, 0]
        lines = sorted((line["runId"], line["number"]) for line in engine.storage.calls.since())
        assert lines == [(f"run{worker}", number) for worker in range(5) for number in range(ROUNDS)]
