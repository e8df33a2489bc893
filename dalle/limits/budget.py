"""What a day may cost: reserved before a call, settled after it, over all workers. Days end at midnight UTC."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dalle.errors import BudgetExhausted, FileSystemError
from dalle.storage.folder import atomic as files

DAY = 86_400


@dataclass(frozen=True, slots=True)
class Reservation:
    """One picture and `usd` of the day numbered `day` (days since 1970, UTC)."""

    day: int
    usd: float


class Budget:
    """`images` pictures and `usd` dollars a day; 0 is no limit. Counts are kept even without limits, for health."""

    def __init__(
        self, path: Path, *, images: int = 0, usd: float = 0.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._path = path
        self._images = images
        self._usd = usd
        self._clock = clock

    def reserve(self, usd: float) -> Reservation:
        """Take one picture and its estimate. Raises BudgetExhausted, with the seconds until midnight.

        A reservation whose holder dies stays taken: the call may have been charged.
        """
        day, refused = 0, False

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            nonlocal day, refused
            day = self._day(present)
            images, spent = self._counts(present, day)
            full = bool(self._images) and images >= self._images
            refused = full or (bool(self._usd) and spent + usd > self._usd + 1e-9)
            return None if refused else {"day": day, "images": images + 1, "usd": round(spent + usd, 6)}

        files.update_json(self._path, change, durable=bool(self._images or self._usd))
        if refused:
            raise self._exhausted()
        return Reservation(day, usd)

    def settle(self, reservation: Reservation, usd: float) -> None:
        """The call was charged `usd` dollars."""
        self._adjust(reservation.day, 0, usd - reservation.usd)

    def release(self, reservation: Reservation) -> None:
        """The call was surely not charged."""
        self._adjust(reservation.day, -1, -reservation.usd)

    def add(self, usd: float) -> None:
        """Money that went out beside the pictures."""
        if usd:
            self._adjust(None, 0, usd)

    def check(self, usd: float = 0.0) -> None:
        """Raise BudgetExhausted if no further picture of this price can be reserved today."""
        left = self.left()
        usd_left = left["usd_left"]
        if left["images_left"] == 0 or (usd_left is not None and (usd_left == 0 or usd > usd_left + 1e-9)):
            raise self._exhausted()

    def left(self) -> dict[str, float | None]:
        """images, usd: used today; images_left, usd_left: None without a limit."""
        try:
            present = files.read_json(self._path)
        except FileSystemError:
            present = None
        images, usd = self._counts(present, self._day(present))
        return {
            "images": images,
            "usd": usd,
            "images_left": max(self._images - images, 0) if self._images else None,
            "usd_left": round(max(self._usd - usd, 0.0), 6) if self._usd else None,
        }

    def _adjust(self, day: int | None, images: int, usd: float) -> None:
        """Correct the counts of this day, or of today."""

        def change(present: dict[str, Any]) -> dict[str, Any] | None:
            today = self._day(present) if day is None else day
            if present.get("day", today) != today and day is not None:
                return None  # settled after midnight: it belongs to the day before
            taken, spent = self._counts(present, today)
            return {"day": today, "images": max(taken + images, 0), "usd": round(max(spent + usd, 0.0), 6)}

        files.update_json(self._path, change, durable=bool(self._images or self._usd))

    def _exhausted(self) -> BudgetExhausted:
        return BudgetExhausted(retry_after=DAY - self._clock() % DAY)

    def _day(self, present: Any) -> int:
        """Today's number: never before the day that is counted, or clocks that differ would pay twice at midnight."""
        today = int(self._clock() // DAY)
        counted = present.get("day") if isinstance(present, dict) else None
        return today + 1 if counted == today + 1 else today

    @staticmethod
    def _counts(present: Any, day: int) -> tuple[int, float]:
        if not isinstance(present, dict) or present.get("day") != day:
            return 0, 0.0
        images, usd = present.get("images"), present.get("usd")
        return (images if isinstance(images, int) else 0), (float(usd) if isinstance(usd, int | float) else 0.0)
