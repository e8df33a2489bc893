"""The circuit breaker, alone and in many processes."""

import json
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen, GenerationError
from dalle.key import Key
from dalle.limits.breaker import Breaker, BreakerSettings, Permit
from dalle.painters.openai.provider import is_held
from dalle.painters.protocol import Admit, Call
from dalle.storage.folder.claims import Claims
from dalle.storage.folder.engine import FolderStorage
from tests.kit.clocks import Clock
from tests.kit.folders import address
from tests.kit.provider import Ear, Notebook, order, provider, serving

SPAWN = multiprocessing.get_context("spawn")
HOLDER = f"simple/{address(1)}/0123456789abcdef"
PARTS = ("observer", "is_held")


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000_000.0)


def make(folder: Path, clock: Callable[[], float] = time.time, **given: Any) -> Breaker:
    """Settings and injected parts by name."""
    parts: dict[str, Any] = {name: given.pop(name) for name in PARTS if name in given}
    return Breaker(FolderStorage(folder).documents, BreakerSettings(**given), clock=clock, **parts)


def opened(folder: Path, clock: Clock, **given: Any) -> Breaker:
    breaker = make(folder, clock, **given)
    for _ in range(5):
        breaker.fail(breaker.acquire(HOLDER, 10), "OPENAI_TIMEOUT")
    return breaker


def change(folder: Path, **fields: Any) -> None:
    """Change the document as no breaker of this version would."""
    path = folder / "provider/breaker.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | fields))


def test_opens_after_five_failures_in_a_row_and_refuses_until_the_pause_is_over(tmp_path: Path, clock: Clock) -> None:
    ear = Ear()
    breaker = opened(tmp_path, clock, observer=ear)
    with pytest.raises(BreakerOpen) as raised:
        breaker.acquire(HOLDER, 10)
    assert raised.value.retry_after == 30
    assert raised.value.code == "OPENAI_UNAVAILABLE"
    assert ear.heard == [("breaker", "OPEN")]


def test_counts_only_failures_in_a_row(tmp_path: Path, clock: Clock) -> None:
    breaker = make(tmp_path, clock)
    for _ in range(3):
        for _ in range(4):
            breaker.fail(Permit(), "OPENAI_TIMEOUT")
        breaker.succeed(Permit())
    assert breaker.read()["state"] == "CLOSED"


def test_lets_one_probe_through_and_closes_after_two_successes(tmp_path: Path, clock: Clock) -> None:
    ear = Ear()
    breaker = opened(tmp_path, clock, observer=ear)
    clock.now += 31
    for _ in range(2):
        probe = breaker.acquire(HOLDER, 10)
        with pytest.raises(BreakerOpen):
            breaker.acquire(HOLDER, 10)
        breaker.succeed(probe)
    assert breaker.acquire(HOLDER, 10) == Permit()
    assert [row[1] for row in ear.heard] == ["OPEN", "HALF_OPEN", "CLOSED"]


def test_opens_again_when_the_probe_fails(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    breaker.fail(breaker.acquire(HOLDER, 10), "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "OPEN"
    assert breaker.read()["opened"] == 2


def test_lets_another_run_probe_when_a_lease_is_over_and_ignores_its_late_end(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    lost = breaker.acquire(HOLDER, 10)
    clock.now += 11
    probe = breaker.acquire(HOLDER, 10)
    breaker.fail(lost, "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "HALF_OPEN"
    breaker.succeed(probe)


def test_does_not_count_runs_that_began_before_it_opened(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    for _ in range(9):
        breaker.fail(Permit(), "OPENAI_TIMEOUT")
    breaker.succeed(Permit())
    assert (breaker.read()["state"], breaker.read()["opened"]) == ("OPEN", 1)


def test_survives_a_restart_but_not_a_new_key(tmp_path: Path, clock: Clock) -> None:
    opened(tmp_path, clock, identity="a")
    assert make(tmp_path, clock, identity="a").read()["state"] == "OPEN"
    assert make(tmp_path, clock, identity="b").read()["state"] == "CLOSED"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"state": 7}', b"\xff\xfe"])
def test_takes_a_damaged_document_for_closed(content: bytes, tmp_path: Path, clock: Clock) -> None:
    opened(tmp_path, clock)
    (tmp_path / "provider/breaker.json").write_bytes(content)
    assert make(tmp_path, clock).acquire(HOLDER, 10) == Permit()


@pytest.mark.parametrize(
    ("damage", "state"), [({"state": "AJAR"}, "CLOSED"), ({"until": 9e99}, "OPEN"), ({"until": float("nan")}, "OPEN")]
)
def test_is_never_open_for_longer_than_the_pause(
    damage: dict[str, Any], state: str, tmp_path: Path, clock: Clock
) -> None:
    breaker = opened(tmp_path, clock)
    change(tmp_path, **damage)
    assert breaker.read()["state"] == state
    clock.now += 30
    assert breaker.acquire(HOLDER, 10).token if state == "OPEN" else breaker.acquire(HOLDER, 10) == Permit()


def test_keeps_to_a_pause_that_was_shortened(tmp_path: Path, clock: Clock) -> None:
    opened(tmp_path, clock, pause=3600.0)
    clock.now += 30
    assert make(tmp_path, clock, pause=60.0).read()["state"] == "OPEN"
    assert make(tmp_path, clock, pause=20.0).read()["state"] == "HALF_OPEN"


def test_does_not_stay_open_when_the_clock_is_put_back(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now -= 10_000
    assert breaker.read()["state"] == "HALF_OPEN"
    assert breaker.acquire(HOLDER, 10).token


def test_is_probed_by_another_run_at_once_when_the_holder_of_a_lease_is_gone(tmp_path: Path, clock: Clock) -> None:
    held = {"one", "two"}
    breaker = opened(tmp_path, clock, is_held=held.__contains__)
    clock.now += 31
    lost = breaker.acquire("one", 10)
    with pytest.raises(BreakerOpen):
        breaker.check()
    with pytest.raises(BreakerOpen):
        breaker.acquire("two", 10)
    held.remove("one")
    breaker.check()
    probe = breaker.acquire("two", 10)
    assert list(breaker.read()["probes"]) == [probe.token]
    breaker.fail(lost, "OPENAI_TIMEOUT")
    assert breaker.read()["state"] == "HALF_OPEN"


def test_binds_no_longer_than_the_lease_also_while_its_holder_lives(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock, is_held=lambda _: True)
    clock.now += 31
    breaker.acquire("one", 10)
    clock.now += 9
    with pytest.raises(BreakerOpen):
        breaker.acquire("two", 10)
    clock.now += 2
    assert breaker.acquire("two", 10).token


def test_keeps_to_a_lease_of_version_1_0_until_its_end(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock, is_held=lambda _: False)
    clock.now += 31
    breaker.acquire("one", 10)
    change(tmp_path, probes={"token": {"until": clock.now + 100, "boot": "a boot id"}})
    with pytest.raises(BreakerOpen):
        breaker.check()
    with pytest.raises(BreakerOpen):
        breaker.acquire("two", 10)
    clock.now += 101
    assert breaker.acquire("two", 10).token


def test_writes_leases_that_version_1_0_keeps_to_until_their_end(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    permit = breaker.acquire("one", 10)
    # It looks for a file of the holder where `boot` is this machine's, and takes another one's word.
    assert breaker.read()["probes"] == {permit.token: {"until": clock.now + 10, "boot": "", "holder": "one"}}


def claimed(storage: FolderStorage, number: int) -> str:
    """Claim a key as a run does; return what an order names its holder."""
    key = Key("simple", address(number))
    claim = storage.claim(key)
    assert claim
    return f"{key.series}/{key.address}/{claim.token}"


def of_worker(storage: FolderStorage, **given: Any) -> Breaker:
    """A breaker as a worker has it, but without a pause."""
    return make(storage.layout.root, is_held=partial(is_held, storage), pause=0.0, **given)


def probe(folder: str, number: int, results: Any, seen: Any) -> None:
    """Ask for a permit and live on until all have."""
    storage = FolderStorage(Path(folder))
    holder = claimed(storage, number)
    try:
        results.put(of_worker(storage).acquire(holder, 600).token)
    except BreakerOpen:
        results.put("")
    seen.wait(60)


def probe_and_die(folder: str) -> None:
    storage = FolderStorage(Path(folder))
    of_worker(storage).acquire(claimed(storage, 1), 600.0)
    os.kill(os.getpid(), signal.SIGKILL)


def test_lets_exactly_one_of_many_processes_probe(tmp_path: Path) -> None:
    make(tmp_path, pause=0.0, failures=1).fail(Permit(), "OPENAI_TIMEOUT")
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
    make(folder, pause=0.0, failures=1).fail(Permit(), "OPENAI_TIMEOUT")
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
    permit = breaker.acquire(claimed(storage, 2), 10)
    assert list(breaker.read()["probes"]) == [permit.token]
    with pytest.raises(BreakerOpen):
        breaker.acquire(claimed(storage, 3), 10)
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


VERDICTS: list[Callable[[Breaker, Permit], object]] = [
    Breaker.succeed,
    lambda breaker, permit: breaker.fail(permit, "OPENAI_TIMEOUT"),
    Breaker.cancel,
]


@pytest.mark.parametrize("verdict", VERDICTS, ids=["succeed", "fail", "cancel"])
def test_leaves_no_lease_and_no_file_behind_when_a_probe_ends(
    verdict: Callable[[Breaker, Permit], object], tmp_path: Path, clock: Clock
) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    permit = breaker.acquire(HOLDER, 10)
    assert list(breaker.read()["probes"]) == [permit.token]
    verdict(breaker, permit)
    assert breaker.read()["probes"] == {}
    assert {path.name for path in (tmp_path / "provider").iterdir()} == {"breaker.json", "breaker.json.guard"}


def test_lets_another_run_probe_when_one_was_cancelled(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    breaker.cancel(breaker.acquire(HOLDER, 10))
    assert breaker.read()["state"] == "HALF_OPEN"
    assert breaker.acquire(HOLDER, 10).token


def test_confirms_a_probe_and_no_run_that_began_before_it_opened(tmp_path: Path, clock: Clock) -> None:
    breaker = make(tmp_path, clock)
    before = breaker.acquire(HOLDER, 10)
    breaker.confirm(before)
    opened(tmp_path, clock)
    for edit in (None, FolderStorage(tmp_path).documents.edit):
        with pytest.raises(BreakerOpen):
            breaker.confirm(before, edit)
    clock.now += 31
    probe = breaker.acquire(HOLDER, 10)
    for edit in (None, FolderStorage(tmp_path).documents.edit):
        with pytest.raises(BreakerOpen):
            breaker.confirm(before, edit)
        breaker.confirm(probe, edit)


def test_takes_no_lease_that_cannot_be_read_for_a_probe(tmp_path: Path, clock: Clock) -> None:
    breaker = opened(tmp_path, clock)
    clock.now += 31
    breaker.acquire(HOLDER, 10)
    change(tmp_path, probes={"token": clock.now + 100, "other": {"until": "soon"}})
    assert breaker.acquire(HOLDER, 10).token


def test_sends_nothing_while_it_is_open(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "502"}]}) as stub:
        ours = provider(tmp_path, stub.url)
        for _ in range(9):
            with suppress(Exception):
                ours.painter.paint(order(), Notebook(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 5


@pytest.mark.parametrize("fault", ["401", "quota"])
def test_is_probed_with_the_models_list_after_a_refused_key_or_an_empty_account(fault: str, tmp_path: Path) -> None:
    with serving({"rules": [{"fault": fault, "times": 1}, {"fault": "401", "path": "models", "times": 1}]}) as stub:
        ours = provider(tmp_path, stub.url, breaker_pause=0.0)
        for _ in range(2):
            with pytest.raises(Exception, match=r".") as raised:
                ours.painter.paint(order(), Notebook(tmp_path))
        assert raised.value.code == "OPENAI_AUTH"  # type: ignore[attr-defined]
        assert stub.calls.summary(rows=False)["images"] == 1
        assert ours.painter.paint(order(), Notebook(tmp_path)).data
        assert stub.calls.summary(rows=False)["models"] == 3
        assert stub.calls.summary(rows=False)["images"] == 2
        assert ours.limits.breaker.read()["state"] == "CLOSED"


class Witness(Notebook):
    """Looks at the breaker in the middle of the call."""

    def __init__(self, folder: Path, breaker: Breaker) -> None:
        super().__init__(folder)
        self.leases: list[dict[str, Any]] = []
        self._breaker = breaker

    def sent(self, call: Call, admit: Admit | None = None) -> int:
        self.leases = list(self._breaker.read()["probes"].values())
        return super().sent(call, admit)


def test_lends_a_probe_no_longer_than_its_call_may_last(tmp_path: Path) -> None:
    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0, image_timeout=5.0)
        with suppress(Exception):
            ours.painter.paint(order(), Notebook(tmp_path))
        book = Witness(tmp_path, ours.limits.breaker)
        ours.painter.paint(order(seconds=500, holder=HOLDER), book)
    (lease,) = book.leases
    assert lease["until"] <= time.time() + 5
    assert lease["holder"] == HOLDER


def test_ends_a_probe_with_its_lease_whatever_is_repeated(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "502", "times": 1}, {"fault": "429_after", "wait": 3.0, "times": 1}]}) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0, image_timeout=2.0)
        for _ in range(2):
            with suppress(GenerationError):
                ours.painter.paint(order(seconds=500), Notebook(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 2
        assert ours.limits.breaker.read()["opened"] == 2


def test_lets_no_second_run_probe_while_the_claim_of_the_first_is_held(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    first, second = claimed(storage, 1), claimed(storage, 2)
    refused: list[GenerationError] = []

    class Crowded(Notebook):
        def leaving(self, number: int) -> None:
            with pytest.raises(BreakerOpen) as raised:
                ours.painter.paint(order(holder=second), Notebook(tmp_path))
            refused.append(raised.value)

    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0)
        with suppress(GenerationError):
            ours.painter.paint(order(), Notebook(tmp_path))
        ours.painter.paint(order(holder=first), Crowded(tmp_path))
        assert len(refused) == 1
        ours.painter.paint(order(holder=second), Notebook(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 3
    assert ours.limits.breaker.read()["state"] == "CLOSED"
