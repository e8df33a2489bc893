"""Every picture, text, journal and call of a storage is read and held against the others.

Beside a service that works, nothing is taken for wrong because it is being written: what a key's records say is read
while the key is guarded, keys with an open run are judged by their pictures only, and what looks wrong is looked at
again, guarded, before it is reported.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dalle.audit.calls import faults_of_calls
from dalle.audit.listing import faults_of_index
from dalle.audit.pictures import Pictures
from dalle.audit.present import Present, present
from dalle.audit.records import Records
from dalle.audit.reservations import Reservations
from dalle.audit.texts import Texts
from dalle.key import Key
from dalle.limits.budget import Budget
from dalle.pictures.previous import Previous
from dalle.progress.reports import Reports
from dalle.storage.inventory import Fault, Holding, Inventory
from dalle.storage.protocol import Entry, Storage

LINES = {"missing-line", "unknown-call"}
YOUNG_NS = 60_000_000_000
"""A line is written at most so long after its call has ended."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A part of what was verified, and what is wrong with it.

    keys  how many keys it is: 1, or 0 for what belongs to none
    """

    keys: int
    faults: Sequence[Fault] = ()


class Audit:
    """Verifies one storage; with `fix` it mends what can be mended without losing anything.

    It is made before the inventory is taken.
    """

    def __init__(self, storage: Storage, reports: Reports, budget: Budget, *, fix: bool = False) -> None:
        self._storage = storage
        self._begun_ns = storage.now_ns()
        self._fix = fix
        self._records = Records(storage, reports)
        self._pictures = Pictures(storage, Previous(storage))
        self._texts = Texts(storage.blobs)
        self._reservations = Reservations(storage, budget)

    def verify(self, inventory: Inventory, *, is_whole: bool = True) -> Iterator[Verified]:
        """Yield what was found, key by key, then what belongs to none.

        is_whole: the inventory is of all that is kept, so that what belongs to no key can be judged too.
        Raises OSError.
        """
        for holding in inventory:
            yield Verified(1, self._verify_key(inventory, holding))
        yield Verified(0, list(self._pictures.faults_of_others(inventory.others())))
        if is_whole:
            yield Verified(0, list(inventory.stray()))
            yield Verified(0, list(self._reservations.faults(fix=self._fix)))
            yield Verified(0, list(faults_of_index(self._storage, inventory, self._pictures.torn)))

    def _verify_key(self, inventory: Inventory, holding: Holding) -> list[Fault]:
        with self._storage.guard(holding.key) as entry:
            now = present(self._storage, entry)
        self._reservations.note(holding, now)
        suspected = list(self._look(inventory, holding, now, holding.calls))
        if not suspected:
            return []
        is_doubtful = any(fault.code in LINES for fault in suspected) and self._has_young_calls(now)
        calls = list(self._calls_by_now(holding.key)) if is_doubtful else holding.calls
        with self._storage.guard(holding.key) as entry:
            now = present(self._storage, entry)
            faults = list(self._look(inventory, holding, now, calls))
            return [self._mended(entry, fault) for fault in faults] if self._fix else faults

    def _look(
        self, inventory: Inventory, holding: Holding, now: Present, calls: Sequence[Mapping[str, Any]]
    ) -> Iterator[Fault]:
        yield from self._records.faults(holding.key, now)
        yield from faults_of_calls(holding.key, now, calls)
        yield from self._pictures.faults(holding, now)
        yield from self._texts.faults(holding, now)
        yield from inventory.faults(holding.key)

    def _has_young_calls(self, now: Present) -> bool:
        """Return whether lines may be missing in the inventory because they were written since it was begun."""
        journal = now.journal
        if journal is None:
            return False
        ends = [*(attempt.ended_ns for attempt in journal.attempts), *(chat.ended_ns for chat in journal.chats)]
        return max(ends, default=0) > self._begun_ns - YOUNG_NS

    def _calls_by_now(self, key: Key) -> Iterator[Mapping[str, Any]]:
        """Yield the lines of a key: all of the call log is read for that."""
        for line in self._storage.calls.since(0):
            if (line.get("series"), line.get("address")) == (key.series, key.address):
                yield line

    def _mended(self, entry: Entry, fault: Fault) -> Fault:
        if fault.mend is None:
            return fault
        fault.mend(entry)
        return replace(fault, fixed=True)
