"""How runs are shown: what each one does at the moment, in words, with JavaScript and without."""

import time
from collections.abc import Mapping
from typing import Any

LEFT_OUT = ("phases", "phaseAverages", "dalleDress")
FOLDED = 3
"""More runs than these are folded, so that they leave the pictures on the screen."""
DOING: Mapping[str, str] = {
    "setup": "Choosing the words",
    "base_prompts": "Choosing the words",
    "enhance_prompt": "Refining the prompt",
    "image_prep": "Preparing to paint",
    "image_wait": "Painting",
    "image_download": "Fetching the picture",
    "annotate": "Setting the caption",
    "completed": "Finished",
}


def summary(report: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a run's report without what a list does not show: pages poll all runs at once."""
    shown = {name: value for name, value in report.items() if name not in LEFT_OUT}
    return {**shown, "title": report["dalleDress"]["titlePrompt"], "status": status(report)}


def status(report: Mapping[str, Any]) -> str:
    """Returns what the run does at the moment, or why it failed, for people."""
    if report["error"]:
        return sentence(report["error"])
    if position := report["queuePosition"]:
        return "Waiting: next in the queue" if position == 1 else f"Waiting: number {position} in the queue"
    doing = DOING.get(report["currentPhase"], "In progress")
    left = f", about {duration(report['etaSeconds'])} left" if report["etaSeconds"] >= 1 else ""
    return f"{doing}: {int(report['percent'])} %{left}"


def tally(running: int, failed: int) -> str:
    """Returns how many pictures there are of each kind, as the page's script writes it."""
    parts = [f"{running} picture{'s'[: running != 1]} in progress"] * bool(running) + [f"{failed} failed"] * bool(
        failed
    )
    return ", ".join(parts)


def sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def seconds_left(report: Mapping[str, Any]) -> float:
    """Returns how long a failure still pauses its key, 0 when it can be tried again."""
    left: float = report["retryAtNs"] / 1e9 - time.time()
    return max(0.0, left)


def retry_label(report: Mapping[str, Any]) -> str:
    """Returns the label of the button that tries again, as the page's script writes it."""
    left = seconds_left(report)
    return f"Try again in {duration(left)}" if left else "Try again"


def duration(seconds: float) -> str:
    """Returns 45 s, 3 minutes or 5 hours, rounded up, as the page's script writes it."""
    for unit, name in ((3600, "hours"), (60, "minutes")):
        if seconds > 2 * unit:
            return f"{-int(-seconds // unit)} {name}"
    return f"{-int(-seconds // 1)} s"


FILTERS = (tally, retry_label, seconds_left)  # of the template
