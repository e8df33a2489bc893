"""What every engine promises of `take`: the oldest waiting ticket that is free, once."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest

from dalle.storage.protocol import Claim, Storage
from dalle.storage.ticket import Ticket
from tests.kit.processes import Child, sleep
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import KEY, MOST_WRITES, OTHER, THIRD, TTL, Engine, Opener, key, ticket

MANY = 24


def put(storage: Storage, *tickets: Ticket) -> None:
    for each in tickets:
        with storage.guard(each.key) as entry:
            entry.restore(each)


def taken(storage: Storage) -> Claim:
    claim = storage.take()
    assert claim
    return claim


def work(storage: Storage) -> list[str]:
    """Take and end runs as long as there are any; return their ids."""
    run_ids = []
    while claim := storage.take():
        assert claim.ticket
        run_ids.append(claim.ticket.run_id)
        with claim.held() as entry:
            entry.drop()
            entry.release()
    return run_ids


def working(pipe: Connection, opener: Opener) -> None:
    storage = opener()
    pipe.send("ready")
    pipe.recv()
    pipe.send(work(storage))


def taking(pipe: Connection, opener: Opener, die: Callable[[], None]) -> None:
    storage = opener()
    die()
    claim = taken(storage)
    pipe.send(claim.token)
    sleep(pipe)


def not_dying() -> None:
    pass


def guarding(pipe: Connection, opener: Opener) -> None:
    with opener().guard(KEY):
        pipe.send("inside")
        sleep(pipe)


class TakeTests:
    def test_takes_nothing_from_an_empty_queue(self, engine: Engine) -> None:
        assert engine.storage.take() is None

    def test_takes_the_oldest_that_waits(self, engine: Engine) -> None:
        put(engine.storage, ticket(3, THIRD), ticket(1, KEY), ticket(2, OTHER))
        for number, each in enumerate((KEY, OTHER, THIRD), 1):
            claim = taken(engine.open())
            assert claim.key == each
            assert claim.ticket == Ticket(number, f"{number:016x}", each, "running")
            assert engine.storage.ticket(each) == claim.ticket
            assert engine.storage.is_claimed(each, claim.token)
            assert engine.storage.claim(each) is None
        assert engine.storage.take() is None
        assert [each.state for each in engine.storage.tickets()] == ["running"] * 3

    def test_takes_a_run_again_only_when_it_was_requeued(self, engine: Engine) -> None:
        put(engine.storage, ticket(1, KEY), ticket(2, OTHER))
        claim = taken(engine.storage)
        claim.release()
        assert taken(engine.storage).key == OTHER
        assert engine.storage.take() is None
        again = engine.storage.claim(KEY)
        assert again
        with again.held() as entry:
            assert again.ticket
            entry.move(again.ticket, "waiting")
            entry.release()
        assert taken(engine.open()).ticket == Ticket(1, f"{1:016x}", KEY, "running")

    def test_takes_no_run_that_was_dropped(self, engine: Engine) -> None:
        put(engine.storage, ticket(1, KEY))
        with engine.storage.guard(KEY) as entry:
            entry.drop()
        assert engine.storage.take() is None
        assert not engine.storage.is_claimed(KEY)

    def test_takes_each_once_over_threads_and_processes(self, engine: Engine) -> None:
        tickets = [ticket(number + 1, key(number)) for number in range(MANY)]
        put(engine.storage, *tickets)
        children = [Child(working, engine.opener) for _ in range(2)]
        with children[0], children[1], ThreadPoolExecutor(3) as threads:
            assert [child.receive() for child in children] == ["ready"] * 2
            for child in children:
                child.send("go")
            run_ids = list(threads.map(work, [engine.storage, engine.storage, engine.open()]))
            run_ids += [child.receive() for child in children]
        assert sorted(itertools.chain(*run_ids)) == [each.run_id for each in tickets]
        assert engine.storage.tickets() == []
        assert not any(engine.storage.is_claimed(each.key) for each in tickets)

    def test_passes_over_a_key_that_is_claimed(self, engine: Engine) -> None:
        put(engine.storage, ticket(1, KEY), ticket(2, OTHER))
        claim = engine.storage.claim(KEY)
        assert claim
        assert taken(engine.open()).key == OTHER
        assert engine.storage.take() is None
        claim.release()
        assert taken(engine.storage).key == KEY

    @pytest.mark.parametrize("where", ["thread", "process"])
    def test_passes_over_a_key_that_is_guarded(self, engine: Engine, where: str) -> None:
        put(engine.storage, ticket(1, KEY), ticket(2, OTHER))
        if where == "thread":
            with ThreadPoolExecutor(1) as threads, engine.storage.guard(KEY):
                claim = threads.submit(taken, engine.open()).result()
        else:
            with Child(guarding, engine.opener) as child:
                assert child.receive() == "inside"
                claim = taken(engine.storage)
        assert claim.key == OTHER
        assert taken(engine.storage).key == KEY

    def test_takes_a_key_whose_holder_was_killed(self, engine: Engine) -> None:
        put(engine.storage, ticket(1, KEY))
        with Child(taking, engine.opener, not_dying) as child:
            token = child.receive()
            assert engine.storage.is_claimed(KEY, token)
            child.kill()
        wait(lambda: not engine.storage.is_claimed(KEY), seconds=TTL / 10)
        assert engine.storage.take() is None
        assert engine.storage.tickets() == [Ticket(1, f"{1:016x}", KEY, "running")]
        claim = engine.storage.claim(KEY)
        assert claim
        assert claim.ticket == Ticket(1, f"{1:016x}", KEY, "running")

    def test_loses_no_run_wherever_its_taker_is_killed(self, engine: Engine) -> None:
        states = set()
        for number in itertools.count(1):
            with engine.storage.guard(KEY, wait=False) as entry:
                entry.drop()
                entry.restore(ticket(1, KEY))
            with Child(taking, engine.opener, engine.dying(number)) as child:
                try:
                    alive = bool(child.receive())
                except EOFError:
                    alive = False
            wait(lambda: not engine.storage.is_claimed(KEY), seconds=TTL / 10)
            [left] = engine.storage.tickets()
            states.add(left.state)
            claim = engine.storage.take() if left.state == "waiting" else engine.storage.claim(KEY)
            assert claim
            assert claim.ticket
            assert claim.ticket.run_id == left.run_id
            claim.release()
            assert number < MOST_WRITES
            if alive:
                break
        assert states == {"waiting", "running"}
