"""Payers that are killed and stopped at any moment, while the database may be killed too.

Each takes runs from the queue, writes its attempt down before it pays, and publishes what it got. "The provider" is a
file to which each call adds a line. Whatever happens, a key is paid for once, unless it is written that nobody knows
what became of the call before.
"""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from dalle.key import Key
from dalle.storage.attempt import AttemptOutcome
from dalle.storage.blob import Blob, Facts
from dalle.storage.event import Event
from dalle.storage.journal import Journal, new_journal
from dalle.storage.protocol import Busy, Claim, ClaimLost, HeldEntry, Storage
from tests.cluster.storage.engine import ClusterEngine, template
from tests.kit import postgres
from tests.kit.fakes import attempt
from tests.kit.processes import Child
from tests.kit.waiting import wait
from tests.service.storage.suites.engine import Opener, key, picture, seen

PAYERS = 4
MOST = 12
"""Open runs."""
LEASE = 1.0
"""Seconds: of a run."""
STEPS = 25
"""How often a payer is killed or stopped."""


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[ClusterEngine]:
    with postgres.database(template()) as name:
        engine = ClusterEngine(name, tmp_path, claim_ttl=LEASE, capacity=1000)
        yield engine
        engine.close()


def paying(pipe: Connection, opener: Opener, provider: str) -> None:
    storage = opener()
    pipe.send(os.getpid())
    while not pipe.poll():
        work(storage, provider)


def work(storage: Storage, provider: str) -> None:
    """Pay for one run, and look after those of others; what cannot be done now is done later."""
    with suppress(OSError, ClaimLost, Busy):
        if claim := storage.take():
            pay(storage, claim, provider)
        look_after(storage)
    time.sleep(0.01)


def pay(storage: Storage, claim: Claim, provider: str) -> None:
    ticket = claim.ticket
    assert ticket
    with claim.held() as entry:
        journal = entry.journal()
        if journal is None or journal.run_id != ticket.run_id:
            journal = new_journal(claim.key, journal, ticket.run_id, ticket.queued_ns)
        journal.start()
        call = attempt(number=len(journal.attempts) + 1, run_id=ticket.run_id)
        with entry.edit("budget", durable=True) as budget:
            budget["images"] = budget.get("images", 0) + 1
        journal = journal.with_attempt(call, "paid")
        entry.save(journal, durable=True)
    if claim.remaining() <= 0:
        end(claim, journal, "refused")
        return
    post(provider, claim.key, call.number)
    time.sleep(random.uniform(0.01, 0.4))
    staged = storage.blobs.stage(Blob.picture(claim.key), picture(call.number), durable=True)
    with claim.held() as entry:
        journal.attempts[-1] = replace(call, outcome="accepted", used=True)
        journal.complete(storage.now_ns())
        entry.publish([staged], Facts())
        entry.emit(Event(f"msg_{ticket.run_id}", "run.completed", 1, {}))
        close(entry, journal)


def post(provider: str, key: Key, number: int) -> None:
    descriptor = os.open(provider, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, f"{key} {number}\n".encode())
    os.close(descriptor)


def end(claim: Claim, journal: Journal, outcome: AttemptOutcome) -> None:
    with claim.held() as entry:
        journal.attempts[-1] = replace(journal.attempts[-1], outcome=outcome)
        journal.fail("x", "x", 1, pause=0)
        close(entry, journal)


def close(entry: HeldEntry, journal: Journal) -> None:
    entry.save(journal, durable=True)
    entry.show(b'{"runId":"%s"}\n' % journal.run_id.encode())
    entry.drop()
    entry.release()


def look_after(storage: Storage) -> None:
    """End or requeue the runs whose holders are gone: what was sent is unknown from now on, and never sent again."""
    for ticket in storage.tickets():
        if ticket.state != "running" or storage.is_claimed(ticket.key):
            continue
        claim = storage.claim(ticket.key, wait=False)
        if claim is None:
            continue
        if claim.ticket is None or claim.ticket.state != "running":
            claim.release()
            continue
        with claim.held() as entry:
            journal = entry.journal()
            if journal and journal.run_id == claim.ticket.run_id and journal.attempts:
                last = journal.attempts[-1]
                journal.attempts[-1] = replace(last, outcome=last.outcome or "unknown")
                journal.fail("x", "x", 1, pause=0)
                close(entry, journal)
            else:
                entry.move(claim.ticket, "waiting")
                entry.release()


class Requests:
    """Those who ask for pictures: as many runs as may be open are open all the time."""

    def __init__(self, storage: Storage) -> None:
        self.keys: list[Key] = []
        self._storage = storage
        self._numbers = count(1)

    def more(self) -> None:
        with suppress(OSError):
            for _ in range(MOST - len(self._storage.tickets())):
                each = key(next(self._numbers))
                self.keys.append(each)
                self._begin(each)

    def again(self) -> bool:
        """Ask for those that did not come; return whether all are there."""
        begun = [self._begin(each) for each in self.keys[:MOST]]
        self.keys = [*self.keys[MOST:], *self.keys[:MOST]]
        return not any(begun) and all(self._storage.blobs.has(Blob.picture(each)) for each in self.keys)

    def _begin(self, each: Key) -> bool:
        with self._storage.guard(each) as entry:
            if entry.ticket() or entry.has_picture():
                return False
            entry.enqueue(f"{next(self._numbers):016x}")
            return True


def disturb(engine: ClusterEngine, provider: str, requests: Requests, *, restart: bool) -> None:
    """Begin runs, kill and stop payers at random moments, and kill the database once."""
    chance = random.Random(7)
    children = [Child(paying, engine.opener, provider) for _ in range(PAYERS)]
    pids = [child.receive() for child in children]
    stopped: list[tuple[float, int]] = []
    try:
        for step in range(STEPS):
            time.sleep(chance.uniform(0.05, 0.2))
            requests.more()
            with suppress(OSError):
                requests.again()
            for moment, pid in stopped:
                if time.monotonic() - moment > 1.5 * LEASE:
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGCONT)
            stopped = [(moment, pid) for moment, pid in stopped if time.monotonic() - moment <= 1.5 * LEASE]
            place = chance.randrange(PAYERS)
            if step % 5 in (1, 3):
                os.kill(pids[place], signal.SIGSTOP)
                stopped.append((time.monotonic(), pids[place]))
            else:
                children[place].kill()
                children[place] = Child(paying, engine.opener, provider)
                pids[place] = children[place].receive()
            if restart and step == STEPS // 2:
                postgres.server().stop_at_once()
                time.sleep(0.3)
                postgres.server().start()
                postgres.server().wait_until_ready()
    finally:
        for child in children:
            child.kill()


@pytest.mark.parametrize("restart", [False, True], ids=["payers die", "the database dies too"])
def test_pays_once_whatever_dies(engine: ClusterEngine, tmp_path: Path, restart: bool) -> None:
    provider = str(tmp_path / "provider")
    requests = Requests(engine.storage)
    requests.more()
    disturb(engine, provider, requests, restart=restart)

    def settled() -> bool:
        work(engine.storage, provider)
        return not engine.storage.tickets() and requests.again()

    wait(settled, "every run to end")
    posts = Counter(Path(provider).read_text().splitlines())
    assert set(posts.values()) == {1}
    attempts = 0
    for each in requests.keys:
        journal = engine.storage.journal(each)
        assert journal
        known = {call.number: call.outcome for call in journal.attempts}
        attempts += len(known)
        sent = [int(line.split()[1]) for line in posts if line.startswith(f"{each} ")]
        assert set(sent) <= known.keys()
        assert [known[number] for number in sent if known[number] != "unknown"] == ["accepted"]
        assert list(known.values()).count("accepted") == 1
        assert "" not in known.values()
        used = next(call.number for call in journal.attempts if call.used)
        assert seen(engine.open(), each) == picture(used)
        assert not engine.storage.is_claimed(each)
    assert engine.storage.documents.read("budget") == {"images": attempts}
    assert len(engine.storage.outbox.waiting()) == len(requests.keys)
