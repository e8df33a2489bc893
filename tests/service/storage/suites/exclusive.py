"""What every engine promises of `exclusive`."""

from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import pytest

from dalle.storage.protocol import Busy, Storage
from tests.kit.processes import Child, sleep
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import (
    KEY,
    TTL,
    Engine,
    Opener,
    picture,
    put_picture,
    seen,
)

NAMES = ["sweep", "models", "caretaker", "thumbnails"]


def excluding(pipe: Connection, opener: Opener, name: str, local: bool) -> None:
    with opener().exclusive(name, local=local):
        pipe.send("inside")
        sleep(pipe)


def is_busy(storage: Storage, name: str, *, local: bool = False) -> bool:
    try:
        with storage.exclusive(name, wait=False, local=local):
            return False
    except Busy:
        return True


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
