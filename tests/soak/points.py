"""Where a worker is killed: each write of a run, before and after it, and the call itself."""

from dataclasses import dataclass
from typing import Literal

Call = Literal["before", "during", "after"]


@dataclass(frozen=True)
class Point:
    """`call`: where the point is; `during`: from the written attempt to the committed bytes."""

    name: str
    when: str
    op: str
    path: str
    content: str = ""
    call: Call = "before"


STEPS: list[tuple[str, str, str, str, Call, Call]] = [
    ("ticket", "create", r"queue/.*ADDRESS\.waiting$", "", "before", "before"),
    ("request's journal", "replace", r"runs/.*ADDRESS\.json$", r'"state":"queued"', "before", "before"),
    ("request's report", "replace", r"progress/ADDRESS\.json$", "", "before", "before"),
    ("claim", "replace", r"locks/.*ADDRESS\.lock$", "", "before", "before"),
    ("ticket moved", "rename", r"queue/.*ADDRESS\.running$", "", "before", "before"),
    ("setup", "replace", r"runs/.*ADDRESS\.json$", r'"state":"running"', "before", "before"),
    ("prompt", "replace", r"prompt/ADDRESS\.txt$", "", "before", "before"),
    ("selector", "replace", r"selector/ADDRESS\.json$", "", "before", "before"),
    ("image_wait", "replace", r"runs/.*ADDRESS\.json$", r'"image_wait","startedNs":[1-9]', "before", "before"),
    ("attempt", "replace", r"runs/.*ADDRESS\.json$", r'"outcome":""', "before", "during"),
    ("bytes", "replace", r"runs/.*ADDRESS\.[0-9a-f]+\.1\.raw$", "", "during", "after"),
    ("answer", "replace", r"runs/.*ADDRESS\.json$", r'"outcome":"accepted"', "after", "after"),
    ("annotate", "replace", r"runs/.*ADDRESS\.json$", r'"annotate","startedNs":[1-9]', "after", "after"),
    ("picture", "replace", r"annotated/ADDRESS\.png$", "", "after", "after"),
    ("thumbnail", "replace", r"thumbs/64/ADDRESS\.webp$", "", "after", "after"),
    ("published", "replace", r"runs/.*ADDRESS\.json$", r'"published":true', "after", "after"),
    ("generated", "replace", r"generated/ADDRESS\.png$", "", "after", "after"),
    ("completed", "replace", r"runs/.*ADDRESS\.json$", r'"state":"completed"', "after", "after"),
    ("last report", "replace", r"progress/ADDRESS\.json$", r'"done":true', "after", "after"),
    ("ticket dropped", "unlink", r"queue/.*ADDRESS\.running$", "", "after", "after"),
    ("claim dropped", "unlink", r"locks/.*ADDRESS\.lock$", "", "after", "after"),
    ("life dropped", "unlink", r"locks/.*ADDRESS\..*\.live$", "", "after", "after"),
]

POINTS = [
    Point(f"{when} {name}", when, op, path, content, call)
    for name, op, path, content, first, second in STEPS
    for when, call in (("before", first), ("after", second))
] + [Point("before connecting", "before", "connect", r", PORT\)$", "", "during")]

# One of each kind, for the suite.
SHORT = [
    "after ticket",
    "after request's journal",
    "after claim",
    "after ticket moved",
    "after prompt",
    "before attempt",
    "before connecting",
    "before bytes",
    "after bytes",
    "after picture",
    "after published",
    "before completed",
    "after completed",
    "after ticket dropped",
]
