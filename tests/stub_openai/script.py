"""What the stub shall do, call by call; shared by all its threads."""

import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from tests.stub_openai.faults import NAMES
from tests.stub_openai.hosting import Terms
from tests.stub_openai.kinds import KINDS
from tests.stub_openai.literal import Literal
from tests.stub_openai.tasks import Course


@dataclass
class Rule:
    """Applies to calls of `path` whose prompt contains `match`; `times` 0 means always, else it is used up.

    fault "" means a good answer, or the literal `answer`; `latency` seconds pass before it. `after` good calls are let
    through first. In literal answers {B64}, {B64URL} (URL-safe, without padding) and {B64LINES} stand for a `picture`,
    {URL} for where it is and `urls` how it is had there, {TASK} for the id of a task that follows the course `task`,
    {ROOT} for the stub's own address, {ELSEWHERE} for the same one under another name. `content` is what the language
    model writes, and `finish` why it ended.
    """

    fault: str = ""
    path: str = "images"
    match: str = ""
    times: int = 0
    after: int = 0
    latency: float = 0.0
    wait: float = 1.0
    url: str = ""
    content: str = ""
    finish: str = "stop"
    answer: Literal | None = None
    picture: str = "photo"
    urls: Terms = field(default_factory=Terms)
    task: Course | None = None

    def __post_init__(self) -> None:
        if self.picture not in KINDS:
            raise ValueError(f"unknown picture {self.picture!r}: expected one of {', '.join(sorted(KINDS))}")
        if self.fault and self.fault not in NAMES:
            raise ValueError(f"unknown fault {self.fault!r}: expected one of {', '.join(sorted(NAMES))}")


def rule_of(row: dict[str, Any]) -> Rule:
    """A rule from JSON; what it is made of are objects there."""
    row = dict(row)
    if answer := row.get("answer"):
        row["answer"] = Literal(**answer)
    if urls := row.get("urls"):
        row["urls"] = Terms(**urls)
    if (task := row.get("task")) is not None:
        ends = {name: Literal(**task[name]) for name in ("pending", "ended") if name in task}
        row["task"] = Course(**(task | ends))
    return Rule(**row)


class Script:
    """Rules (first that applies wins), a latency for every call, and a rate limit over a sliding window."""

    def __init__(self, plan: Any = None) -> None:
        self.lock = threading.Lock()
        self.load(plan or {})

    def load(self, plan: Any) -> None:
        """Take a plan: a list of fault names, one per image call, or an object.

        {"rules": [{"fault": …, see Rule}], "latency": {path: seconds}, "limit": images per window, "window": seconds}
        """
        if isinstance(plan, list):
            plan = {"rules": [{"fault": name, "times": 1} if isinstance(name, str) else name for name in plan]}
        rules = [rule_of(rule) for rule in plan.get("rules", [])]
        latency = plan.get("latency", {})
        with self.lock:
            self.rules = rules
            self.latency = latency if isinstance(latency, dict) else {"images": latency, "chat": latency}
            self.limit = int(plan.get("limit", 0))
            self.window = float(plan.get("window", 60))
            self.models = plan.get("models")
            self.recent: deque[float] = deque()

    def next(self, path: str, prompt: str) -> Rule:
        """The rule for this call."""
        with self.lock:
            for rule in self.rules:
                if rule.path != path or rule.match not in prompt:
                    continue
                if rule.after:
                    rule.after -= 1
                    break
                if rule.times == 1:
                    self.rules.remove(rule)
                elif rule.times:
                    rule.times -= 1
                return rule
            if path == "images" and self.limit:
                now = time.monotonic()
                while self.recent and self.recent[0] <= now - self.window:
                    self.recent.popleft()
                if len(self.recent) >= self.limit:
                    return Rule("429_after", wait=max(0.0, self.recent[0] + self.window - now))
                self.recent.append(now)
            return Rule(latency=self.latency.get(path, 0.0))
