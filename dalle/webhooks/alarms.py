"""Puts events into the outbox that concern no key: the breaker opened, the budget of the day is exhausted."""

import logging
import secrets
from typing import Any

from dalle.quiet_log import QuietLog
from dalle.storage.event import Event
from dalle.storage.protocol import Storage
from dalle.webhooks.announcer import NOTHING, event_id
from dalle.webhooks.settings import WebhookSettings

log = logging.getLogger(__name__)


class Alarms:
    """To be called while the document is held that is about to say so: what is repeated has the same id.

    An event that cannot be written is logged, and keeps neither breaker nor budget from protecting money.
    """

    def __init__(self, storage: Storage, settings: WebhookSettings | None = None) -> None:
        self._storage = storage
        self._wanted = settings.events if settings else frozenset[str]()
        self._quiet = QuietLog(log)

    def wants(self, kind: str) -> bool:
        return kind in self._wanted

    def breaker_opened(self, before: dict[str, Any], code: str, why: str) -> None:
        """`before`: the breaker's record as it was; `code` and `why` of the failure that opened it."""
        parts = (before["identity"], before["opened"], before["since"], before["last_failure"])
        self._put("breaker.opened", *parts, errorCode=code, error=f"The circuit breaker opened: {why}")

    def budget_exhausted(self, day: int) -> bool:
        """`day`: since 1970, UTC. Return whether that is written."""
        what = "The budget of the day is used up: nothing is bought until midnight UTC"
        return self._put("budget.exhausted", day, errorCode="BUDGET_EXHAUSTED", error=what)

    def _put(self, kind: str, *parts: object, **data: Any) -> bool:
        if not self.wants(kind):
            return False
        try:
            event = Event(event_id(kind, self._salt(), *parts), kind, self._storage.now_ns(), NOTHING | data)
            self._storage.outbox.put(event)
        except OSError as exc:
            self._quiet.error(exc, "the event %s cannot be written", kind)
            return False
        return True

    def _salt(self) -> str:
        """Return what makes the ids of this service differ from those of others with the same receiver."""
        if not (salt := self._storage.documents.read("webhooks").get("salt")):
            with self._storage.documents.edit("webhooks", durable=True) as document:
                salt = document.setdefault("salt", secrets.token_hex(8))
        return str(salt)
