"""Tasks of an asynchronous provider: they live as long as the stub, whatever happens to those who ask for them."""

import threading
import time
from dataclasses import dataclass, field

from tests.stub_openai.literal import Literal, Values, fill

PENDING = Literal(headers={"Retry-After": "0"}, json={"id": "{TASK}", "status": "in_progress"})
ENDED = Literal(json={"id": "{TASK}", "status": "completed", "data": [{"b64_json": "{B64}"}]})


@dataclass(frozen=True)
class Course:
    """How a task goes: `pending` for so many questions and for so many `seconds`, then `ended`.

    forms  the paths that know the task; every other one is 404
    """

    pending: Literal = PENDING
    ended: Literal = ENDED
    times: int = 1
    seconds: float = 0.0
    forms: list[str] = field(default_factory=lambda: ["/v1/tasks/{TASK}"])


class Task:
    """One task, from its submission."""

    def __init__(self, course: Course, values: Values) -> None:
        self.course = course
        self.values = values
        self.left = course.times
        self.until = time.monotonic() + course.seconds

    def ask(self) -> Literal:
        if self.left > 0:
            self.left -= 1
            return self.course.pending
        return self.course.pending if time.monotonic() < self.until else self.course.ended


class Tasks:
    """All tasks, by the paths that know them; thread-safe."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.tasks: dict[str, Task] = {}
        self.count = 0

    def new_id(self) -> str:
        with self.lock:
            self.count += 1
            return f"task_{self.count}"

    def add(self, course: Course, values: Values) -> None:
        task = Task(course, values)
        with self.lock:
            self.tasks |= {fill(form, values): task for form in course.forms}

    def ask(self, path: str) -> tuple[Literal, Values] | None:
        """The answer to one question at a path, None where no task is known."""
        with self.lock:
            task = self.tasks.get(path)
            return (task.ask(), task.values) if task else None
