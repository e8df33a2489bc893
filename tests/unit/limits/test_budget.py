"""The budget of a day: what is reserved, settled, released and reclaimed."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BudgetExhausted
from dalle.limits.budget import Budget, Reservation
from dalle.storage.folder.engine import FolderStorage
from tests.kit.clocks import Clock
from tests.kit.limits import DAY, NOON, make_budget, stored_budget, used


def write_as_version_1_0(folder: Path, **fields: float) -> None:
    """Add to the counts as version 1.0 does, which knows `day`, `images` and `usd` only."""
    path = folder / "provider/budget.json"
    path.parent.mkdir(exist_ok=True)
    present = stored_budget(folder) if path.exists() else {"images": 0, "usd": 0.0}
    counts = {name: present[name] + fields.get(name, 0) for name in ("images", "usd")}
    path.write_text(json.dumps({"day": DAY} | counts))


def test_refuses_the_eleventh_picture_until_midnight(tmp_path: Path) -> None:
    clock = Clock(NOON)
    budget = make_budget(tmp_path, clock, images=10)
    for number in range(10):
        budget.reserve(0.2, "run1", number)
    with pytest.raises(BudgetExhausted) as raised:
        budget.reserve(0.2, "run2", 1)
    assert raised.value.retry_after == 43_200
    clock.now += 43_200
    budget.reserve(0.2, "run2", 1)


def test_settles_what_was_spent_and_releases_what_was_not(tmp_path: Path) -> None:
    budget = make_budget(tmp_path, usd=1.0)
    budget.settle(budget.reserve(0.2, "run1", 1), 0.5)
    budget.release(budget.reserve(0.3, "run2", 1))
    budget.add(0.1)
    assert budget.left() == {"images": 1, "usd": 0.6, "images_left": None, "usd_left": 0.4}
    with pytest.raises(BudgetExhausted):
        budget.reserve(0.41, "run3", 1)
    budget.reserve(0.4, "run3", 1)


def test_books_a_call_on_the_day_on_which_it_was_sent(tmp_path: Path) -> None:
    clock = Clock(NOON + 43_199)
    budget = make_budget(tmp_path, clock, usd=1.0)
    late = budget.reserve(0.5, "run1", 1)
    clock.now += 2
    budget.reserve(0.9, "run2", 1)
    budget.settle(late, 0.7)
    assert budget.left()["usd"] == 0.9


def test_counts_one_day_only_where_clocks_differ_at_midnight(tmp_path: Path) -> None:
    early, late = (make_budget(tmp_path, Clock(now), images=2) for now in (NOON + 43_199, NOON + 43_201))
    late.reserve(0.1, "run1", 1)
    early.release(early.reserve(0.1, "run2", 1))
    early.reserve(0.1, "run2", 2)
    for budget in (early, late):
        with pytest.raises(BudgetExhausted):
            budget.reserve(0.1, "run3", 1)
        assert budget.left()["images_left"] == 0


def test_does_not_stay_in_the_day_of_a_wrong_clock(tmp_path: Path) -> None:
    make_budget(tmp_path, lambda: NOON + 400 * 86_400, images=1).reserve(0.1, "run1", 1)
    make_budget(tmp_path, images=1).reserve(0.1, "run2", 1)


def test_adds_money_on_a_day_without_a_picture_yet(tmp_path: Path) -> None:
    clock = Clock(NOON)
    budget = make_budget(tmp_path, clock, usd=1.0)
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
    budget = make_budget(tmp_path)
    reservation = budget.reserve(0.2, "run1", 1)
    budget.reserve(0.5, "run2", 1)
    assert stored_budget(tmp_path)["open"] == {"run1.1": 0.2, "run2.1": 0.5}
    close(budget, reservation)
    assert stored_budget(tmp_path)["open"] == {"run2.1": 0.5}
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == counts


def test_reclaims_what_a_run_reserved_and_did_not_send_and_nothing_of_other_runs(tmp_path: Path) -> None:
    budget = make_budget(tmp_path)
    for run_id, number in (("run1", 1), ("run1", 2), ("run1", 3), ("run10", 2), ("run", 2)):
        budget.reserve(0.1, run_id, number)
    assert budget.reclaim("run1", {1, 3}) == 1
    assert used(budget) == (4, 0.4)
    assert stored_budget(tmp_path)["open"] == {"run1.1": 0.1, "run1.3": 0.1, "run10.2": 0.1, "run.2": 0.1}
    assert budget.reclaim("run1", {1, 3}) == 0
    assert used(budget) == (4, 0.4)


def test_releases_what_was_reserved_for_a_call_whose_holder_was_only_asleep(tmp_path: Path) -> None:
    budget = make_budget(tmp_path)
    reservation = budget.reserve(0.1, "run1", 1)
    assert budget.reclaim("run1", {1}) == 0
    budget.release(reservation)
    assert used(budget) == (0, 0.0)


def test_reclaims_nothing_from_the_day_after(tmp_path: Path) -> None:
    clock = Clock(NOON + 43_199)
    budget = make_budget(tmp_path, clock, images=1)
    budget.reserve(0.5, "run1", 1)
    clock.now += 2
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == (0, 0.0)
    budget.reserve(0.3, "run2", 1)
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == (1, 0.3)


def test_closes_no_reservation_of_the_day_before(tmp_path: Path) -> None:
    clock = Clock(NOON + 43_199)
    budget = make_budget(tmp_path, clock)
    late = [budget.reserve(0.5, "run1", number) for number in (1, 2, 3)]
    clock.now += 2
    budget.reserve(0.3, "run1", 1)  # the name of one of yesterday
    budget.release(late[0])
    budget.settle(late[1], 0.9)
    budget.keep(late[2])
    assert used(budget) == (1, 0.3)
    assert stored_budget(tmp_path)["open"] == {"run1.1": 0.3}


def test_goes_on_from_the_counts_of_version_1_0(tmp_path: Path) -> None:
    write_as_version_1_0(tmp_path, images=3, usd=0.6)
    budget = make_budget(tmp_path, images=4, usd=1.0)
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
    budget = make_budget(tmp_path, clock)
    settled, released = budget.reserve(0.2, "run1", 1), budget.reserve(0.3, "run2", 1)
    budget.reserve(0.5, "run3", 1)
    write_as_version_1_0(tmp_path, images=1, usd=0.1)
    assert "open" not in stored_budget(tmp_path)
    budget.reserve(0.4, "run4", 1)
    assert budget.reclaim("run3", ()) == 0
    assert used(budget) == (5, 1.5)
    budget.settle(settled, 0.25)
    budget.release(released)
    assert used(budget) == (4, 1.25)
    assert budget.reclaim("run4", ()) == 1
    assert used(budget) == (3, 0.85)
    clock.now += 86_400
    assert used(budget) == (0, 0.0)


@pytest.mark.parametrize("value", [None, [], "run1.1", {"run1.1": "much", "run1.": 1, "run1.x": 1, "run1": 1}])
def test_reclaims_nothing_from_a_damaged_list(value: Any, tmp_path: Path) -> None:
    budget = make_budget(tmp_path)
    budget.reserve(0.2, "run1", 1)
    (tmp_path / "provider/budget.json").write_text(json.dumps(stored_budget(tmp_path) | {"open": value}))
    assert budget.reclaim("run1", ()) == 0
    assert used(budget) == (1, 0.2)
    budget.reserve(0.2, "run1", 2)
    assert budget.reclaim("run1", {1}) == 1
    assert used(budget) == (1, 0.2)


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
    assert (used(budget), stored_budget(tmp_path)["open"]) == ((1, 0.2), {"run1.1": 0.2})


def test_releases_nothing_twice_when_the_sweep_was_quicker_than_the_holder(tmp_path: Path) -> None:
    budget = make_budget(tmp_path)
    budget.reserve(0.2, "run1", 1)
    late = budget.reserve(0.3, "run2", 1)
    assert budget.reclaim("run2", ()) == 1
    budget.release(late)
    assert used(budget) == (1, 0.2)
