"""What the stub shall do, call by call; shared by all its threads."""

import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import Any

from tests.stub_openai.faults import NAMES


@dataclass
class Rule:
    """Applies to calls of `path` whose prompt contains `match`; `times` 0 means always, else it is used up.

    fault "" means a good answer; `latency` seconds pass before it. `after` good calls are let through first.
    `content` is what the language model writes, and `finish` why it ended.
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

    def __post_init__(self) -> None:
        if self.fault and self.fault not in NAMES:
            raise ValueError(f"unknown fault {self.fault!r}: expected one of {', '.join(sorted(NAMES))}")


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
        rules = [Rule(**rule) for rule in plan.get("rules", [])]
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
