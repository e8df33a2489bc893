"""The circuit breaker: one state for all workers, in a document that survives restarts.

    CLOSED ── `failures` runs in a row failed ──▶ OPEN ── `pause` seconds ──▶ HALF_OPEN ── `successes` probes ──▶ CLOSED
                                                   ▲                              │
                                                   └────────── a probe failed ────┘

A probe holds a lease that expires. The lease names the claim of the run that probes: when that is no longer held, as
after a kill, the probe ends at once. Only holders of a lease change a half-open breaker; runs that began before it
opened are not counted. A refused key or an empty account opens it at once, with that reason. Times are Unix seconds,
since several processes and boots share them.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from dalle.errors import BreakerOpen
from dalle.events import Observer
from dalle.storage.protocol import Documents, Edit
from dalle.webhooks.alarms import Alarms

State = Literal["CLOSED", "HALF_OPEN", "OPEN"]
Reason = Literal["", "failures", "key", "quota"]

FRESH: dict[str, Any] = {
    "state": "CLOSED",
    "reason": "",
    "failures": 0,
    "successes": 0,
    "since": 0.0,
    "until": 0.0,
    "last_failure": 0.0,
    "last_code": "",
    "opened": 0,
    "probes": {},
}
CLOSED = {"state": "CLOSED", "reason": "", "failures": 0, "successes": 0, "probes": {}, "until": 0.0}


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """The settings of the breaker.

    failures   failed runs in a row that open it
    pause      seconds for which it is open
    probes     probes at a time
    successes  successful probes that close it
    identity   fingerprint of key, base URL and model: when it changes, the breaker is closed
    """

    failures: int = 5
    pause: float = 30.0
    probes: int = 1
    successes: int = 2
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Permit:
    """Permission to call the provider. `token` is set for a probe; `reason` is why the breaker had opened."""

    token: str = ""
    reason: str = ""


class Breaker:
    """The circuit breaker.

    is_held  returns whether the claim that a probe's holder names is still held
    alarms   reports that it opened
    """

    def __init__(
        self,
        documents: Documents,
        settings: BreakerSettings | None = None,
        *,
        is_held: Callable[[str], bool] = lambda _: True,
        observer: Observer | None = None,
        alarms: Alarms | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._documents = documents
        self._settings = settings or BreakerSettings()
        self._is_held = is_held
        self._observer = observer or Observer()
        self._alarms = alarms
        self._clock = clock

    def read(self) -> dict[str, Any]:
        """Return the state: state, reason, failures, successes, until, last_failure, last_code, probes, opened.

        An OPEN breaker whose pause is over reads as HALF_OPEN: the next run probes.
        """
        record = self._own(self._documents.read("breaker"))
        if record["state"] == "OPEN" and self._now(record) >= record["until"]:
            record["state"] = "HALF_OPEN"
        return record

    def check(self) -> None:
        """Raise BreakerOpen if `acquire` would; takes no lease."""
        record = self.read()
        full = len(self._live(record)) >= self._settings.probes
        if record["state"] != "CLOSED" and (record["state"] == "OPEN" or full):
            raise self._refusal(record)

    def acquire(self, holder: str, seconds: float) -> Permit:
        """Return a permit to call, at most `seconds` long. Raises BreakerOpen when nothing may be sent."""
        if self.read()["state"] == "CLOSED":
            return Permit()
        token = secrets.token_hex(8)
        with self._documents.edit("breaker") as document:
            record = self._own(document)
            now = self._now(record)
            if record["state"] == "CLOSED":
                return Permit()
            was_open = record["state"] == "OPEN"
            if was_open and now < record["until"]:
                raise self._refusal(record)
            if was_open:
                record |= {"state": "HALF_OPEN", "successes": 0, "probes": {}}
            leases = self._live(record)
            if len(leases) >= self._settings.probes:
                raise self._refusal(record)
            # Version 1.0 looks for a file of the holder, unless the lease is of another boot: then only its end counts.
            lease = {"until": now + seconds, "boot": "", "holder": holder}
            record["probes"] = leases | {token: lease}
            replace(document, record)
        if was_open:
            self._observer.breaker_moved("HALF_OPEN")
        return Permit(token, record["reason"])

    def confirm(self, permit: Permit, edit: Edit | None = None) -> None:
        """Raise BreakerOpen if the breaker has opened since a run without a probe acquired its permit."""
        if permit.token:
            return
        if edit is None:
            record = self.read()
        else:
            with edit("breaker") as document:
                record = self._own(document)
        if record["state"] != "CLOSED":
            raise self._refusal(record)

    def succeed(self, permit: Permit) -> bool:
        """Record a run that succeeded; return whether the breaker is closed now."""
        if not permit.token and not self.read()["failures"]:
            return True
        closed = False
        with self._documents.edit("breaker") as document:
            record = self._own(document)
            if not permit.token and record["state"] == "CLOSED":
                replace(document, record | {"failures": 0})
            elif record["probes"].pop(permit.token, None) and record["state"] == "HALF_OPEN":
                record["successes"] += 1
                closed = record["successes"] >= self._settings.successes
                if closed:
                    record |= CLOSED
                replace(document, record)
        if closed:
            self._observer.breaker_moved("CLOSED")
        return bool(record["state"] == "CLOSED")

    def fail(self, permit: Permit, code: str, reason: Reason = "failures") -> None:
        """Record a run that the provider failed; the reasons key and quota open the breaker at once."""
        with self._documents.edit("breaker") as document:
            record = self._own(document)
            counts = permit.token in record["probes"] if permit.token else record["state"] == "CLOSED"
            if not counts:
                return
            now, before = self._now(record), dict(record)
            record |= {"failures": record["failures"] + 1, "last_failure": now, "last_code": code}
            opens = permit.token or reason != "failures" or record["failures"] >= self._settings.failures
            if opens:
                record |= {"state": "OPEN", "reason": reason, "until": now + self._settings.pause, "since": now}
                record |= {"successes": 0, "probes": {}, "opened": record["opened"] + 1}
                if self._alarms:
                    self._alarms.breaker_opened(before, code, why(record))
            replace(document, record)
        if opens:
            self._observer.breaker_moved("OPEN")

    def cancel(self, permit: Permit) -> None:
        """Release a probe's lease; the run counts neither as a success nor as a failure."""
        if permit.token:
            with self._documents.edit("breaker") as document:
                record = self._own(document)
                if record["probes"].pop(permit.token, None):
                    replace(document, record)

    def _own(self, present: dict[str, Any]) -> dict[str, Any]:
        """Return the stored record, or a fresh one if there is none, it is damaged, or it is of another identity."""
        fresh = {**FRESH, "probes": {}, "identity": self._settings.identity}
        if present.get("identity") != self._settings.identity:
            return fresh
        if any(type(present.get(name)) is not type(value) for name, value in fresh.items()):
            return fresh
        if present["state"] not in get_args(State):
            return fresh
        leases = {token: lease for token, lease in present["probes"].items() if is_lease(lease)}
        # Neither a pause that the operator has shortened since nor an impossible moment keeps it open.
        return {**present, "probes": leases, "until": min(present["since"] + self._settings.pause, present["until"])}

    def _now(self, record: dict[str, Any]) -> float:
        """Return the time; if the clock was put back by more than the pause, the end of the pause."""
        now = self._clock()
        return now if now >= record["since"] - self._settings.pause else max(now, float(record["until"]))

    def _live(self, record: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return the leases that have not ended; those without a holder are version 1.0's."""
        now = self._clock()
        return {
            token: lease
            for token, lease in record["probes"].items()
            if lease["until"] > now and (not lease.get("holder") or self._is_held(str(lease["holder"])))
        }

    def _refusal(self, record: dict[str, Any]) -> BreakerOpen:
        leases = [lease["until"] for lease in record["probes"].values()]
        ends = record["until"] if record["state"] == "OPEN" else min(leases, default=0.0)
        wait = min(max(ends - self._clock(), 1.0), max(self._settings.pause, 1.0))
        return BreakerOpen(why(record), retry_after=wait)


def why(record: dict[str, Any]) -> str:
    """Return why a breaker opened, in words."""
    reasons = {"key": "its API key was refused", "quota": "its account has no credit left"}
    return reasons.get(record["reason"]) or f"{record['failures']} runs in a row failed"


def replace(document: dict[str, Any], record: dict[str, Any]) -> None:
    """Replace the content of the open document."""
    document.clear()
    document.update(record)


def is_lease(value: Any) -> bool:
    """Return whether a value from the document is a probe's lease, with its end and the boot it was granted in."""
    return isinstance(value, dict) and isinstance(value.get("until"), float) and isinstance(value.get("boot"), str)
