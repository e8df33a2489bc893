"""Makes the events that an operator wants to hear of: ends of runs, and removed pictures."""

import hashlib
from typing import Any

from dalle.key import Key
from dalle.storage.event import Event
from dalle.storage.journal import Journal
from dalle.webhooks.settings import WebhookSettings

NOTHING: dict[str, Any] = {
    "series": "",
    "address": "",
    "runId": "",
    "version": "",
    "url": "",
    "image": "",
    "errorCode": "",
    "error": "",
    "costUsd": 0,
}
"""The fields of each event; those that do not apply stay as they are here."""
CANCELLED = "CANCELLED"


def event_id(*parts: object) -> str:
    """Return the id that the same parts always have."""
    digest = hashlib.sha256("\0".join(map(str, parts)).encode())
    return f"msg_{digest.hexdigest()[:32]}"


class Announcer:
    """Each method returns the event, None when it is not wanted; without settings none is."""

    def __init__(self, settings: WebhookSettings | None = None) -> None:
        self._wanted = settings.events if settings else frozenset[str]()
        self._public_url = settings.public_url if settings else ""

    def wants(self, kind: str) -> bool:
        return kind in self._wanted

    def run_ended(self, journal: Journal, version: str = "") -> Event | None:
        """The run of a journal is about to be shown as ended; `version`: of its picture.

        A run may end again, after a crash or with bytes that came late: the same end has the same id.
        """
        match journal.state:
            case "completed":
                kind = "run.completed"
            case _ if journal.error_code == CANCELLED:
                kind = "run.cancelled"
            case "failed":
                kind = "run.failed"
            case _:
                return None
        if not self.wants(kind):
            return None
        chats = sum(chat.cost for chat in journal.chats if chat.run_id == journal.run_id)
        data = self._of(journal.key) | {
            "runId": journal.run_id,
            "version": version,
            "image": self._image(journal.key, version),
            "errorCode": journal.error_code,
            "error": journal.error,
            "costUsd": round(journal.spent(journal.run_id) + chats, 6),
        }
        return Event(event_id(kind, journal.run_id), kind, journal.ended_ns, data)

    def picture_removed(self, key: Key, run_id: str, version: str, *, stamp: int, now_ns: int) -> Event | None:
        """A finished picture is about to be removed. `stamp`: its time, by which two of one key differ."""
        kind = "picture.removed"
        if not self.wants(kind):
            return None
        data = self._of(key) | {"runId": run_id, "version": version}
        return Event(event_id(kind, key, run_id, version, stamp), kind, now_ns, data)

    def _of(self, key: Key) -> dict[str, Any]:
        url = f"{self._public_url}/dalle/{key}" if self._public_url else ""
        return NOTHING | {"series": key.series, "address": key.address, "url": url}

    def _image(self, key: Key, version: str) -> str:
        return f"{self._public_url}/dalle/{key}.png?v={version}" if self._public_url and version else ""
