"""The budget of a day, also when many processes want it at once."""

import multiprocessing
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BudgetExhausted
from dalle.limits.budget import Budget
from tests.kit.clocks import Clock
from tests.kit.provider import Notebook, order, provider, serving

SPAWN = multiprocessing.get_context("spawn")
NOON = 20_000 * 86_400 + 43_200


def test_refuses_the_eleventh_picture_until_midnight(tmp_path: Path) -> None:
    now = [float(NOON)]
    budget = Budget(tmp_path / "budget.json", images=10, clock=lambda: now[0])
    for _ in range(10):
        budget.reserve(0.2)
    with pytest.raises(BudgetExhausted) as raised:
        budget.reserve(0.2)
    assert raised.value.retry_after == 43_200
    now[0] += 43_200
    budget.reserve(0.2)


def test_settles_what_was_spent_and_gives_back_what_was_not(tmp_path: Path) -> None:
    budget = Budget(tmp_path / "budget.json", usd=1.0, clock=lambda: NOON)
    budget.settle(budget.reserve(0.2), 0.5)
    budget.release(budget.reserve(0.3))
    budget.add(0.1)
    assert budget.left() == {"images": 1, "usd": 0.6, "images_left": None, "usd_left": 0.4}
    with pytest.raises(BudgetExhausted):
        budget.reserve(0.41)
    budget.reserve(0.4)


def test_books_a_call_on_the_day_on_which_it_was_sent(tmp_path: Path) -> None:
    now = [NOON + 43_199.0]
    budget = Budget(tmp_path / "budget.json", usd=1.0, clock=lambda: now[0])
    late = budget.reserve(0.5)
    now[0] += 2
    budget.reserve(0.9)
    budget.settle(late, 0.7)
    assert budget.left()["usd"] == 0.9


def test_counts_one_day_only_where_clocks_differ_at_midnight(tmp_path: Path) -> None:
    early, late = (
        Budget(tmp_path / "budget.json", images=2, clock=Clock(now)) for now in (NOON + 43_199.0, NOON + 43_201.0)
    )
    late.reserve(0.1)
    early.release(early.reserve(0.1))
    early.reserve(0.1)
    for budget in (early, late):
        with pytest.raises(BudgetExhausted):
            budget.reserve(0.1)
        assert budget.left()["images_left"] == 0


def test_does_not_stay_in_a_day_that_a_wrong_clock_told(tmp_path: Path) -> None:
    Budget(tmp_path / "budget.json", images=1, clock=lambda: NOON + 400 * 86_400).reserve(0.1)
    Budget(tmp_path / "budget.json", images=1, clock=lambda: NOON).reserve(0.1)


def test_adds_money_on_a_day_without_a_picture_yet(tmp_path: Path) -> None:
    now = [float(NOON)]
    budget = Budget(tmp_path / "budget.json", usd=1.0, clock=lambda: now[0])
    budget.reserve(0.5)
    now[0] += 86_400
    budget.add(0.1)
    assert budget.left() == {"images": 0, "usd": 0.1, "images_left": None, "usd_left": 0.9}


def test_enhances_no_prompt_of_a_picture_that_cannot_be_paid(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_budget=0.4)
        ours.painter.paint(order(), Notebook())
        assert ours.status()["budget"]["usd_left"] == pytest.approx(0.189)
        with pytest.raises(BudgetExhausted):
            ours.writer.enhance("a poet", "a cat", order().deadline)
        assert stub.calls.summary(rows=False)["chat"] == 0


def take(folder: str, times: int, results: Any) -> None:
    budget = Budget(Path(folder) / "budget.json", images=10, clock=lambda: NOON)
    won = 0
    for _ in range(times):
        try:
            budget.reserve(0.01)
            won += 1
        except BudgetExhausted:
            pass
    results.put(won)


def test_gives_a_hundred_concurrent_takers_exactly_ten(tmp_path: Path) -> None:
    results = SPAWN.Queue()
    workers = [SPAWN.Process(target=take, args=(str(tmp_path), 25, results)) for _ in range(4)]
    for worker in workers:
        worker.start()
    won = [results.get(timeout=60) for _ in workers]
    for worker in workers:
        worker.join()
    assert sum(won) == 10


def test_sends_nothing_past_the_budget(tmp_path: Path) -> None:
    book = Notebook()
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
