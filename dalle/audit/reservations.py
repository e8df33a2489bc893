"""What the budget of today has reserved for calls, held against the calls that were sent."""

from collections.abc import Iterator, Mapping

from dalle.audit.present import Present
from dalle.limits.budget import Budget
from dalle.storage.expenses import DAY_NS
from dalle.storage.inventory import Fault, Holding
from dalle.storage.protocol import Storage

CURE = "--fix gives it back; otherwise it counts until midnight UTC"


class Reservations:
    """Those that are open when it begins. `note` is called with each key."""

    def __init__(self, storage: Storage, budget: Budget) -> None:
        self._storage = storage
        self._budget = budget
        self._sent: dict[str, set[int]] = {run_id: set() for run_id in self._runs()}

    def _runs(self) -> set[str]:
        document = self._storage.documents.read("budget")
        rows, day = document.get("open"), document.get("day")
        is_over = not isinstance(day, int) or day < self._storage.now_ns() // DAY_NS
        return set() if is_over or not isinstance(rows, Mapping) else {name.rpartition(".")[0] for name in rows}

    def note(self, holding: Holding, now: Present) -> None:
        """Note which of them were really sent: they count as used, whatever came of them."""
        if not self._sent:
            return
        for attempt in now.journal.attempts if now.journal else ():
            self._sent.get(attempt.run_id, set()).add(attempt.number)
        for line in holding.calls:
            if isinstance(number := line.get("number"), int):
                self._sent.get(str(line.get("runId")), set()).add(number)

    def faults(self, *, fix: bool) -> Iterator[Fault]:
        """Yield those for calls that were never sent, of runs that are not open; with `fix` they are given back."""
        running = {ticket.run_id for ticket in self._storage.tickets()} if self._sent else set()
        for run_id, sent in sorted(self._sent.items()):
            left = {number: usd for number, usd in self._budget.reserved(run_id).items() if number not in sent}
            if run_id in running or not left:
                continue
            message = f"{sum(left.values()):.3f} USD of today's budget are reserved, and nothing was sent"
            yield Fault("left-reservation", "warning", f"run {run_id}", message, CURE, fixed=fix)
            if fix:
                self._budget.reclaim(run_id, sent)
