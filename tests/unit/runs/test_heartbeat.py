from dataclasses import dataclass, field
from typing import Any

from dalle.runs.heartbeat import Heartbeat
from dalle.storage.journal import Journal
from dalle.storage.protocol import ClaimLost
from tests.kit.clocks import Clock
from tests.kit.fakes import KEY


@dataclass(eq=False)
class FakeRun:
    """Counts its beats; `trouble` is raised by each."""

    deadline: float = 2000.0
    trouble: BaseException | None = None
    journal: Journal = field(default_factory=lambda: Journal(KEY.series, KEY.address))
    key: Any = KEY
    beats: int = 0
    expired: int = 0

    def beat(self) -> None:
        self.beats += 1
        if self.trouble:
            raise self.trouble

    def expire(self) -> None:
        self.expired += 1


def beaten(*runs: FakeRun, times: int = 2, clock: Clock | None = None) -> None:
    """Beat that often after the beat that the runs began before."""
    heart = Heartbeat(clock=clock or Clock())
    for run in runs:
        heart.add(run)  # type: ignore[arg-type]
    heart.beat()
    for _ in range(times):
        heart.beat()


def test_beats_for_every_run_whatever_happens_to_another() -> None:
    broken, full, well = FakeRun(trouble=ValueError("meant")), FakeRun(trouble=OSError("full")), FakeRun()
    beaten(broken, full, well)
    assert (broken.beats, full.beats, well.beats) == (2, 2, 2)


def test_forgets_a_run_that_lost_its_claim() -> None:
    lost = FakeRun(trouble=ClaimLost("meant"))
    beaten(lost)
    assert lost.beats == 1


def test_ends_a_run_once_that_is_past_its_deadline() -> None:
    late = FakeRun(deadline=999.0)
    beaten(late)
    assert (late.beats, late.expired) == (0, 1)


def test_leaves_a_run_alone_that_began_since_the_last_beat() -> None:
    new = FakeRun()
    beaten(new, times=0)
    assert new.beats == 0


def test_forgets_a_run_that_ended_before_its_first_beat() -> None:
    heart, short = Heartbeat(clock=Clock()), FakeRun()
    heart.add(short)  # type: ignore[arg-type]
    heart.discard(short)  # type: ignore[arg-type]
    heart.beat()
    heart.beat()
    assert short.beats == 0
