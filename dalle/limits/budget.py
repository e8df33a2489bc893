"""What a day may cost: reserved before a call, settled after it, over all workers. Days end at midnight UTC.

The document: `day` (days since 1970), `images` and `usd` that are used or reserved, and `open`: reservation → USD of
those that are neither settled nor released. So a reservation of a worker that was killed before its call can be given
back; `reclaimed` lists those. Version 1.0 drops both lists: what was in `open` then stays until midnight, as it did
there, unless its worker lives. `announced` is the last day on which it was reported that nothing is left.
"""

import time
from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from dalle.errors import BudgetExhausted
from dalle.storage.protocol import Documents, Edit
from dalle.webhooks.alarms import Alarms

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Reservation:
    """One picture and `usd` of a day (days since 1970, UTC), for one attempt of a run."""

    day: int
    usd: float
    run_id: str
    number: int

    @property
    def name(self) -> str:
        return f"{self.run_id}.{self.number}"


class Budget:
    """`images` pictures and `usd` dollars a day; 0 is no limit. Counts are kept even without limits, for health.

    `alarms` reports once a day that nothing is left.
    """

    def __init__(
        self,
        documents: Documents,
        *,
        images: int = 0,
        usd: float = 0.0,
        alarms: Alarms | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._documents = documents
        self._images = images
        self._usd = usd
        self._alarms = alarms
        self._clock = clock

    def reserve(self, usd: float, run_id: str, number: int, edit: Edit | None = None) -> Reservation:
        """Take one picture and its estimate, in the commit that `edit` belongs to.

        Raises BudgetExhausted, with the seconds until midnight.
        """
        with self._open(edit) as document:
            day = self._start_day(document)
            images, spent = document["images"], document["usd"]
            if (self._images and images >= self._images) or (self._usd and spent + usd > self._usd + 1e-9):
                raise self._exhausted()
            reservation = Reservation(day, usd, run_id, number)
            document |= {"images": images + 1, "usd": round(spent + usd, 6)}
            document["open"] = {**document["open"], reservation.name: usd}
            return reservation

    def settle(self, reservation: Reservation, usd: float) -> None:
        """The call was charged `usd` dollars."""
        self._close(reservation, 0, usd - reservation.usd)

    def release(self, reservation: Reservation) -> None:
        """The call was surely not charged. What the sweep has reclaimed is not given back twice."""
        self._close(reservation, -1, -reservation.usd, once=True)

    def keep(self, reservation: Reservation) -> None:
        """The call may have been charged: what was reserved counts as used."""
        self._close(reservation, 0, 0.0)

    def reserved(self, run_id: str) -> dict[int, float]:
        """Return the USD of a run's attempts that are neither settled nor released, by their numbers."""
        rows = ((name.rpartition("."), usd) for name, usd in _open(self._documents.read("budget")).items())
        return {int(number): usd for (run, _, number), usd in rows if run == run_id}

    def reclaim(self, run_id: str, sent: Container[int]) -> int:
        """Give back what a run had reserved for attempts that are not among the `sent` ones; return how many.

        For a run whose holder is gone. A reservation of a `sent` attempt stays: a holder that only slept may still
        settle or release it.
        """
        if not any(name.startswith(f"{run_id}.") for name in _open(self._documents.read("budget"))):
            return 0
        count = 0
        with self._open() as document:
            self._start_day(document)
            for name, usd in list(document["open"].items()):
                run, _, number = name.rpartition(".")
                if run == run_id and int(number) not in sent:
                    del document["open"][name]
                    document["reclaimed"] = [*document["reclaimed"], name]
                    _add(document, -1, -usd)
                    count += 1
        return count

    def add(self, usd: float) -> None:
        """Count money that was spent beside the pictures."""
        if usd:
            with self._open() as document:
                self._start_day(document)
                _add(document, 0, usd)

    def check(self, usd: float = 0.0) -> None:
        """Raise BudgetExhausted if no further picture of this price can be reserved today."""
        left = self.left()
        usd_left = left["usd_left"]
        if left["images_left"] == 0 or (usd_left is not None and (usd_left == 0 or usd > usd_left + 1e-9)):
            self.announce()
            raise self._exhausted()

    def announce(self) -> None:
        """Report that nothing is left for today, unless that was done. Not while an entry is open."""
        if not (self._alarms and self._alarms.wants("budget.exhausted")):
            return
        present = self._documents.read("budget")
        if present.get("announced") == self._day(present):
            return
        with self._open() as document:
            day = self._start_day(document)
            if document.get("announced") != day and self._alarms.budget_exhausted(day):
                document["announced"] = day

    def left(self) -> dict[str, float | None]:
        """Return images, usd: used today; images_left, usd_left: None without a limit."""
        document = dict(self._documents.read("budget"))
        self._start_day(document)
        images, usd = document["images"], document["usd"]
        return {
            "images": images,
            "usd": usd,
            "images_left": max(self._images - images, 0) if self._images else None,
            "usd_left": round(max(self._usd - usd, 0.0), 6) if self._usd else None,
        }

    def _close(self, reservation: Reservation, images: int, usd: float, *, once: bool = False) -> None:
        """Correct the counts, unless the day of the reservation is over: then it belongs to the day before."""
        with self._open() as document:
            if document.get("day", reservation.day) != reservation.day:
                return
            self._start_day(document, reservation.day)
            document["open"].pop(reservation.name, None)
            if not (once and reservation.name in document["reclaimed"]):
                _add(document, images, usd)

    @contextmanager
    def _open(self, edit: Edit | None = None) -> Iterator[dict[str, Any]]:
        with (edit or self._documents.edit)("budget", durable=bool(self._images or self._usd)) as document:
            yield document

    def _start_day(self, document: dict[str, Any], day: int | None = None) -> int:
        """Bring the document to `day`, or today, and into order; return the day."""
        day = self._day(document) if day is None else day
        same = document.get("day") == day
        images, usd = document.get("images"), document.get("usd")
        document["day"] = day
        document["images"] = images if same and isinstance(images, int) else 0
        document["usd"] = float(usd) if same and isinstance(usd, int | float) else 0.0
        document["open"] = _open(document) if same else {}
        reclaimed = document.get("reclaimed")
        document["reclaimed"] = reclaimed if same and isinstance(reclaimed, list) else []
        return day

    def _day(self, document: dict[str, Any]) -> int:
        """Return today's number: never before the day that is counted, or clocks that differ pay twice at midnight."""
        today = int(self._clock() // DAY)
        return today + 1 if document.get("day") == today + 1 else today

    def _exhausted(self) -> BudgetExhausted:
        return BudgetExhausted(retry_after=DAY - self._clock() % DAY)


def _add(document: dict[str, Any], images: int, usd: float) -> None:
    document["images"] = max(document["images"] + images, 0)
    document["usd"] = round(max(document["usd"] + usd, 0.0), 6)


def _open(document: dict[str, Any]) -> dict[str, float]:
    """Return the reservations that are open, without invalid entries."""
    value = document.get("open")
    rows = value.items() if isinstance(value, dict) else ()
    return {
        name: float(usd) for name, usd in rows if isinstance(usd, int | float) and name.rpartition(".")[2].isdecimal()
    }
