"""`python -m tests.soak [scenario …]`: the long form; prints the figures of each scenario as it ends."""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.kit.stub import Stub
from tests.soak import cancels, crowds, disks, kills, running, slow, stops
from tests.soak.litellm.scenes import gateway
from tests.soak.points import POINTS
from tests.soak.service import Soaked
from tests.soak.skipping import Skipped


def killed_at(folder: Path, stub: Stub) -> dict[str, Any]:
    service = Soaked(folder, stub)
    with running.running(service):
        return kills.killed_at(service, stub, POINTS)


def one_key(masters: int, apart: bool) -> Callable[[Path, Stub], dict[str, Any]]:
    return lambda folder, stub: crowds.one_key(
        folder, stub, clients=500, keys=50, each=20, masters=masters, apart=apart
    )


SCENARIOS: dict[str, Callable[[Path, Stub], dict[str, Any]]] = {
    "one master": one_key(1, False),
    "two masters": one_key(2, False),
    "two pid namespaces": one_key(2, True),
    "killed at each write": killed_at,
    "stopped holders": stops.stopped,
    "stopped politely": stops.stopped_politely,
    "polled": crowds.polled,
    "slow clients": slow.slow,
    "full disk": disks.full_disk,
    "forbidden folder": disks.forbidden_folder,
    "cancelled": lambda folder, stub: cancels.cancelled(folder, stub, rounds=500),
    "killed often": lambda folder, stub: kills.killed_often(folder, stub, kills=30, keys=40),
    "behind LiteLLM": gateway,
}


def main(names: list[str]) -> int:
    failed = 0
    for name in names or SCENARIOS:
        begun = time.monotonic()
        with Stub() as stub, tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder:
            try:
                figures = ", ".join(f"{what} {value}" for what, value in SCENARIOS[name](Path(folder), stub).items())
            except Skipped as exc:
                figures = f"skipped: {exc}"
            except Exception as exc:
                failed += 1
                figures = f"FAILED: {type(exc).__name__}: {str(exc)[:2000]}"
        print(f"{name}: {figures} ({time.monotonic() - begun:.0f} s)", flush=True)  # noqa: T201 — its report
    return 1 if failed else 0


sys.exit(main(sys.argv[1:]))
