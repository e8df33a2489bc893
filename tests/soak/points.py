"""Where a worker is killed: each write of a run, before and after it, and the calls themselves."""

from dataclasses import dataclass
from typing import Any, Literal

Call = Literal["before", "during", "after"]


@dataclass(frozen=True)
class Point:
    """`call`: where the point is; `during`: from the written attempt to the committed answer."""

    name: str
    when: str
    op: str
    path: str
    content: str = ""
    call: Call = "before"


ANSWER = r"runs/.*ADDRESS\.[0-9a-f]+\.1\.(answer|raw)$"
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
    ("answer", "replace", ANSWER, "", "during", "after"),
    ("outcome", "replace", r"runs/.*ADDRESS\.json$", r'"outcome":"accepted"', "after", "after"),
    ("annotate", "replace", r"runs/.*ADDRESS\.json$", r'"annotate","startedNs":[1-9]', "after", "after"),
    ("picture", "replace", r"annotated/ADDRESS\.png$", "", "after", "after"),
    ("generated", "replace", r"generated/ADDRESS\.png$", "", "after", "after"),
    ("thumbnail", "replace", r"thumbs/64/ADDRESS\.webp$", "", "after", "after"),
    ("published", "replace", r"runs/.*ADDRESS\.json$", r'"published":true', "after", "after"),
    ("answer dropped", "unlink", ANSWER, "", "after", "after"),
    ("completed", "replace", r"runs/.*ADDRESS\.json$", r'"state":"completed"', "after", "after"),
    ("last report", "replace", r"progress/ADDRESS\.json$", r'"done":true', "after", "after"),
    ("ticket dropped", "unlink", r"queue/.*ADDRESS\.running$", "", "after", "after"),
    ("claim dropped", "unlink", r"locks/.*ADDRESS\.lock$", "", "after", "after"),
    ("life dropped", "unlink", r"locks/.*ADDRESS\..*\.live$", "", "after", "after"),
]

# After the answer of the call: what a task and a URL add to it.
TASK_STEPS: list[tuple[str, str, str, str]] = [
    ("task", "replace", r"runs/.*ADDRESS\.json$", r'"task":\["'),
    ("task's answer", "replace", ANSWER, r'"status": ?"completed"'),
    ("outcome", "replace", r"runs/.*ADDRESS\.json$", r'"outcome":"accepted"'),
    ("picture", "replace", r"annotated/ADDRESS\.png$", ""),
    ("published", "replace", r"runs/.*ADDRESS\.json$", r'"published":true'),
    ("answer dropped", "unlink", ANSWER, ""),
]
URL_STEPS: list[tuple[str, str, str, str]] = [
    ("URL", "replace", r"runs/.*ADDRESS\.json$", r'"outcome":"accepted".*"url":"http'),
    ("download", "replace", r"runs/.*ADDRESS\.json$", r'"image_download","startedNs":[1-9]'),
    ("downloaded", "replace", ANSWER, "image/png"),
    ("picture", "replace", r"annotated/ADDRESS\.png$", ""),
    ("published", "replace", r"runs/.*ADDRESS\.json$", r'"published":true'),
    ("answer dropped", "unlink", ANSWER, ""),
]


def points(steps: list[tuple[str, str, str, str]]) -> list[Point]:
    """Before and after each step, all of them after the answer of the call."""
    return [
        Point(f"{when} {name}", when, op, path, content, "after")
        for name, op, path, content in steps
        for when in ("before", "after")
    ]


QUEUED = {"id": "{TASK}", "object": "generation.task", "status": "queued"}
TASK = {"answer": {"headers": {"Retry-After": "0"}, "json": QUEUED}, "task": {"times": 1}}
URL = {"fault": "url"}
KINDS: dict[str, tuple[Any, list[Point]]] = {
    "task": ({"rules": [TASK]}, points(TASK_STEPS)),
    "URL": ({"rules": [URL]}, points(URL_STEPS)),
}
"""Other answers than base64: the plan of the stub, and where a worker is killed."""

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
    "before answer",
    "after answer",
    "after picture",
    "after published",
    "before completed",
    "after completed",
    "after ticket dropped",
]
