"""The phases of a run, in order."""

from dataclasses import dataclass

PHASES = (
    "setup",
    "base_prompts",
    "enhance_prompt",
    "image_prep",
    "image_wait",
    "image_download",
    "annotate",
    "completed",
)


@dataclass(slots=True)
class Phase:
    """One phase of a run; times are Unix nanoseconds, 0: not yet."""

    name: str
    started_ns: int = 0
    ended_ns: int = 0
    skipped: bool = False
    error: str = ""
