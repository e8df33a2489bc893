"""Following a run to its end."""

import time
from collections.abc import Callable
from typing import Any

from app.client import terminal
from app.client.local import Desk
from app.client.remote import Unreachable
from dalle.key import Key

# A restart of the server is no reason to give up.
PATIENCE = 30.0
DOING = {
    "setup": "setting up",
    "base_prompts": "writing",
    "enhance_prompt": "enhancing",
    "image_prep": "preparing",
    "image_wait": "painting",
    "image_download": "fetching",
    "annotate": "annotating",
    "completed": "done",
    "failed": "failed",
}


def follow(
    desk: Desk,
    key: Key,
    report: dict[str, Any],
    *,
    timeout: float = 0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> dict[str, Any]:
    """Look again and again until the run is done, or `timeout` seconds have passed (0: never).

    Gives the last report; {} when the key became idle. Raises Unreachable when the server stays away.
    """
    began, pause, heard = clock(), 0.2, clock()
    with terminal.bar(100, terminal.short_address(key.address)) as bar:
        while report and not report["done"]:
            bar.show(float(report["percent"]), doing(report))
            if timeout and clock() - began >= timeout:
                break
            sleep(pause)
            pause = min(pause * 1.2, 2.0 if desk.remote else 0.3)
            try:
                report = desk.look(key)
                heard = clock()
            except Unreachable:
                if clock() - heard > PATIENCE:
                    raise
        if report:
            bar.show(float(report["percent"]), doing(report))
    return report


def is_queued(report: dict[str, Any]) -> bool:
    """Whether the run still waits for its turn; lists of runs carry no phases to tell it by."""
    return bool(report["currentPhase"] == "setup" and report["percent"] == 0)


def doing(report: dict[str, Any]) -> str:
    """What happens now and how long it takes, in few words."""
    if report["done"]:
        return DOING.get(report["currentPhase"], "done")
    if is_queued(report):
        return f"queued, {report['queuePosition'] + 1}."
    return f"{DOING.get(report['currentPhase'], report['currentPhase'])} {terminal.time_left(report['etaSeconds'])}"
