"""Follows a run to its end."""

import time
from collections.abc import Callable

from app.client import terminal
from app.client.client import Client, Fields, Unreachable
from dalle.key import Key

PATIENCE = 30.0
"""Seconds that a server may be unreachable: a restart is no reason to give up."""
WAIT, WATCHED = 25, 2
"""Seconds that a server may wait with its answer: as proxies permit, and as a person does who watches the progress."""
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

    A server is asked to wait with its answer; one that answers at once is polled with pauses.
    Returns the last report, {} when the picture was removed meanwhile. Raises Unreachable when the server stays away.
    """
    started = answered = clock()
    pause = 0.2
    with terminal.bar(100, terminal.short_address(key.address)) as bar:
        while report and not report["done"]:
            bar.show(float(report["percent"]), describe(report))
            asked = clock()
            left = started + timeout - asked if timeout else WAIT
            if left <= 0:
                break
            try:
                report = client.report(key, wait=wait_for(client, left))
                answered = clock()
            except Unreachable:
                if clock() - answered > PATIENCE:
                    raise
            if report and not report["done"]:
                sleep(max(0.0, asked + pause - clock()))
                pause = min(pause * 1.2, 2.0 if client.remote else 0.3)
        if report:
            bar.show(float(report["percent"]), describe(report))
    return report


def wait_for(client: Client, left: float) -> int:
    """Returns the seconds that a server is asked to wait."""
    return min(WATCHED if terminal.is_watched() else WAIT, max(1, int(left))) if client.remote else 0


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
