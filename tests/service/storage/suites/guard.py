"""What every engine promises of `guard`: one at a time decides about a key."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest

from dalle.storage.protocol import Busy, Storage
from tests.kit.processes import Child, sleep
from tests.service.storage.suites.engine import KEY, Engine, Opener


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


def is_busy(storage: Storage) -> bool:
    try:
        with storage.guard(KEY, wait=False):
            return False
    except Busy:
        return True


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
