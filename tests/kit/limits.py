"""Breakers and budgets over a data folder, and the claims that their holders name."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dalle.key import Key
from dalle.limits.breaker import Breaker, BreakerSettings
from dalle.limits.budget import Budget
from dalle.storage.folder.engine import FolderStorage
from tests.kit.folders import address

DAY = 20_000
NOON = DAY * 86_400 + 43_200.0
HOLDER = f"simple/{address(1)}/0123456789abcdef"
PARTS = ("observer", "is_held", "alarms")


def make_breaker(folder: Path, clock: Callable[[], float] = time.time, **given: Any) -> Breaker:
    """Settings and injected parts by name."""
    parts: dict[str, Any] = {name: given.pop(name) for name in PARTS if name in given}
    return Breaker(FolderStorage(folder).documents, BreakerSettings(**given), clock=clock, **parts)


def claim_key(storage: FolderStorage, number: int) -> str:
    """Claim a key as a run does; return what an order names its holder."""
    key = Key("simple", address(number))
    claim = storage.claim(key)
    assert claim
    return f"{key.series}/{key.address}/{claim.token}"


def make_budget(folder: Path, clock: Callable[[], float] = lambda: NOON, **limits: Any) -> Budget:
    return Budget(FolderStorage(folder).documents, clock=clock, **limits)


def stored_budget(folder: Path) -> dict[str, Any]:
    """The document as it is on the disk."""
    document: dict[str, Any] = json.loads((folder / "provider/budget.json").read_text())
    return document


def used(budget: Budget) -> tuple[float | None, float | None]:
    """The pictures and the USD that are reserved or spent."""
    left = budget.left()
    return left["images"], left["usd"]
