"""Verifies a data folder in this process, as `dalleserver verify` does."""

import time
from pathlib import Path

from dalle.audit.audit import Audit
from dalle.limits.budget import Budget
from dalle.progress.averages import Averages
from dalle.progress.journals import Journals
from dalle.progress.reports import Reports
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.inventory import Fault


def verified(folder: Path, *, fix: bool = False, series: str = "", later: float = 0.0) -> list[Fault]:
    """Return what is wrong with a data folder, some seconds later."""
    storage = FolderStorage(folder, now_ns=lambda: time.time_ns() + round(later * 1e9))
    reports = Reports(storage, Journals(storage, 900), Averages(storage.documents))
    audit = Audit(storage, reports, Budget(storage.documents), fix=fix)
    with storage.inventory(series=series) as inventory:
        return [fault for part in audit.verify(inventory, is_whole=not series) for fault in part.faults]


def codes(faults: list[Fault]) -> list[str]:
    return sorted({fault.code for fault in faults})
