"""What must hold at the moment of sending: the claim, the breaker, the budget and the record of the attempt."""

from contextlib import nullcontext
from pathlib import Path

import pytest

from dalle.errors import BreakerOpen, BudgetExhausted, DiskTrouble, GenerationError, OutcomeUnknown, Unavailable
from dalle.limits.breaker import Permit
from dalle.painters.protocol import Admit, Call
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.protocol import ClaimLost
from dalle.webhooks.alarms import Alarms
from tests.kit.clocks import Clock
from tests.kit.limits import NOON, make_budget, stored_budget
from tests.kit.provider import EventLog, MemoryRecorder, order, provider, serving
from tests.service.webhooks.test_ends import NOWHERE, events


def test_sends_nothing_more_when_the_breaker_opened_while_a_run_waited(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving({"rules": [{"fault": "429_after", "wait": 7}]}) as stub:

        def meanwhile(seconds: float) -> None:
            ours.limits.breaker.fail(Permit(), "OPENAI_AUTH", "key")

        ours = provider(tmp_path, stub.url, sleep=meanwhile, daily_images=9)
        with pytest.raises(BreakerOpen):
            ours.painter.paint(order(), recorder)
        assert stub.calls.summary(rows=False)["images"] == 1
    assert recorder.names == ["sent", "failed"]
    assert ours.status()["budget"]["images"] == 0


class LapsedClaim(MemoryRecorder):
    """Finds before its first calls that the claim has run out meanwhile."""

    def __init__(self, folder: Path, times: int) -> None:
        super().__init__(folder)
        self._times = times
        self.reserved: list[list[str]] = []

    def confirm_claim(self, number: int) -> None:
        self.reserved.append(list(self.document("budget")["open"]))
        if len(self.reserved) <= self._times:
            late = Unavailable("the claim had run out")
            late.trips = False
            raise late


def test_sends_nothing_and_tries_again_when_the_claim_ran_out_just_before_the_call(tmp_path: Path) -> None:
    recorder, events = LapsedClaim(tmp_path, 2), EventLog()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=events, daily_images=1)
        ours.painter.paint(order(), recorder)
        assert stub.calls.summary(rows=False)["images"] == 1
    assert recorder.names == ["sent", "failed", "sent", "failed", "sent", "answered"]
    assert recorder.rows[1] == ("failed", 1, "OPENAI_UNAVAILABLE", "no")
    assert recorder.reserved == [["run1.1"], ["run1.2"], ["run1.3"]]
    assert [row[0] for row in events.rows] == ["retried", "retried", "sent", "ended", "spent"]
    assert (ours.status()["failures"], ours.status()["budget"]["images"]) == (0, 1)
    assert recorder.document("budget")["open"] == {}


def test_ends_a_run_whose_claim_has_run_out_without_a_call_or_a_cost(tmp_path: Path) -> None:
    recorder = LapsedClaim(tmp_path, 9)
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_images=1)
        with pytest.raises(Unavailable) as raised:
            ours.painter.paint(order(), recorder)
        assert stub.calls.summary(rows=False)["images"] == 0
    assert raised.value.billed == "no"
    assert recorder.names == ["sent", "failed"] * 3
    assert (ours.status()["failures"], ours.status()["budget"]["images"]) == (0, 0)
    assert recorder.document("budget")["open"] == {}


def test_reserves_and_sends_nothing_when_the_breaker_opened_while_a_call_waited_for_its_turn(tmp_path: Path) -> None:
    first, second = MemoryRecorder(tmp_path), MemoryRecorder(tmp_path)
    clock = Clock(1_000_000.0)
    with serving() as stub:

        def meanwhile(seconds: float) -> None:
            clock.now += seconds
            ours.limits.breaker.fail(Permit(), "OPENAI_AUTH", "key")

        ours = provider(tmp_path, stub.url, clock=clock, sleep=meanwhile, images_per_minute=20, daily_images=9)
        ours.painter.paint(order(), first)
        with pytest.raises(BreakerOpen):
            ours.painter.paint(order(), second)
        assert stub.calls.summary(rows=False)["images"] == 1
    assert (first.names, second.names) == (["sent", "answered"], [])
    assert ours.status()["budget"]["images"] == 1
    assert second.document("budget")["open"] == {}


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [(OSError("no space"), DiskTrouble), (DiskTrouble(), DiskTrouble), (ClaimLost(), ClaimLost)],
    ids=["disk full", "disk trouble", "claim lost"],
)
@pytest.mark.parametrize("reserves", [True, False], ids=["after the reservation", "before it"])
def test_sends_nothing_when_the_attempt_cannot_be_written(
    trouble: Exception, raised: type[Exception], reserves: bool, tmp_path: Path
) -> None:
    class Clumsy(MemoryRecorder):
        def sent(self, call: Call, admit: Admit | None = None) -> int:
            if reserves:
                super().sent(call, admit)
                assert self.document("budget")["open"] == {"run1.1": call.estimate}
                self.rows.clear()
            raise trouble

    recorder, events = Clumsy(tmp_path), EventLog()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=events, daily_images=9)
        with pytest.raises(raised):
            ours.painter.paint(order(), recorder)
        assert stub.calls.summary(rows=False)["images"] == 0
    assert (recorder.names, events.rows) == ([], [])
    assert (ours.status()["failures"], ours.status()["budget"]["images"]) == (0, 0)
    assert recorder.document("budget").get("open", {}) == {}


def test_cancels_a_probe_when_its_attempt_cannot_be_written(tmp_path: Path) -> None:
    class Full(MemoryRecorder):
        def sent(self, call: Call, admit: Admit | None = None) -> int:
            super().sent(call, admit)
            assert len(self.document("breaker")["probes"]) == 1
            raise OSError("no space")

    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0)
        with pytest.raises(OutcomeUnknown):
            ours.painter.paint(order(), MemoryRecorder(tmp_path))
        with pytest.raises(DiskTrouble):
            ours.painter.paint(order(), Full(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 1
    assert (ours.status()["state"], ours.limits.breaker.read()["probes"]) == ("HALF_OPEN", {})


@pytest.mark.parametrize(("fault", "count"), [("502", 1), ("401", 0), ("empty_data", 1), ("", 1)])
def test_leaves_no_reservation_open_however_a_call_ends(fault: str, count: int, tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving([fault] if fault else None) as stub:
        ours = provider(tmp_path, stub.url, daily_images=9)
        with pytest.raises(GenerationError) if fault else nullcontext():
            ours.painter.paint(order(), recorder)
    assert (recorder.document("budget")["images"], recorder.document("budget")["open"]) == (count, {})


def test_enhances_no_prompt_of_a_picture_that_cannot_be_paid(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_budget=0.4)
        ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert ours.status()["budget"]["usd_left"] == pytest.approx(0.189)
        with pytest.raises(BudgetExhausted):
            ours.writer.enhance("a poet", "a cat", order().deadline)
        assert stub.calls.summary(rows=False)["chat"] == 0


def test_sends_nothing_past_the_budget(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_images=1)
        ours.painter.paint(order(), recorder)
        with pytest.raises(BudgetExhausted):
            ours.painter.paint(order(), recorder)
        with pytest.raises(BudgetExhausted):
            ours.writer.enhance("a poet", "a cat", order().deadline)
        assert stub.calls.summary(rows=False)["images"] == 1
        assert stub.calls.summary(rows=False)["chat"] == 0
    assert recorder.names == ["sent", "answered"]


def test_sends_nothing_when_others_took_the_last_picture_while_a_run_waited_for_its_turn(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving() as stub:

        def meanwhile(_: float) -> None:
            make_budget(tmp_path, clock).reserve(0.2, "run2", 1)
            clock.now += 60

        clock = Clock(NOON)
        alarms = Alarms(FolderStorage(tmp_path), NOWHERE)
        parts = {"clock": clock, "sleep": meanwhile, "alarms": alarms}
        ours = provider(tmp_path, stub.url, daily_images=2, images_per_minute=60, **parts)
        ours.painter.paint(order(), recorder)
        assert events(tmp_path) == []
        with pytest.raises(BudgetExhausted):
            ours.painter.paint(order(), recorder)
        assert [event.type for event in events(tmp_path)] == ["budget.exhausted"]
        assert stub.calls.summary(rows=False)["images"] == 1
    assert recorder.names == ["sent", "answered"]
    assert stored_budget(tmp_path)["open"] == {"run2.1": 0.2}


def test_takes_no_turn_without_money(tmp_path: Path) -> None:
    pace = tmp_path / "provider/pace.json"
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_images=1, images_per_minute=600)
        ours.painter.paint(order(), MemoryRecorder(tmp_path))
        before = pace.read_bytes()
        with pytest.raises(BudgetExhausted):
            ours.painter.paint(order(), MemoryRecorder(tmp_path))
    assert pace.read_bytes() == before
