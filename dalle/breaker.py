"""The circuit breaker: one state for all workers, in a file that survives restarts.

    CLOSED ── `failures` runs in a row failed ──▶ OPEN ── `pause` seconds ──▶ HALF_OPEN ── `successes` probes ──▶ CLOSED
                                                   ▲                              │
                                                   └────────── a probe failed ────┘

A probe is a lease with an end of its own, so that a killed worker cannot keep the breaker half open. Only lease
holders move a half-open breaker; runs that began before it opened are not counted. A refused key or an empty
account opens it at once with that reason. Times are Unix seconds, since several processes and boots share them.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from dalle import files
from dalle.errors import BreakerOpen, FileSystemError
from dalle.events import Observer

State = Literal["CLOSED", "HALF_OPEN", "OPEN"]
Reason = Literal["", "failures", "key", "quota"]


@dataclass(frozen=True, slots=True)
class Pass:
    """Leave to call the provider; `token` is set for a probe, `reason` is why the breaker was open."""

    token: str = ""
    reason: str = ""


class Breaker:
    """`identity` names key, base URL and model: an operator who changes one finds the breaker closed."""

    def __init__(
        self,
        path: Path,
        *,
        failures: int = 5,
        pause: float = 30.0,
        probes: int = 1,
        successes: int = 2,
        identity: str = "",
        observer: Observer | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._path = path
        self._failures = failures
        self._pause = pause
        self._probes = probes
        self._successes = successes
        self._identity = identity
        self._observer = observer or Observer()
        self._clock = clock

    def read(self) -> dict[str, Any]:
        """The present state: state, reason, failures, successes, until, last_failure, last_code, probes, opened.

        An OPEN breaker whose pause is over reads as HALF_OPEN: the next run probes.
        """
        try:
            present = files.read_json(self._path)
        except FileSystemError:
            present = None
        record = self._own(present)
        if record["state"] == "OPEN" and self._now(record) >= record["until"]:
            record["state"] = "HALF_OPEN"
        return record

    def check(self) -> None:
        """Raise BreakerOpen if a run would not be let through now; takes no lease."""
        record = self.read()
        if record["state"] != "CLOSED" and (record["state"] == "OPEN" or len(self._live(record)) >= self._probes):
            raise self._refusal(record)

    def enter(self, seconds: float) -> Pass:
        """Leave to call, at most `seconds` long. Raises BreakerOpen when nothing may be sent."""
        if self.read()["state"] == "CLOSED":
            return Pass()
        token = secrets.token_hex(8)
        moved = False

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            nonlocal moved
            record = self._own(present)
            now = self._now(record)
            if record["state"] == "CLOSED" or (record["state"] == "OPEN" and now < record["until"]):
                return None
            moved = record["state"] == "OPEN"
            if moved:
                record |= {"state": "HALF_OPEN", "successes": 0, "probes": {}}
            record["probes"] = self._live(record)
            if len(record["probes"]) >= self._probes:
                return None
            record["probes"][token] = now + seconds
            return record

        record = self._own(files.update_json(self._path, change))
        if moved:
            self._observer.breaker_moved("HALF_OPEN")
        if record["state"] == "CLOSED":
            return Pass()
        if token not in record["probes"]:
            raise self._refusal(record)
        return Pass(token, record["reason"])

    def succeed(self, leave: Pass) -> bool:
        """The provider did what it should; tells whether the breaker is closed now."""
        if not leave.token and not self.read()["failures"]:
            return True
        closed = False

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            nonlocal closed
            record = self._own(present)
            if not leave.token:
                if record["state"] != "CLOSED":
                    return None
                return record | {"failures": 0}
            if leave.token not in record["probes"] or record["state"] != "HALF_OPEN":
                return None
            del record["probes"][leave.token]
            record["successes"] += 1
            if record["successes"] >= self._successes:
                closed = True
                record |= {"state": "CLOSED", "reason": "", "failures": 0, "successes": 0, "probes": {}, "until": 0.0}
            return record

        record = self._own(files.update_json(self._path, change))
        if closed:
            self._observer.breaker_moved("CLOSED")
        return bool(record["state"] == "CLOSED")

    def fail(self, leave: Pass, code: str, reason: Reason = "failures") -> None:
        """A run failed in a way that tells of the provider; key and quota open at once."""
        opened = False

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            nonlocal opened
            record = self._own(present)
            now = self._now(record)
            if leave.token:
                if leave.token not in record["probes"]:
                    return None
            elif record["state"] != "CLOSED":
                return None
            record |= {"failures": record["failures"] + 1, "last_failure": now, "last_code": code}
            if leave.token or reason != "failures" or record["failures"] >= self._failures:
                opened = True
                record |= {"state": "OPEN", "reason": reason, "until": now + self._pause, "since": now}
                record |= {"successes": 0, "probes": {}, "opened": record["opened"] + 1}
            return record

        files.update_json(self._path, change)
        if opened:
            self._observer.breaker_moved("OPEN")

    def leave(self, leave: Pass) -> None:
        """Give a probe's lease back without a verdict."""
        if leave.token:
            files.update_json(self._path, lambda present: self._without(present, leave.token))

    def _without(self, present: dict[str, Any], token: str) -> dict[str, Any] | None:
        record = self._own(present)
        return record if record["probes"].pop(token, None) else None

    def _own(self, present: Any) -> dict[str, Any]:
        """The stored record, or a fresh one if there is none, it is damaged, or it is of another identity."""
        fresh: dict[str, Any] = {
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
            "identity": self._identity,
        }
        if not isinstance(present, dict) or present.get("identity") != self._identity:
            return fresh
        if any(type(present.get(name)) is not type(value) for name, value in fresh.items()):
            return fresh
        return {**present, "probes": dict(present["probes"])}

    def _now(self, record: dict[str, Any]) -> float:
        """The time; a clock that was put back by more than the pause counts as the pause's end."""
        now = self._clock()
        return now if now >= record["since"] - self._pause else max(now, float(record["until"]))

    def _live(self, record: dict[str, Any]) -> dict[str, float]:
        now = self._clock()
        return {token: until for token, until in record["probes"].items() if until > now}

    def _refusal(self, record: dict[str, Any]) -> BreakerOpen:
        ends = record["until"] if record["state"] == "OPEN" else min(record["probes"].values(), default=0.0)
        why = {"key": "its API key was refused", "quota": "its account has no credit left"}.get(record["reason"], "")
        wait = min(max(ends - self._clock(), 1.0), max(self._pause, 1.0))
        return BreakerOpen(why or f"{record['failures']} runs in a row failed", retry_after=wait)
