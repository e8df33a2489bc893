"""What was copied, in numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from dalle.storage.expenses import Expense


@dataclass(slots=True)
class Tally:
    """The numbers of one copy. `skipped`: keys that an earlier one had brought over; `problems`: sentences."""

    keys: int = 0
    skipped: int = 0
    pictures: int = 0
    blobs: int = 0
    size: int = 0
    journals: int = 0
    calls: int = 0
    spent: int = 0
    problems: list[str] = field(default_factory=list)

    def count_calls(self, expenses: Iterable[Expense]) -> None:
        """Take over how many calls there are, and their money in millionths of a USD."""
        for expense in expenses:
            self.calls += expense.calls
            self.spent += expense.spent
