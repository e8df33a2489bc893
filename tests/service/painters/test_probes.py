"""How the painter uses the circuit breaker: a probe is one run, with a lease as long as its call."""

import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen, GenerationError
from dalle.limits.breaker import Breaker
from dalle.painters.protocol import Admit, Call
from dalle.storage.folder.engine import FolderStorage
from tests.kit.limits import HOLDER, claim_key
from tests.kit.provider import MemoryRecorder, order, provider, serving


def test_sends_nothing_while_it_is_open(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "502"}]}) as stub:
        ours = provider(tmp_path, stub.url)
        for _ in range(9):
            with suppress(Exception):
                ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 5


@pytest.mark.parametrize("fault", ["401", "quota"])
def test_is_probed_with_the_list_of_models_after_a_refused_key_or_an_empty_account(fault: str, tmp_path: Path) -> None:
    with serving({"rules": [{"fault": fault, "times": 1}, {"fault": "401", "path": "models", "times": 1}]}) as stub:
        ours = provider(tmp_path, stub.url, breaker_pause=0.0)
        for _ in range(2):
            with pytest.raises(Exception, match=r".") as raised:
                ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert raised.value.code == "OPENAI_AUTH"  # type: ignore[attr-defined]
        assert stub.calls.summary(rows=False)["images"] == 1
        assert ours.painter.paint(order(), MemoryRecorder(tmp_path)).data
        assert stub.calls.summary(rows=False)["models"] == 3
        assert stub.calls.summary(rows=False)["images"] == 2
        assert ours.limits.breaker.read()["state"] == "CLOSED"


class Witness(MemoryRecorder):
    """Looks at the breaker in the middle of the call."""

    def __init__(self, folder: Path, breaker: Breaker) -> None:
        super().__init__(folder)
        self.leases: list[dict[str, Any]] = []
        self._breaker = breaker

    def sent(self, call: Call, admit: Admit | None = None) -> int:
        self.leases = list(self._breaker.read()["probes"].values())
        return super().sent(call, admit)


def test_leases_a_probe_for_no_longer_than_its_call_may_take(tmp_path: Path) -> None:
    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0, image_timeout=5.0)
        with suppress(Exception):
            ours.painter.paint(order(), MemoryRecorder(tmp_path))
        recorder = Witness(tmp_path, ours.limits.breaker)
        ours.painter.paint(order(seconds=500, holder=HOLDER), recorder)
    (lease,) = recorder.leases
    assert lease["until"] <= time.time() + 5
    assert lease["holder"] == HOLDER


def test_ends_a_probe_with_its_lease_whatever_is_repeated(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "502", "times": 1}, {"fault": "429_after", "wait": 3.0, "times": 1}]}) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0, image_timeout=2.0)
        for _ in range(2):
            with suppress(GenerationError):
                ours.painter.paint(order(seconds=500), MemoryRecorder(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 2
        assert ours.limits.breaker.read()["opened"] == 2


def test_lets_no_second_run_probe_while_the_claim_of_the_first_is_held(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    first, second = claim_key(storage, 1), claim_key(storage, 2)
    refused: list[GenerationError] = []

    class Crowded(MemoryRecorder):
        def confirm_claim(self, number: int) -> None:
            with pytest.raises(BreakerOpen) as raised:
                ours.painter.paint(order(holder=second), MemoryRecorder(tmp_path))
            refused.append(raised.value)

    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0)
        with suppress(GenerationError):
            ours.painter.paint(order(), MemoryRecorder(tmp_path))
        ours.painter.paint(order(holder=first), Crowded(tmp_path))
        assert len(refused) == 1
        ours.painter.paint(order(holder=second), MemoryRecorder(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 3
    assert ours.limits.breaker.read()["state"] == "CLOSED"
