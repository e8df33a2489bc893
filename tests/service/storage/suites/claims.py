"""What every `Claim` promises."""

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Lock

import pytest

from dalle.storage.blob import Blob, Facts
from dalle.storage.protocol import Busy, Claim, ClaimLost, Storage
from dalle.storage.ticket import Ticket
from tests.kit.processes import CONTEXT, Child, sleep
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import KEY, OTHER, TTL, Engine, Opener, journal, picture, publish, report, seen

ROUNDS = 100


def competing(pipe: Connection, opener: Opener, lock: Lock) -> None:
    storage = opener()
    pipe.send("ready")
    pipe.recv()
    pipe.send(compete(storage, lock))


def compete(storage: Storage, lock: Lock) -> tuple[int, int]:
    """Claim and release the key again and again; return how often, and how often another had it meanwhile."""
    wins = clashes = 0
    for _ in range(ROUNDS):
        if claim := storage.claim(KEY):
            wins += 1
            if lock.acquire(block=False):
                time.sleep(0.0002)
                lock.release()
            else:
                clashes += 1
            claim.release()
    return wins, clashes


def holding(pipe: Connection, opener: Opener) -> None:
    claim = claimed(opener())
    pipe.send((os.getpid(), claim.token))
    sleep(pipe)


def publishing(pipe: Connection, opener: Opener, data: bytes) -> None:
    """Claim, stage, and when the test says so, publish; send what came of it."""
    storage = opener()
    claim = claimed(storage)
    staged = [storage.blobs.stage(Blob.picture(KEY), data)]
    pipe.send(os.getpid())
    pipe.recv()
    try:
        with claim.held() as entry:
            entry.publish(staged, Facts())
        pipe.send("published")
    except ClaimLost:
        pipe.send("lost")
    claim.release()
    pipe.send("released")


def put_ticket(storage: Storage) -> Ticket:
    """Put the ticket of a running run."""
    with storage.guard(KEY) as entry:
        running = entry.move(entry.enqueue("run1")[0], "running")
    assert running
    return running


def claimed(storage: Storage) -> Claim:
    claim = storage.claim(KEY)
    assert claim
    return claim


def is_lost(claim: Claim) -> bool:
    """Return whether both ways to use it say so."""
    answers = []
    try:
        with claim.held():
            answers.append(False)
    except ClaimLost:
        answers.append(True)
    try:
        claim.renew(report("lost"))
        answers.append(False)
    except ClaimLost:
        answers.append(True)
    assert len(set(answers)) == 1
    return answers[0]


class ClaimTests:
    def test_is_had_by_one_holder(self, engine: Engine) -> None:
        other = engine.open()
        assert not other.is_claimed(KEY)
        claim = claimed(engine.storage)
        assert claim.key == KEY
        assert claim.ticket is None
        for storage in (engine.storage, other):
            assert storage.claim(KEY) is None
            assert storage.claim(KEY, wait=False) is None
            assert storage.is_claimed(KEY)
            assert storage.is_claimed(KEY, claim.token)
            assert not storage.is_claimed(KEY, "another")
            assert not storage.is_claimed(OTHER)
        claim.release()
        assert not other.is_claimed(KEY)
        assert not other.is_claimed(KEY, claim.token)
        second = claimed(other)
        assert second.token != claim.token
        assert not claim.taken_over
        assert not second.taken_over
        assert not engine.storage.is_claimed(KEY, claim.token)

    def test_comes_with_the_keys_ticket(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            ticket, _ = entry.enqueue("run1")
        assert claimed(engine.storage).ticket == ticket

    def test_has_one_winner_among_threads_and_processes(self, engine: Engine) -> None:
        lock = CONTEXT.Lock()
        children = [Child(competing, engine.opener, lock) for _ in range(2)]
        storages = [engine.storage, engine.open()]
        with children[0], children[1], ThreadPoolExecutor(2) as threads:
            assert [child.receive() for child in children] == ["ready"] * 2
            for child in children:
                child.send("compete")
            counts = list(threads.map(compete, storages, [lock] * 2))
            counts += [child.receive() for child in children]
        assert sum(wins for wins, _ in counts) > 0
        assert [clashes for _, clashes in counts] == [0] * 4

    def test_is_free_at_once_when_its_holder_is_killed(self, engine: Engine) -> None:
        with Child(holding, engine.opener) as child:
            _, token = child.receive()
            assert engine.storage.is_claimed(KEY, token)
            assert not engine.storage.is_claimed(KEY, "another")
            assert engine.storage.claim(KEY) is None
            child.kill()
            wait(lambda: not engine.storage.is_claimed(KEY), seconds=TTL / 10)
            assert not engine.storage.is_claimed(KEY, token)
            second = claimed(engine.storage)
            assert second.token != token
            assert second.taken_over

    def test_is_had_by_a_stopped_process_until_it_expires(self, engine: Engine) -> None:
        with Child(holding, engine.opener) as child:
            pid, token = child.receive()
            os.kill(pid, signal.SIGSTOP)
            engine.advance(TTL - 10)
            assert engine.storage.is_claimed(KEY, token)
            assert engine.storage.claim(KEY) is None
            engine.advance(11)
            assert not engine.storage.is_claimed(KEY, token)
            assert claimed(engine.storage).taken_over

    def test_is_released_by_any_thread_and_twice(self, engine: Engine) -> None:
        claim = claimed(engine.storage)
        thread = threading.Thread(target=claim.release)
        thread.start()
        thread.join()
        assert not engine.storage.is_claimed(KEY)
        claim.release()
        assert is_lost(claim)
        second = claimed(engine.open())
        claim.release()
        assert engine.storage.is_claimed(KEY, second.token)

    # -- the entry ---------------------------------------------------------------------------------------------

    def test_holds_the_entry(self, engine: Engine) -> None:
        claim = claimed(engine.storage)

        def is_busy() -> bool:
            try:
                with engine.open().guard(KEY, wait=False):
                    return False
            except Busy:
                return True

        with ThreadPoolExecutor(1) as threads:
            with claim.held() as entry:
                assert entry.key == KEY
                entry.save(journal("run1"))
                publish(engine.storage, entry, picture(1))
                assert threads.submit(is_busy).result()
            assert not threads.submit(is_busy).result()
        assert engine.open().journal(KEY) == journal("run1")
        assert seen(engine.open(), KEY) == picture(1)
        assert engine.storage.is_claimed(KEY, claim.token)

    def test_is_released_in_the_entry(self, engine: Engine) -> None:
        claim = claimed(engine.storage)
        with claim.held() as entry:
            entry.save(journal("run1"))
            entry.release()
        assert not engine.open().is_claimed(KEY)
        assert engine.open().journal(KEY) == journal("run1")
        assert is_lost(claim)
        claim.release()

    def test_is_kept_when_a_body_raised(self, engine: Engine) -> None:
        claim = claimed(engine.storage)

        def fail() -> None:
            with claim.held():
                raise ValueError("meant")

        with pytest.raises(ValueError, match="meant"):
            fail()
        assert engine.storage.is_claimed(KEY, claim.token)
        assert not is_lost(claim)

    def test_does_not_wait_for_a_guard_without_wait(self, engine: Engine) -> None:
        with ThreadPoolExecutor(1) as threads, engine.storage.guard(KEY):
            assert threads.submit(engine.open().claim, KEY, wait=False).result() is None

    # -- cancelling --------------------------------------------------------------------------------------------

    def test_learns_with_its_beat_and_in_its_entry_that_it_is_asked_to_let_go(self, engine: Engine) -> None:
        running = put_ticket(engine.storage)
        claim = claimed(engine.open())
        assert claim.renew(report("run1"))
        with claim.held() as held:
            assert not held.cancelled
        with engine.storage.guard(KEY) as entry:
            entry.ask_cancel()
        assert not claim.renew(report("beat"))
        assert engine.open().look(KEY).report == report("run1")
        with claim.held() as held:
            assert held.cancelled
            ticket = held.ticket()
            assert ticket == replace(running, state="cancelled")
            held.move(ticket, "running")
            assert not held.cancelled
        assert claim.renew(report("beat"))
        assert engine.open().look(KEY).report == report("beat")

    def test_is_not_asked_to_let_go_for_another_run_of_its_key(self, engine: Engine) -> None:
        put_ticket(engine.storage)
        claim = claimed(engine.storage)
        with engine.open().guard(KEY) as entry:
            entry.ask_cancel()
            entry.drop()
            entry.enqueue("run2")
            entry.ask_cancel()
        with claim.held() as held:
            assert not held.cancelled

    def test_is_not_asked_to_let_go_without_a_ticket(self, engine: Engine) -> None:
        claim = claimed(engine.storage)
        with engine.open().guard(KEY) as entry:
            entry.ask_cancel()
            assert entry.ticket() is None
        assert claim.renew()

    def test_knows_after_the_death_of_a_holder_that_it_was_asked_to_let_go(self, engine: Engine) -> None:
        put_ticket(engine.storage)
        with Child(holding, engine.opener) as child:
            child.receive()
            with engine.storage.guard(KEY) as entry:
                entry.ask_cancel()
            child.kill()
        wait(lambda: not engine.storage.is_claimed(KEY), seconds=TTL / 10)
        assert engine.storage.take() is None
        second = claimed(engine.storage)
        assert second.ticket
        assert second.ticket.state == "cancelled"
        with second.held() as held:
            assert held.cancelled
            held.drop()
            assert not held.cancelled

    # -- expiry ------------------------------------------------------------------------------------------------

    def test_shows_a_report_with_a_beat(self, engine: Engine) -> None:
        claim = claimed(engine.storage)
        claim.renew(report("run1"))
        assert engine.open().look(KEY).report == report("run1")
        claim.renew()
        assert engine.open().look(KEY).report == report("run1")

    def test_lasts_as_long_as_it_is_renewed(self, engine: Engine) -> None:
        claim = claimed(engine.storage)
        other = engine.open()
        assert TTL - 10 < claim.remaining() <= TTL
        for _ in range(3):
            before = claim.remaining()
            engine.advance(TTL / 2)
            assert claim.remaining() == pytest.approx(before - TTL / 2, abs=10)
            assert other.is_claimed(KEY, claim.token)
            assert other.claim(KEY) is None
            claim.renew()
            assert TTL - 10 < claim.remaining() <= TTL
        engine.advance(TTL + 1)
        assert claim.remaining() <= 0
        assert not other.is_claimed(KEY)
        assert not other.is_claimed(KEY, claim.token)

    def test_publishes_nothing_when_another_holder_has_the_key(self, engine: Engine) -> None:
        first = claimed(engine.storage)
        staged = [engine.storage.blobs.stage(Blob.picture(KEY), picture(1))]
        engine.advance(TTL + 1)
        second = claimed(engine.open())
        assert second.token != first.token
        assert is_lost(first)
        first.release()
        assert is_lost(first)
        assert engine.storage.is_claimed(KEY, second.token)
        assert engine.storage.look(KEY).report == b""
        assert seen(engine.storage, KEY) is None
        with second.held() as entry:
            assert not entry.has_picture()
            publish(engine.storage, entry, picture(2))
        engine.storage.blobs.discard(staged)
        assert seen(engine.storage, KEY) == picture(2)
        second.release()
        assert is_lost(first)
        assert not engine.storage.is_claimed(KEY)

    @pytest.mark.parametrize("stop", [False, True], ids=["silent", "stopped"])
    def test_publishes_nothing_from_a_process_that_lost_it(self, engine: Engine, stop: bool) -> None:
        with Child(publishing, engine.opener, picture(1)) as child:
            pid = child.receive()
            if stop:
                os.kill(pid, signal.SIGSTOP)
            engine.advance(TTL + 1)
            second = claimed(engine.storage)
            os.kill(pid, signal.SIGCONT)
            child.send("publish")
            assert child.receive() == "lost"
            assert child.receive() == "released"
        assert engine.storage.is_claimed(KEY, second.token)
        assert seen(engine.storage, KEY) is None

    def test_publishes_from_the_process_that_has_it(self, engine: Engine) -> None:
        with Child(publishing, engine.opener, picture(1)) as child:
            child.receive()
            child.send("publish")
            assert child.receive() == "published"
            assert child.receive() == "released"
        assert seen(engine.storage, KEY) == picture(1)
        assert not engine.storage.is_claimed(KEY)
