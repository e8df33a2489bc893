"""Delivers what is in the outbox: each event at least once, in no order, and never within a run.

An attempt that fails is repeated after a pause that becomes longer, PAUSES. One worker at a time sends an event. While
the receiver does not answer, or asks for patience, all of them leave it alone (`Endpoint`) and try one event when that
is over; it has no attempt less for that. After the last attempt an event is kept for the operator.
"""

import logging
import math
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from dalle.errors import FileSystemError
from dalle.events import Observer
from dalle.host.trouble import explained
from dalle.key import Key
from dalle.storage.codec import encode_json
from dalle.storage.event import Event
from dalle.storage.protocol import HeldEvent, Storage
from dalle.webhooks import signing
from dalle.webhooks.endpoint import Endpoint
from dalle.webhooks.sending import Answer, Send, post
from dalle.webhooks.settings import WebhookSettings

log = logging.getLogger(__name__)

MINUTE, HOUR = 60, 3600
PAUSES = (0, 5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR)
"""Seconds before each attempt; longer by up to a tenth, so that what failed together does not come back together."""
ATTEMPT = 15.0  # seconds
FAREWELL = 5.0  # seconds for what is due when a process ends
AT_ONCE = 100
"""Events of one round: what is new comes first in the next."""


@dataclass(frozen=True, slots=True)
class Courier:
    """What a test replaces: the network, the clock of signatures (Unix seconds), and chance (0 to 1)."""

    send: Send = post
    clock: Callable[[], float] = time.time
    chance: Callable[[], float] = random.random


class Delivery:
    """The events of one storage, for one receiver; pauses go by the storage's clock."""

    def __init__(
        self,
        storage: Storage,
        settings: WebhookSettings,
        observer: Observer | None = None,
        *,
        courier: Courier | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._storage = storage
        self._settings = settings
        self._observer = observer or Observer()
        self._courier = courier or Courier()
        self._pauses = pauses
        self.endpoint = Endpoint(storage.documents, settings.identity)

    def deliver(self, until: float = math.inf) -> int:
        """Send what is due, until a moment of `time.monotonic()`; return the number of attempts. Raises OSError."""
        if self.endpoint.read().rests(self._now()):
            return 0  # what is due is not even looked for: there may be much
        attempts = 0
        for parcel in self._storage.outbox.due(self._storage.now_ns())[:AT_ONCE]:
            left = min(ATTEMPT, until - time.monotonic())
            if left <= 0 or self.endpoint.read().rests(self._now()):
                break
            with self._storage.outbox.hold(parcel) as held:
                if held and not self._is_early(held):
                    self._attempt(held, left)
                    attempts += 1
        return attempts

    def work(self) -> None:
        """One round."""
        self.deliver()

    def finish(self, seconds: float = FAREWELL) -> None:
        """Send what is due before this process ends: there may be no other."""
        until = time.monotonic() + seconds
        try:
            while self.deliver(until):
                pass
        except OSError as exc:
            log.warning("webhooks: what is left cannot be delivered now: %s", explained(exc))

    def send(self, event: Event, seconds: float = ATTEMPT) -> Answer:
        """Make one attempt, signed now."""
        body = body_of(event)
        headers = signing.headers(event.id, int(self._courier.clock()), body, self._settings.secrets)
        headers |= {"Content-Type": "application/json", "User-Agent": "dalleserver"}
        return self._courier.send(self._settings.url, body, headers, seconds)

    def _now(self) -> float:
        return self._storage.now_ns() / 1e9

    def _is_early(self, held: HeldEvent) -> bool:
        """Return whether the end of the run is not written yet: a receiver that asks back would see it open."""
        run_id = held.event.data.get("runId")
        if held.attempts or not run_id:
            return False
        with suppress(FileSystemError, OSError):
            data = held.event.data
            journal = self._storage.journal(Key(str(data["series"]), str(data["address"])))
            return journal is not None and journal.run_id == run_id and not journal.ended
        return False

    def _attempt(self, held: HeldEvent, seconds: float) -> None:
        event, attempts = held.event, held.attempts + 1
        answer = self.send(event, seconds)
        if answer.is_good:
            held.forget()
            self._observer.webhook_delivered()
            log.debug("webhook %s %s: delivered", event.type, event.id)
        else:
            self._observer.webhook_failed()
            self._fail(held, attempts, answer)
        self._note(answer)

    def _fail(self, held: HeldEvent, attempts: int, answer: Answer) -> None:
        event, now_ns = held.event, self._storage.now_ns()
        if attempts >= len(self._pauses):
            held.give_up(now_ns, attempts=attempts, status=answer.status)
            self._observer.webhook_given_up()
            log.error("webhook %s %s: given up after %d attempts: %s", event.type, event.id, attempts, answer.shown)
            return
        pause = self._pauses[attempts] * (1 + self._courier.chance() / 10)
        held.postpone(now_ns + round(pause * 1e9), attempts=attempts, status=answer.status)
        log.debug("webhook %s %s: attempt %d failed: %s", event.type, event.id, attempts, answer.shown)

    def _note(self, answer: Answer) -> None:
        """Remember how the receiver answers, and log when that changes."""
        before = self.endpoint.read()
        after = self.endpoint.answered(answer, self._now(), self._courier.chance())
        if after.gone and not before.gone:
            log.error("webhooks: %s answers that it is gone: nothing is sent any more", self._settings.host)
        elif after.failures and not before.failures:
            log.warning("webhooks: %s does not take events: %s", self._settings.host, answer.shown)
        elif before.failures and not after.failures:
            log.info("webhooks: %s takes events again", self._settings.host)


def body_of(event: Event) -> bytes:
    """Return what a receiver gets: the same bytes at each attempt."""
    return encode_json({"type": event.type, "timestamp": rfc3339(event.time_ns), "data": event.data})


def rfc3339(time_ns: int) -> str:
    """Return a moment as RFC 3339 writes it, to the millisecond."""
    moment = datetime.fromtimestamp(time_ns // 1_000_000_000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{time_ns // 1_000_000 % 1000:03d}Z"
