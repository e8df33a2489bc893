"""What calls to the provider cost, summed up by all that people ask for; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dalle.storage.attempt import OFFLINE_ARTIST

DAY_NS = 86_400_000_000_000
LAST_DAY = 2_932_896  # the end of the year 9999: what dates can show

OUTCOMES = ("accepted", "refused", "unknown")


class Group(NamedTuple):
    """What calls have in common. `day`: days since 1970 (UTC); `code`: "OK" without an error."""

    day: int
    series: str
    kind: str
    model: str
    code: str


@dataclass(slots=True)
class Expense:
    """How many calls ended how, and their money in millionths of a USD: as whole numbers, sums of sums are exact.

    at_risk  estimates of paid calls whose outcome is unknown: they may have been charged
    """

    accepted: int = 0
    refused: int = 0
    unknown: int = 0
    spent: int = 0
    at_risk: int = 0

    @property
    def calls(self) -> int:
        return self.accepted + self.refused + self.unknown

    def add(self, other: "Expense") -> None:
        self.accepted += other.accepted
        self.refused += other.refused
        self.unknown += other.unknown
        self.spent += other.spent
        self.at_risk += other.at_risk

    def count(self, call: Mapping[str, Any]) -> None:
        """Add one call of the log. An outcome that this version does not know is as good as none."""
        outcome = call.get("outcome")
        if outcome == "accepted":
            self.accepted += 1
        elif outcome == "refused":
            self.refused += 1
        else:
            self.unknown += 1
            if call.get("paid"):
                self.at_risk += millionths(call.get("estimate"))
        self.spent += millionths(call.get("cost"))


Expenses = dict[Group, Expense]


def millionths(usd: Any) -> int:
    """Return a sum of money as a whole number; 0 for anything that is none."""
    try:
        return round(float(usd) * 1_000_000)
    except (TypeError, ValueError, OverflowError):
        return 0


def sent_at(call: Mapping[str, Any]) -> int:
    """Return when a call was sent, in Unix nanoseconds. Raises ValueError, TypeError, KeyError for what is no call."""
    sent_ns = int(call["sentNs"])
    if not 0 <= sent_ns // DAY_NS <= LAST_DAY:
        raise ValueError("sentNs")
    return sent_ns


def group_of(call: Mapping[str, Any], sent_ns: int) -> Group:
    """Return the group of a call. Lines of version 0 have no kind: they are image calls."""
    return Group(
        sent_ns // DAY_NS,
        str(call.get("series", "")),
        str(call.get("kind") or "image"),
        model_of(call),
        str(call.get("errorCode") or "OK"),
    )


def model_of(call: Mapping[str, Any]) -> str:
    """Return what painted, as people read it."""
    maker = [OFFLINE_ARTIST] if call.get("painter") == "sketch" else [call.get("painter"), call.get("model")]
    return " ".join(str(part) for part in (*maker, call.get("size"), call.get("quality")) if part)
