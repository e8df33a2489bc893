"""The budget of a day, also when many processes want it at once."""

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BudgetExhausted
from dalle.key import Key
from dalle.limits.budget import Budget, Reservation
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.journal import Journal
from tests.kit.clocks import Clock
from tests.kit.fakes import attempt
from tests.kit.provider import ADDRESS, Notebook, order, provider, serving

SPAWN = multiprocessing.get_context("spawn")
DAY = 20_000
NOON = DAY * 86_400 + 43_200.0
KEY = Key("simple", ADDRESS)


def make(folder: Path, clock: Callable[[], float] = lambda: NOON, **limits: Any) -> Budget:
    return Budget(FolderStorage(folder).documents, clock=clock, **limits)


def stored(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "provider/budget.json").read_text())
    return document


def used(budget: Budget) -> tuple[float | None, float | None]:
    left = budget.left()
    return left["images"], left["usd"]


def write_as_version_1_0(folder: Path, **fields: float) -> None:
    """Add to the counts as version 1.0 does, which knows `day`, `images` and `usd` only."""
    path = folder / "provider/budget.json"
    path.parent.mkdir(exist_ok=True)
    present = stored(folder) if path.exists() else {"images": 0, "usd": 0.0}
    counts = {name: present[name] + fields.get(name, 0) for name in ("images", "usd")}
    path.write_text(json.dumps({"day": DAY} | counts))


def test_refuses_the_eleventh_picture_until_midnight(tmp_path: Path) -> None:
    clock = Clock(NOON)
    budget = make(tmp_path, clock, images=10)
    for number in range(10):
        budget.reserve(0.2, "run1", number)
    with pytest.raises(BudgetExhausted) as raised:
        budget.reserve(0.2, "run2", 1)
    assert raised.value.retry_after == 43_200
    clock.now += 43_200
    budget.reserve(0.2, "run2", 1)


def test_settles_what_was_spent_and_returns_what_was_not(tmp_path: Path) -> None:
    budget = make(tmp_path, usd=1.0)
    budget.settle(budget.reserve(0.2, "run1", 1), 0.5)
    budget.release(budget.reserve(0.3, "run2", 1))
    budget.add(0.1)
    assert budget.left() == {"images": 1, "usd": 0.6, "images_left": None, "usd_left": 0.4}
    with pytest.raises(BudgetExhausted):
        budget.reserve(0.41, "run3", 1)
    budget.reserve(0.4, "run3", 1)


def test_books_a_call_on_the_day_on_which_it_was_sent(tmp_path: Path) -> None:
    clock = Clock(NOON + 43_199)
    budget = make(tmp_path, clock, usd=1.0)
    late = budget.reserve(0.5, "run1", 1)
    clock.now += 2
    budget.reserve(0.9, "run2", 1)
    budget.settle(late, 0.7)
    assert budget.left()["usd"] == 0.9


def test_counts_one_day_only_where_clocks_differ_at_midnight(tmp_path: Path) -> None:
    early, late = (make(tmp_path, Clock(now), images=2) for now in (NOON + 43_199, NOON + 43_201))
    late.reserve(0.1, "run1", 1)
    early.release(early.reserve(0.1, "run2", 1))
    early.reserve(0.1, "run2", 2)
    for budget in (early, late):
        with pytest.raises(BudgetExhausted):
            budget.reserve(0.1, "run3", 1)
        assert budget.left()["images_left"] == 0


def test_does_not_stay_in_the_day_of_a_wrong_clock(tmp_path: Path) -> None:
    make(tmp_path, lambda: NOON + 400 * 86_400, images=1).reserve(0.1, "run1", 1)
    make(tmp_path, images=1).reserve(0.1, "run2", 1)


def test_adds_money_on_a_day_without_a_picture_yet(tmp_path: Path) -> None:
    clock = Clock(NOON)
    budget = make(tmp_path, clock, usd=1.0)
    budget.reserve(0.5, "run1", 1)
    clock.now += 86_400
    budget.add(0.1)
    assert budget.left() == {"images": 0, "usd": 0.1, "images_left": None, "usd_left": 0.9}


CLOSINGS: list[tuple[Callable[[Budget, Reservation], None], tuple[int, float]]] = [
    (lambda budget, reservation: budget.settle(reservation, 0.7), (2, 1.2)),
    (Budget.release, (1, 0.5)),
    (Budget.keep, (2, 0.7)),
]


@pytest.mark.parametrize(("close", "counts"), CLOSINGS, ids=["settle", "release", "keep"])
def test_reclaims_nothing_that_was_closed(
    close: Callable[[Budget, Reservation], None], counts: tuple[int, float], tmp_path: Path
) -> None:
    budget = make(tmp_path)
    reservation = budget.reserve(0.2, "run1", 1)
    budget.reserve(0.5, "run2", 1)
    assert stored(tmp_path)["open"] == {"run1.1": 0.2, "run2.1": 0.5}
    close(budget, reservation)
    assert stored(tmp_path)["open"] == {"run2.1": 0.5}
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == counts


def test_reclaims_what_a_run_reserved_and_did_not_send_and_nothing_of_other_runs(tmp_path: Path) -> None:
    budget = make(tmp_path)
    for run_id, number in (("run1", 1), ("run1", 2), ("run1", 3), ("run10", 2), ("run", 2)):
        budget.reserve(0.1, run_id, number)
    assert budget.reclaim("run1", {1, 3}) == 1
    assert used(budget) == (4, 0.4)
    assert stored(tmp_path)["open"] == {"run10.2": 0.1, "run.2": 0.1}
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == (4, 0.4)


def test_reclaims_nothing_from_the_day_after(tmp_path: Path) -> None:
    clock = Clock(NOON + 43_199)
    budget = make(tmp_path, clock, images=1)
    budget.reserve(0.5, "run1", 1)
    clock.now += 2
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == (0, 0.0)
    budget.reserve(0.3, "run2", 1)
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == (1, 0.3)


def test_closes_no_reservation_of_the_day_before(tmp_path: Path) -> None:
    clock = Clock(NOON + 43_199)
    budget = make(tmp_path, clock)
    late = [budget.reserve(0.5, "run1", number) for number in (1, 2, 3)]
    clock.now += 2
    budget.reserve(0.3, "run1", 1)  # the name of one of yesterday
    budget.release(late[0])
    budget.settle(late[1], 0.9)
    budget.keep(late[2])
    assert used(budget) == (1, 0.3)
    assert stored(tmp_path)["open"] == {"run1.1": 0.3}


def test_goes_on_from_the_counts_of_version_1_0(tmp_path: Path) -> None:
    write_as_version_1_0(tmp_path, images=3, usd=0.6)
    budget = make(tmp_path, images=4, usd=1.0)
    assert budget.left() == {"images": 3, "usd": 0.6, "images_left": 1, "usd_left": 0.4}
    assert budget.reclaim("run1", ()) == 0
    budget.reserve(0.2, "run1", 1)
    assert used(budget) == (4, 0.8)
    with pytest.raises(BudgetExhausted):
        budget.reserve(0.1, "run2", 1)
    assert budget.reclaim("run1", ()) == 1
    assert used(budget) == (3, 0.6)


def test_keeps_until_midnight_what_version_1_0_dropped(tmp_path: Path) -> None:
    clock = Clock(NOON)
    budget = make(tmp_path, clock)
    settled, released = budget.reserve(0.2, "run1", 1), budget.reserve(0.3, "run2", 1)
    budget.reserve(0.5, "run3", 1)
    write_as_version_1_0(tmp_path, images=1, usd=0.1)
    assert "open" not in stored(tmp_path)
    budget.reserve(0.4, "run4", 1)
    assert budget.reclaim("run3", ()) == 0
    assert used(budget) == (5, 1.5)
    budget.settle(settled, 0.25)
    budget.release(released)  # it might have been reclaimed: rather a picture less today than one too many
    assert used(budget) == (5, 1.55)
    assert budget.reclaim("run4", ()) == 1
    assert used(budget) == (4, 1.15)
    clock.now += 86_400
    assert used(budget) == (0, 0.0)


@pytest.mark.parametrize("value", [None, [], "run1.1", {"run1.1": "much", "run1.": 1, "run1.x": 1, "run1": 1}])
def test_reclaims_nothing_from_a_damaged_list(value: Any, tmp_path: Path) -> None:
    budget = make(tmp_path)
    budget.reserve(0.2, "run1", 1)
    (tmp_path / "provider/budget.json").write_text(json.dumps(stored(tmp_path) | {"open": value}))
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == (1, 0.2)
    budget.reserve(0.2, "run1", 2)
    assert budget.reclaim("run1", {1}) == 1
    assert used(budget) == (1, 0.2)


def reserve_and_die(folder: str, sends: bool) -> None:
    """Reserve as a run does, in the entry of its claim, and be killed before or after the attempt is written."""
    storage = FolderStorage(Path(folder))
    claim = storage.claim(KEY)
    assert claim
    with claim.held() as entry:
        make(Path(folder)).reserve(0.2, "run1", 1, entry.edit)
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
    budget = make(tmp_path, images=1)
    with pytest.raises(BudgetExhausted):
        budget.check()
    journal = FolderStorage(tmp_path).journal(KEY)
    sent = {attempt.number for attempt in journal.attempts} if journal else set()
    assert sent == ({1} if sends else set())
    assert budget.reclaim("run1", sent) == (0 if sends else 1)
    assert used(budget) == counts
    assert stored(tmp_path)["open"] == {}


def test_reserves_in_the_commit_that_it_is_passed(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    budget = Budget(storage.documents, images=1, clock=lambda: NOON)
    names: list[str] = []

    def edit(name: str, *, durable: bool = False) -> AbstractContextManager[dict[str, Any]]:
        names.append(name)
        return storage.documents.edit(name, durable=durable)

    budget.reserve(0.2, "run1", 1, edit)
    with pytest.raises(BudgetExhausted):
        budget.reserve(0.2, "run1", 2, edit)
    assert names == ["budget", "budget"]
    assert (used(budget), stored(tmp_path)["open"]) == ((1, 0.2), {"run1.1": 0.2})


def test_enhances_no_prompt_of_a_picture_that_cannot_be_paid(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_budget=0.4)
        ours.painter.paint(order(), Notebook(tmp_path))
        assert ours.status()["budget"]["usd_left"] == pytest.approx(0.189)
        with pytest.raises(BudgetExhausted):
            ours.writer.enhance("a poet", "a cat", order().deadline)
        assert stub.calls.summary(rows=False)["chat"] == 0


def take(folder: str, run_id: str, results: Any) -> None:
    budget = make(Path(folder), images=10)
    won = 0
    for number in range(25):
        try:
            budget.reserve(0.01, run_id, number)
            won += 1
        except BudgetExhausted:
            pass
    results.put(won)


def test_lets_ten_of_a_hundred_concurrent_takers_have_a_picture(tmp_path: Path) -> None:
    results = SPAWN.Queue()
    workers = [SPAWN.Process(target=take, args=(str(tmp_path), f"run{index}", results)) for index in range(4)]
    for worker in workers:
        worker.start()
    won = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(won) == 10
    assert len(stored(tmp_path)["open"]) == 10


def test_sends_nothing_past_the_budget(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_images=1)
        ours.painter.paint(order(), book)
        with pytest.raises(BudgetExhausted):
            ours.painter.paint(order(), book)
        with pytest.raises(BudgetExhausted):
            ours.writer.enhance("a poet", "a cat", order().deadline)
        assert stub.calls.summary(rows=False)["images"] == 1
        assert stub.calls.summary(rows=False)["chat"] == 0
    assert book.names == ["sent", "answered"]


def test_sends_nothing_when_others_took_the_last_picture_while_a_run_waited_for_its_turn(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with serving() as stub:

        def meanwhile(_: float) -> None:
            make(tmp_path, clock).reserve(0.2, "run2", 1)
            clock.now += 60

        clock = Clock(NOON)
        ours = provider(tmp_path, stub.url, daily_images=2, images_per_minute=60, clock=clock, sleep=meanwhile)
        ours.painter.paint(order(), book)
        with pytest.raises(BudgetExhausted):
            ours.painter.paint(order(), book)
        assert stub.calls.summary(rows=False)["images"] == 1
    assert book.names == ["sent", "answered"]
    assert stored(tmp_path)["open"] == {"run2.1": 0.2}


def test_takes_no_turn_without_money(tmp_path: Path) -> None:
    pace = tmp_path / "provider/pace.json"
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_images=1, images_per_minute=600)
        ours.painter.paint(order(), Notebook(tmp_path))
        before = pace.read_bytes()
        with pytest.raises(BudgetExhausted):
            ours.painter.paint(order(), Notebook(tmp_path))
    assert pace.read_bytes() == before


def test_gives_nothing_back_twice_when_the_sweep_was_quicker_than_the_holder(tmp_path: Path) -> None:
    budget = make(tmp_path)
    budget.reserve(0.2, "run1", 1)
    late = budget.reserve(0.3, "run2", 1)
    assert budget.reclaim("run2", ()) == 1
    budget.release(late)
    assert used(budget) == (1, 0.2)
