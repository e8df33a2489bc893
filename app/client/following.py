"""Follows a run to its end."""

import time
from collections.abc import Callable

from app.client import terminal
from app.client.client import Client, Fields, Unreachable
from dalle.key import Key

PATIENCE = 30.0
"""Seconds that a server may be unreachable: a restart is no reason to give up."""
PHASES = {
    "setup": "setting up",
    "base_prompts": "writing",
    "enhance_prompt": "enhancing",
    "image_prep": "preparing",
    "image_wait": "painting",
    "image_download": "downloading",
    "annotate": "annotating",
    "completed": "done",
    "failed": "failed",
}


def follow(
    client: Client,
    key: Key,
    report: Fields,
    *,
    timeout: float = 0,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Fields:
    """Polls until the run is done, or until `timeout` seconds have passed (0: no limit).

    Returns the last report, {} when the picture was removed meanwhile. Raises Unreachable when the server stays away.
    """
    started = answered = clock()
    pause = 0.2
    with terminal.bar(100, terminal.short_address(key.address)) as bar:
        while report and not report["done"]:
            bar.show(float(report["percent"]), describe(report))
            if timeout and clock() - started >= timeout:
                break
            sleep(pause)
            pause = min(pause * 1.2, 2.0 if client.remote else 0.3)
            try:
                report = client.report(key)
                answered = clock()
            except Unreachable:
                if clock() - answered > PATIENCE:
                    raise
        if report:
            bar.show(float(report["percent"]), describe(report))
    return report


def is_queued(report: Fields) -> bool:
    """Returns whether the run waits in the queue; reports in lists of runs have no phases to look at."""
    return bool(report["currentPhase"] == "setup" and report["percent"] == 0)


def describe(report: Fields) -> str:
    """Returns what the run does and how long it takes, in few words."""
    if report["done"] or is_queued(report):
        return activity(report)
    return f"{activity(report)} {terminal.time_left(report['etaSeconds'])}"


def activity(report: Fields) -> str:
    """Returns what the run does, for people."""
    phase = report["currentPhase"]
    if report["done"]:
        return PHASES.get(phase, "done")
    if is_queued(report):
        position = report["queuePosition"]  # 0 in a report that was made on demand
        return f"queued (position {position})" if position else "queued"
    return PHASES.get(phase, "in progress")  # a phase of a later version
