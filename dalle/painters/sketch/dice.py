"""Numbers from an address by name: every trait has its own, so that a new trait changes no other."""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Named throws: the same seed and name lead to the same number, in any order and on any machine."""

    def __init__(self, *seed: str) -> None:
        self._seed = "/".join(seed)

    def unit(self, name: str) -> float:
        """A number of [0, 1)."""
        digest = hashlib.sha256(f"{self._seed}/{name}".encode()).digest()
        return int.from_bytes(digest[:6], "big") / 2**48

    def span(self, name: str, low: float, high: float) -> float:
        """A number of [low, high)."""
        return low + (high - low) * self.unit(name)

    def count(self, name: str, low: int, high: int) -> int:
        """A whole number of [low, high], both included."""
        return low + int(self.unit(name) * (high - low + 1))

    def pick(self, name: str, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self.unit(name) * len(choices))]

    def chance(self, name: str, likelihood: float) -> bool:
        """Whether an event of that likelihood (0…1) happens."""
        return self.unit(name) < likelihood

    def side(self, name: str) -> int:
        """-1 or 1."""
        return -1 if self.unit(name) < 0.5 else 1

    def stream(self, name: str) -> random.Random:
        """A long row of numbers; take only `random()`, the one method that Python promises never to change."""
        digest = hashlib.sha256(f"{self._seed}/{name}".encode()).digest()
        return random.Random(int.from_bytes(digest, "big"))
