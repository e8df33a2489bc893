"""The model watch: checks which of the configured models still exist, and for how long."""

import logging
import threading
import time
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import Any

from dalle.errors import GenerationError, Misconfigured
from dalle.host.trouble import explained
from dalle.painters.openai.answers import payload
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client, Reply
from dalle.painters.openai.endpoint import lists_models
from dalle.painters.openai.settings import ProviderSettings
from dalle.storage.protocol import Storage

FRESH = 60.0  # seconds for which a list that another worker fetched is good enough
TIMEOUT = 30.0
DAY = 86_400.0
MOST_MODELS = 5000

log = logging.getLogger(__name__)


def listed(reply: Reply) -> dict[str, str]:
    """Return the models that a list names, each with the day of its shutdown, "" without one.

    Raises GenerationError for an answer that is no list.
    """
    rows = payload(reply).get("data")
    return {
        str(row["id"])[:200]: str(row.get("shutdown_date") or "")[:40]
        for row in (rows[:MOST_MODELS] if isinstance(rows, list) else [])
        if isinstance(row, dict) and "id" in row
    }


def is_listed(model: str, known: Collection[str]) -> bool:
    """Return whether a list names the model, or a pattern for it: a gateway may list `openai/*`."""
    return model in known or any(fnmatchcase(model, name) for name in known if name.endswith("*"))


def day_of(text: str) -> date | None:
    """Return the day of a shutdown from a date or Unix seconds, None for anything else."""
    try:
        return datetime.fromtimestamp(int(text), UTC).date() if text.isdigit() else date.fromisoformat(text[:10])
    except (ValueError, OverflowError, OSError):
        return None


def in_days(days: int) -> str:
    """Return when that is, for people: today, tomorrow, in 3 days."""
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


class ModelWatch:
    """Fetches the list of models when the service starts and once a day; all workers share it."""

    def __init__(
        self,
        storage: Storage,
        client: Client,
        calls: Calls,
        settings: ProviderSettings,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._storage = storage
        self._client = client
        self._calls = calls
        self._models = (settings.image_model, *settings.fallback_models)
        self._identity = settings.identity
        self._lists = lists_models(settings.base_url)
        self._clock = clock
        self._sleep = sleep

    def start(self) -> None:
        """Check in the background; a list that cannot be fetched does no harm and delays nothing."""
        threading.Thread(target=self._watch, daemon=True, name="model-watch").start()

    def refresh(self, seconds: float = TIMEOUT) -> None:
        """Fetch the list now, within `seconds` and never longer than 30.

        Raises GenerationError; a valid answer also proves that key and provider work. A server without a list has
        proved nothing, and the next call has to: else a breaker that is probed with the list could never close.
        """
        try:
            known = self._fetch(seconds) if self._lists else {}
        except Misconfigured:
            known = {}
        record = {"identity": self._identity, "checked": self._clock(), "known": known, "gone": []}
        with self._storage.documents.edit("models") as document:
            document.clear()
            document.update(record)
        for warning in self.status()["warnings"]:
            log.warning("%s", warning)

    def _fetch(self, seconds: float) -> dict[str, str]:
        return listed(self._calls.once("models", "", "", lambda: self._client.models(min(seconds, TIMEOUT))))

    def gone(self, model: str) -> None:
        """Record that the provider does not know this model."""
        with self._storage.documents.edit("models") as document:
            record = self._own(document)  # may be the document itself
            changed = record | {"gone": sorted({*map(str, record["gone"]), model})}
            document.clear()
            document.update(changed)
        log.warning("the provider does not know the image model %s", model)

    def choose(self) -> str:
        """Return the first configured model that is not gone; the first one if all are."""
        record = self._read()
        return next((model for model in self._models if not self._is_gone(record, model)), self._models[0])

    def status(self) -> dict[str, Any]:
        """Return in_use, configured, checked (Unix seconds, 0: never), days_left (of the one in use), warnings."""
        record = self._read()
        warnings = []
        for model in self._models:
            days = self._days_left(record, model)
            if self._is_gone(record, model):
                warnings.append(f"the image model {model} is gone")
            elif days is not None:
                warnings.append(f"the image model {model} will be shut down {in_days(days)}")
        chosen = self.choose()
        return {
            "in_use": chosen,
            "configured": list(self._models),
            "checked": record["checked"],
            "days_left": self._days_left(record, chosen),
            "warnings": warnings,
        }

    def _watch(self) -> None:
        """Check again each day: a shutdown may be announced, and a model that was gone may be back."""
        fresh = FRESH
        while True:
            self._check(fresh)
            self._sleep(DAY)
            fresh = DAY / 2

    def _check(self, fresh: float = FRESH) -> None:
        """Fetch the list, unless another worker has done so within `fresh` seconds."""
        try:
            with self._storage.exclusive("models"):
                if not 0 <= self._clock() - self._read()["checked"] <= fresh:  # below 0: the clock was put back
                    self.refresh()
        except GenerationError:
            pass  # `Calls` has logged it
        except OSError as exc:
            log.warning("the list of models cannot be stored: %s", explained(exc))

    def _is_gone(self, record: dict[str, Any], model: str) -> bool:
        """Return whether a model is gone. To be unlisted counts only if some configured model is listed.

        There are servers whose list contains none of the models that they serve.
        """
        known = record["known"]
        days = self._days_left(record, model)
        unlisted = not is_listed(model, known) and any(is_listed(name, known) for name in self._models)
        return model in record["gone"] or unlisted or (days is not None and days < 0)

    def _days_left(self, record: dict[str, Any], model: str) -> int | None:
        """Return the days until the model is shut down; None if no date is announced."""
        end = day_of(str(record["known"].get(model, "")))
        return (end - datetime.fromtimestamp(self._clock(), UTC).date()).days if end else None

    def _read(self) -> dict[str, Any]:
        return self._own(self._storage.documents.read("models"))

    def _own(self, present: dict[str, Any]) -> dict[str, Any]:
        fresh: dict[str, Any] = {"identity": self._identity, "checked": 0.0, "known": {}, "gone": []}
        if present.get("identity") != self._identity:
            return fresh
        if any(type(present.get(name)) is not type(value) for name, value in fresh.items()):
            return fresh
        return present
