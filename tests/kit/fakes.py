"""Stand-ins that satisfy the protocols of `dalle`; no test patches anything."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dalle.compose import Painting, Studio
from dalle.errors import DownloadFailed, GenerationError
from dalle.events import Observer
from dalle.key import Key
from dalle.outcome import Report
from dalle.painters.kept import KeptAnswers
from dalle.painters.protocol import Answer, Call, Order, Painter, Quote, Recorder
from dalle.runs.settings import RunSettings
from dalle.settings import StudioSettings
from dalle.storage.attempt import Attempt
from dalle.storage.folder.engine import FolderSettings, FolderStorage
from dalle.storage.journal import Journal
from dalle.storage.ticket import Ticket
from dalle.studio import Studio as Facade
from dalle.webhooks.settings import WebhookSettings
from dalle.words.orientation import Orientation
from tests.kit.images import photo
from tests.kit.waiting import wait

KEY = Key("simple", f"0x{'5a' * 20}")
OTHER = Key("simple", f"0x{'6b' * 20}")


Start = Callable[..., Studio]


class PaidPainter:
    """Takes `answers` in turn, the last one again and again: bytes, a URL, or a failure; counts its calls.

    Also finishes what it was paid for; the answers that it keeps are bytes or a URL.
    """

    name = "paid"

    def __init__(self, *answers: bytes | str | BaseException, paid: bool = True) -> None:
        self.answers = list(answers) or [photo()]
        self.paid = paid
        self.calls = self.fetches = self.resumed = 0
        self.before: Callable[[], None] = lambda: None

    def quote(self, orientation: Orientation) -> Quote:
        return Quote(Call("model", "64x64", "low", 0.25))

    def paint(self, order: Order, record: Recorder) -> Answer:
        number = record.sent(self.quote(order.orientation).call)
        self.calls += 1
        self.before()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, GenerationError):
            record.failed(number, answer)
        if isinstance(answer, BaseException):
            raise answer
        kept = answer if isinstance(answer, bytes) else answer.encode()
        if self.paid:
            record.received(number, kept)
        found = read(kept)
        record.answered(number, found)
        return found

    def fetch(self, attempt: Attempt, deadline: float, record: Recorder, *, bought: bool = False) -> Answer:
        self.fetches += 1
        if attempt.url.endswith("gone"):
            raise DownloadFailed
        record.received(attempt.number, photo())
        return read(photo())

    def resume(self, attempt: Attempt, kept: bytes | None, deadline: float, record: Recorder) -> Answer:
        self.resumed += 1
        assert kept
        found = read(kept)
        record.answered(attempt.number, found)
        return found


def read(kept: bytes) -> Answer:
    return Answer(url=kept.decode()) if kept.startswith(b"http") else Answer(data=kept, cost=0.25)


def studio(
    folder: Path,
    painter: Painter | None = None,
    *,
    fallback: Painter | None = None,
    writer: Any = None,
    now_ns: Callable[[], int] = time.time_ns,
    observers: Sequence[Observer] = (),
    lock_ttl: float = 1.0,
    queue: int = 200,
    jobs: int = 1,
    webhooks: WebhookSettings | None = None,
    **runs: Any,
) -> Studio:
    """A studio with quick fakes; the caller starts and stops it. `runs`: fields of RunSettings."""
    storage = FolderStorage(folder, FolderSettings(claim_ttl=lock_ttl, capacity=queue), now_ns=now_ns)
    chosen = RunSettings(claim_ttl=lock_ttl, **runs)
    settings = StudioSettings(data_dir=folder, jobs=jobs, runs=chosen, webhooks=webhooks)
    painter = painter or PaidPainter()
    finisher = painter if isinstance(painter, PaidPainter) else KeptAnswers()
    painting = Painting(painter, finisher, fallback, writer)
    return Studio(settings, observers, storage=storage, painting=painting)


def ended_journal(studio: Facade, key: Key = KEY) -> Journal:
    """The journal of the key once its run has ended and its ticket is gone."""

    def done() -> Journal | None:
        found = studio.journal(key)
        return found if found and found.ended and not studio.storage.ticket(key) else None

    return wait(done, "the end of the run")


def body(report: Any) -> str:
    assert isinstance(report, Report)
    return report.body.decode()


def left_behind(
    folder: Path, *attempts: Attempt, state: str = "running", let_go: bool = False, **fields: Any
) -> Journal:
    """What a killed worker leaves of KEY: a journal, a running ticket, and its claim unless it had `let_go` of it."""
    values: dict[str, Any] = {"run_id": "run1", "started_ns": 5, "state": state, "attempts": list(attempts), **fields}
    journal = Journal(KEY.series, KEY.address, **values)
    storage = FolderStorage(folder)
    if not let_go:
        leave_claim(storage)
    with storage.guard(KEY) as entry:
        entry.save(journal)
        if not journal.ended:
            ticket = Ticket(5, journal.run_id, KEY, "waiting")
            entry.restore(ticket)
            entry.move(ticket, "running")
    return journal


def leave_claim(storage: FolderStorage) -> None:
    """Leave the claim on KEY of a holder that is not alive."""
    claim = storage.claim(KEY)
    path = storage.layout.locks / f"{KEY.series}.{KEY.address}.lock"
    kept = path.read_bytes()
    assert claim
    claim.release()
    path.write_bytes(kept)


def attempt(**fields: Any) -> Attempt:
    """An attempt whose outcome was not written down."""
    values: dict[str, Any] = {
        "number": 1,
        "run_id": "run1",
        "painter": "paid",
        "paid": True,
        "model": "model",
        "size": "64x64",
        "quality": "low",
        "estimate": 0.25,
        "sent_ns": 6,
    }
    return Attempt(**{**values, **fields})
