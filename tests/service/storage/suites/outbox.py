"""What every `Outbox` promises, and `Entry.emit` with it."""

from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from dalle.storage.event import Event, Parcel
from dalle.storage.protocol import Outbox, Storage
from tests.kit.processes import Child, sleep
from tests.service.storage.suites.engine import KEY, MOST_WRITES, Engine, Opener, journal

DAY = 86_400
EVENT = Event("msg_1", "run.completed", 5, {"series": "simple", "error": "żal 🦦", "costUsd": 0.25})
LATER = 10**18
"""A moment in Unix nanoseconds that is over, behind which everything here is due."""


def event(number: int) -> Event:
    return Event(f"msg_{number}", "run.failed", number, {"series": "many"})


def emit(storage: Storage, each: Event) -> None:
    with storage.guard(KEY) as entry:
        entry.emit(each)


def ids(parcels: list[Parcel]) -> list[str]:
    return [parcel.event_id for parcel in parcels]


def holding(pipe: Connection, opener: Opener) -> None:
    outbox = opener().outbox
    with outbox.hold(outbox.waiting()[0]) as held:
        pipe.send(held is not None)
        sleep(pipe)


def ending(pipe: Connection, opener: Opener, die: Callable[[], None]) -> None:
    """The end of a run, in a process that is killed at some write of it."""
    storage = opener()
    die()
    with storage.guard(KEY) as entry:
        entry.emit(EVENT)
        entry.save(journal("run1", state="completed"), durable=True)
    pipe.send("done")


def ended(child: Child) -> bool:
    try:
        return bool(child.receive() == "done")
    except EOFError:
        return False


def postpone(outbox: Outbox, event_id: str, due_ns: int, *, attempts: int = 1, status: int = 500) -> None:
    (parcel,) = [each for each in outbox.waiting() if each.event_id == event_id]
    with outbox.hold(parcel) as held:
        assert held
        held.postpone(due_ns, attempts=attempts, status=status)


def give_up(outbox: Outbox, event_id: str, now_ns: int) -> None:
    (parcel,) = [each for each in outbox.waiting() if each.event_id == event_id]
    with outbox.hold(parcel) as held:
        assert held
        held.give_up(now_ns, attempts=10, status=503)


class OutboxTests:
    def test_has_nothing_at_first(self, engine: Engine) -> None:
        outbox = engine.storage.outbox
        assert (outbox.waiting(), outbox.given_up(), outbox.due(LATER), outbox.retry()) == ([], [], [], 0)
        assert outbox.read(Parcel(0, EVENT.id)) is None
        with outbox.hold(Parcel(0, EVENT.id)) as held:
            assert held is None

    def test_keeps_each_field_of_an_event(self, engine: Engine) -> None:
        emit(engine.storage, EVENT)
        engine.storage.outbox.put(event(2))
        for outbox in (engine.storage.outbox, engine.open().outbox):
            first, second = outbox.waiting()
            assert (first, second) == (Parcel(0, "msg_1"), Parcel(0, "msg_2"))
            assert (outbox.read(first), outbox.read(second)) == (EVENT, event(2))
            assert outbox.due(0) == [first, second]

    def test_replaces_an_event_that_was_not_sent_yet(self, engine: Engine) -> None:
        emit(engine.storage, EVENT)
        emit(engine.open(), Event(EVENT.id, EVENT.type, 6, {"series": "other"}))
        (parcel,) = engine.storage.outbox.waiting()
        read = engine.storage.outbox.read(parcel)
        assert read
        assert read.time_ns == 6

    def test_loses_no_event_of_a_journal_that_says_ended(self, engine: Engine) -> None:
        """Killed at each write in turn: the event is whole or absent, and there before the journal."""
        for number in range(1, MOST_WRITES):
            with Child(ending, engine.opener, engine.dying(number)) as child:
                done = ended(child)
                child.wait()
            parcels = engine.storage.outbox.waiting()
            read = [engine.storage.outbox.read(parcel) for parcel in parcels]
            assert read in ([], [EVENT]), number
            saved = engine.storage.journal(KEY)
            assert read == [EVENT] or saved is None, number
            if done:
                assert read == [EVENT]
                assert number > 5
                return
            with engine.storage.guard(KEY) as entry:
                entry.forget()
            for parcel in parcels:
                with engine.storage.outbox.hold(parcel) as held:
                    assert held
                    held.forget()
        raise AssertionError("the entry does not end")

    def test_lets_one_worker_hold_an_event_until_it_dies(self, engine: Engine) -> None:
        for number in (1, 2):
            engine.storage.outbox.put(event(number))
        first, second = engine.storage.outbox.waiting()
        with Child(holding, engine.opener) as child:
            assert child.receive()
            for outbox in (engine.storage.outbox, engine.open().outbox):
                with outbox.hold(first) as held, outbox.hold(second) as other:
                    assert held is None
                    assert other
                    assert other.event == event(2)
                    with engine.open().outbox.hold(second) as again:
                        assert again is None
            child.kill()
        with engine.storage.outbox.hold(first) as held:
            assert held
            assert (held.event, held.attempts) == (event(1), 0)
        assert engine.storage.outbox.waiting() == [first, second]

    def test_forgets_what_was_delivered(self, engine: Engine) -> None:
        emit(engine.storage, EVENT)
        (parcel,) = engine.storage.outbox.due(0)
        with engine.storage.outbox.hold(parcel) as held:
            assert held
            held.forget()
        for outbox in (engine.storage.outbox, engine.open().outbox):
            assert (outbox.waiting(), outbox.given_up(), outbox.due(LATER)) == ([], [], [])
            with outbox.hold(parcel) as held:
                assert held is None

    def test_has_due_what_has_waited_long_enough(self, engine: Engine) -> None:
        outbox, other = engine.storage.outbox, engine.open().outbox
        for number in (1, 2, 3):
            outbox.put(event(number))
        assert ids(other.due(0)) == ["msg_1", "msg_2", "msg_3"]
        postpone(outbox, "msg_1", 90, attempts=3, status=429)
        postpone(outbox, "msg_2", 60)
        assert outbox.waiting() == [Parcel(0, "msg_3"), Parcel(60, "msg_2", 1, 500), Parcel(90, "msg_1", 3, 429)]
        for each in (outbox, other):
            assert [ids(each.due(moment)) for moment in (59, 60, 89, 90)] == [
                ["msg_3"],
                ["msg_3", "msg_2"],
                ["msg_3", "msg_2"],
                ["msg_3", "msg_2", "msg_1"],
            ]
        with other.hold(outbox.waiting()[2]) as held:
            assert held
            assert (held.attempts, held.event) == (3, event(1))
            held.forget()
        postpone(outbox, "msg_3", 70)
        assert (other.due(50), ids(other.due(70))) == ([], ["msg_2", "msg_3"])
        other.put(event(4))
        assert ids(outbox.due(50)) == ids(other.due(50)) == ["msg_4"]

    def test_keeps_apart_what_was_given_up(self, engine: Engine) -> None:
        outbox = engine.storage.outbox
        for number in (1, 2):
            outbox.put(event(number))
        give_up(outbox, "msg_2", 7)
        other = engine.open().outbox
        assert (ids(other.waiting()), other.given_up()) == (["msg_1"], [Parcel(7, "msg_2", 10, 503)])
        assert other.read(other.given_up()[0]) == event(2)
        with other.hold(other.given_up()[0]) as held:
            assert held is None

    def test_lets_events_be_sent_again(self, engine: Engine) -> None:
        outbox = engine.storage.outbox
        for number in (1, 2, 3):
            outbox.put(event(number))
        now_ns = engine.storage.now_ns()
        give_up(outbox, "msg_1", now_ns)
        give_up(outbox, "msg_2", now_ns)
        postpone(outbox, "msg_3", now_ns + DAY * 10**9)
        engine.advance(5 * DAY)
        assert outbox.retry(["msg_2", "msg_9"]) == 1
        assert outbox.due(now_ns) == [Parcel(0, "msg_2", 0, 503)]
        assert engine.open().outbox.retry() == 3
        assert sorted(outbox.due(now_ns), key=lambda parcel: parcel.event_id) == [
            *(Parcel(0, "msg_1", 0, 503), Parcel(0, "msg_2", 0, 503), Parcel(0, "msg_3", 0, 500))
        ]
        assert outbox.given_up() == []
        engine.storage.tidy(3600)
        assert len(outbox.waiting()) == 3

    def test_leaves_an_event_alone_that_is_being_sent(self, engine: Engine) -> None:
        engine.storage.outbox.put(event(1))
        postpone(engine.storage.outbox, "msg_1", LATER)
        (parcel,) = engine.storage.outbox.waiting()
        with engine.storage.outbox.hold(parcel) as held:
            assert held
            assert engine.open().outbox.retry() == 0
            engine.advance(5 * DAY)
            engine.open().tidy(3600)
            held.forget()
        assert (engine.storage.outbox.waiting(), engine.storage.outbox.given_up()) == ([], [])

    def test_gives_up_what_has_waited_for_days_and_forgets_it_after_weeks(self, engine: Engine) -> None:
        storage = engine.storage
        storage.outbox.put(event(1))
        engine.advance(3 * DAY)
        storage.tidy(3600)
        assert len(storage.outbox.waiting()) == 1
        engine.advance(2 * DAY)
        storage.tidy(3600)
        assert (storage.outbox.waiting(), ids(storage.outbox.given_up())) == ([], ["msg_1"])
        engine.advance(29 * DAY)
        storage.tidy(3600)
        assert ids(storage.outbox.given_up()) == ["msg_1"]
        engine.advance(2 * DAY)
        engine.open().tidy(3600)
        assert storage.outbox.given_up() == []

    def test_keeps_a_bounded_number_of_what_was_given_up(self, engine: Engine) -> None:
        outbox, now_ns = engine.storage.outbox, engine.storage.now_ns()
        for number in range(1, 504):
            outbox.put(event(number))
            with outbox.hold(Parcel(0, f"msg_{number}")) as held:
                assert held
                held.give_up(now_ns + number, attempts=10)
        engine.storage.tidy(3600)
        kept = outbox.given_up()
        assert (len(kept), kept[0].event_id, kept[-1].event_id) == (500, "msg_4", "msg_503")

    def test_says_that_an_event_cannot_be_written(self, engine: Engine) -> None:
        engine.storage.outbox.put(event(1))
        with engine.failing():
            with pytest.raises(OSError):  # noqa: PT011 - the engine's own
                emit(engine.storage, EVENT)
            postpone(engine.storage.outbox, "msg_1", 60)
        assert engine.storage.outbox.waiting() == [Parcel(60, "msg_1", 1, 500)]
