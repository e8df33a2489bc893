"""The budget of a day in many processes, some of which are killed."""

import multiprocessing
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BudgetExhausted
from dalle.key import Key
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.journal import Journal
from tests.kit.fakes import attempt
from tests.kit.limits import make_budget, stored_budget, used
from tests.kit.provider import ADDRESS

SPAWN = multiprocessing.get_context("spawn")
KEY = Key("simple", ADDRESS)


def reserve_and_die(folder: str, sends: bool) -> None:
    """Reserve as a run does, in the entry of its claim, and be killed before or after the attempt is written."""
    storage = FolderStorage(Path(folder))
    claim = storage.claim(KEY)
    assert claim
    with claim.held() as entry:
        make_budget(Path(folder)).reserve(0.2, "run1", 1, entry.edit)
        if sends:
            entry.save(Journal(KEY.series, KEY.address, run_id="run1", attempts=[attempt()]))
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("sends", "counts"), [(False, (0, 0.0)), (True, (1, 0.2))], ids=["before", "after"])
def test_reclaims_the_reservation_of_a_worker_that_was_killed_before_it_sent(
    sends: bool, counts: tuple[int, float], tmp_path: Path
) -> None:
    worker = SPAWN.Process(target=reserve_and_die, args=(str(tmp_path), sends))
    worker.start()
    worker.join(60)
    assert worker.exitcode == -signal.SIGKILL
    budget = make_budget(tmp_path, images=1)
    with pytest.raises(BudgetExhausted):
        budget.check()
    journal = FolderStorage(tmp_path).journal(KEY)
    sent = {attempt.number for attempt in journal.attempts} if journal else set()
    assert sent == ({1} if sends else set())
    assert budget.reclaim("run1", sent) == (0 if sends else 1)
    assert used(budget) == counts
    assert stored_budget(tmp_path)["open"] == ({"run1.1": 0.2} if sends else {})


def take(folder: str, run_id: str, results: Any) -> None:
    budget = make_budget(Path(folder), images=10)
    won = 0
    for number in range(25):
        try:
            budget.reserve(0.01, run_id, number)
            won += 1
        except BudgetExhausted:
            pass
    results.put(won)


def test_grants_ten_of_a_hundred_concurrent_reservations(tmp_path: Path) -> None:
    results = SPAWN.Queue()
    workers = [SPAWN.Process(target=take, args=(str(tmp_path), f"run{index}", results)) for index in range(4)]
    for worker in workers:
        worker.start()
    won = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(won) == 10
    assert len(stored_budget(tmp_path)["open"]) == 10
