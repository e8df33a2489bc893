"""The circuit breaker in many processes, and on several machines."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen
from dalle.limits.breaker import Breaker, Permit
from dalle.painters.openai.provider import is_held
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.locks.claims import Claims
from tests.kit.clocks import Clock
from tests.kit.limits import HOLDER, claim_key, make_breaker

SPAWN = multiprocessing.get_context("spawn")


def of_worker(storage: FolderStorage, **given: Any) -> Breaker:
    """A breaker as a worker has it, but without a pause."""
    return make_breaker(storage.layout.root, is_held=partial(is_held, storage), pause=0.0, **given)


def probe(folder: str, number: int, results: Any, seen: Any) -> None:
    """Ask for a permit and live on until all have."""
    storage = FolderStorage(Path(folder))
    holder = claim_key(storage, number)
    try:
        results.put(of_worker(storage).acquire(holder, 600).token)
    except BreakerOpen:
        results.put("")
    seen.wait(60)


def probe_and_die(folder: str) -> None:
    storage = FolderStorage(Path(folder))
    of_worker(storage).acquire(claim_key(storage, 1), 600.0)
    os.kill(os.getpid(), signal.SIGKILL)


def test_lets_exactly_one_of_many_processes_probe(tmp_path: Path) -> None:
    make_breaker(tmp_path, pause=0.0, failures=1).fail(Permit(), "OPENAI_TIMEOUT")
    results, seen = SPAWN.Queue(), SPAWN.Event()
    workers = [SPAWN.Process(target=probe, args=(str(tmp_path), number, results, seen)) for number in range(6)]
    for worker in workers:
        worker.start()
    tokens = [results.get(timeout=60) for _ in workers]
    seen.set()
    for worker in workers:
        worker.join()
    assert len([token for token in tokens if token]) == 1


def killed_while_it_probed(folder: Path) -> None:
    """Leave an opened breaker behind, and the lease of a probe whose process is gone."""
    make_breaker(folder, pause=0.0, failures=1).fail(Permit(), "OPENAI_TIMEOUT")
    worker = SPAWN.Process(target=probe_and_die, args=(str(folder),))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL


def test_is_probed_by_another_run_at_once_after_a_kill(tmp_path: Path) -> None:
    killed_while_it_probed(tmp_path)
    storage = FolderStorage(tmp_path)
    breaker = of_worker(storage)
    assert len(breaker.read()["probes"]) == 1
    breaker.check()
    permit = breaker.acquire(claim_key(storage, 2), 10)
    assert list(breaker.read()["probes"]) == [permit.token]
    with pytest.raises(BreakerOpen):
        breaker.acquire(claim_key(storage, 3), 10)
    breaker.succeed(permit)
    assert breaker.read()["probes"] == {}


def elsewhere(folder: Path, observe: Callable[[], float] = time.monotonic) -> FolderStorage:
    """The data folder as another machine sees it, where the flocks of this one prove nothing."""
    return FolderStorage(folder, claims=Claims(folder / "locks", 300, boot="elsewhere", observe=observe))


def test_waits_for_the_end_of_a_lease_that_another_machine_was_granted(tmp_path: Path) -> None:
    killed_while_it_probed(tmp_path)
    lapsed = time.time() + 601
    with pytest.raises(BreakerOpen):
        of_worker(elsewhere(tmp_path)).acquire(HOLDER, 10)
    assert of_worker(elsewhere(tmp_path), clock=lambda: lapsed).acquire(HOLDER, 10).token


def test_is_probed_on_another_machine_once_the_claim_was_silent_for_its_ttl(tmp_path: Path) -> None:
    killed_while_it_probed(tmp_path)
    observed = Clock()
    breaker = of_worker(elsewhere(tmp_path, observed))
    for _ in range(2):
        with pytest.raises(BreakerOpen):
            breaker.acquire(HOLDER, 10)
        observed.now += 299
    observed.now += 2
    assert breaker.acquire(HOLDER, 10).token
