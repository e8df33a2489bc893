"""The circuit breaker: one state for all workers, in a file that survives restarts.

    CLOSED ── `failures` runs in a row failed ──▶ OPEN ── `pause` seconds ──▶ HALF_OPEN ── `successes` probes ──▶ CLOSED
                                                   ▲                              │
                                                   └────────── a probe failed ────┘

A probe is a lease with an end of its own, and its holder keeps `probe.<token>.live` flocked: on the machine that
gave the lease a killed worker frees it at once, elsewhere and after a new start of the machine only its end counts.
Only lease holders move a half-open breaker; runs that began before it opened are not counted. A refused key or an
empty account opens it at once with that reason. Times are Unix seconds, since several processes and boots share them.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from dalle.errors import BreakerOpen, FileSystemError
from dalle.events import Observer
from dalle.storage.folder import atomic as files
from dalle.storage.folder.claims import Sign, boot_id, is_locked

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
        boot: str | None = None,
    ) -> None:
        self._path = path
        self._failures = failures
        self._pause = pause
        self._probes = probes
        self._successes = successes
        self._identity = identity
        self._observer = observer or Observer()
        self._clock = clock
        self._boot = boot or boot_id()
        self._signs: dict[str, Sign] = {}

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
            living = self._live(record)
            for lost in record["probes"].keys() - living.keys():
                files.remove(self._sign(lost))
            if len(living) >= self._probes:
                return None
            self._signs[token] = Sign(self._sign(token))
            return record | {"probes": living | {token: {"until": now + seconds, "boot": self._boot}}}

        try:
            record = self._own(files.update_json(self._path, change))
        except BaseException:
            self._end(token)
            raise
        if moved:
            self._observer.breaker_moved("HALF_OPEN")
        if record["state"] == "CLOSED":
            return Pass()
        if token not in record["probes"]:
            raise self._refusal(record)
        return Pass(token, record["reason"])

    def confirm(self, leave: Pass) -> None:
        """Raise BreakerOpen if a run that was let through while it was closed must not call any more."""
        if not leave.token and (record := self.read())["state"] != "CLOSED":
            raise self._refusal(record)

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

        try:
            record = self._own(files.update_json(self._path, change))
        finally:
            self._end(leave.token)
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

        try:
            files.update_json(self._path, change)
        finally:
            self._end(leave.token)
        if opened:
            self._observer.breaker_moved("OPEN")

    def leave(self, leave: Pass) -> None:
        """Give a probe's lease back without a verdict."""
        if leave.token:
            try:
                files.update_json(self._path, lambda present: self._without(present, leave.token))
            finally:
                self._end(leave.token)

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
        if present["state"] not in get_args(State):
            return fresh
        leases = {token: lease for token, lease in present["probes"].items() if is_lease(lease)}
        # a pause that the operator has shortened since, or a moment that nobody can have meant, binds no longer
        return {**present, "probes": leases, "until": min(present["since"] + self._pause, present["until"])}

    def _now(self, record: dict[str, Any]) -> float:
        """The time; a clock that was put back by more than the pause counts as the pause's end."""
        now = self._clock()
        return now if now >= record["since"] - self._pause else max(now, float(record["until"]))

    def _live(self, record: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The leases that still bind."""
        now = self._clock()
        return {
            token: lease
            for token, lease in record["probes"].items()
            if lease["until"] > now and (lease["boot"] != self._boot or is_locked(self._sign(token)))
        }

    def _sign(self, token: str) -> Path:
        return self._path.with_name(f"probe.{token}.live")

    def _end(self, token: str) -> None:
        if sign := self._signs.pop(token, None):
            sign.end()

    def _refusal(self, record: dict[str, Any]) -> BreakerOpen:
        leases = [lease["until"] for lease in record["probes"].values()]
        ends = record["until"] if record["state"] == "OPEN" else min(leases, default=0.0)
        why = {"key": "its API key was refused", "quota": "its account has no credit left"}.get(record["reason"], "")
        wait = min(max(ends - self._clock(), 1.0), max(self._pause, 1.0))
        return BreakerOpen(why or f"{record['failures']} runs in a row failed", retry_after=wait)


def is_lease(value: Any) -> bool:
    """Whether a value from the file is a probe's lease: its end, and the start of the machine that it was given in."""
    return isinstance(value, dict) and isinstance(value.get("until"), float) and isinstance(value.get("boot"), str)
