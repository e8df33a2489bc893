"""A provider in a bad mood: another one every few seconds. Nothing that stops it for all keys: key and money."""

import random
import time
from contextlib import suppress
from typing import Any

from tests.soak.attack.ground import Ground
from tests.stub_openai.faults import NAMES

STOPPING = {
    "401",
    "403",
    "billing",
    "quota",
    "spend_limit",
    "404",
    "huge",
    "url_huge",
    "zip_bomb",
    "url_private",
    "url_redirect",
}
FAULTS = sorted(NAMES - STOPPING)
QUEUED = {"id": "{TASK}", "object": "generation.task", "status": "queued"}
STRANGE: list[dict[str, Any]] = [
    {"times": 2, "answer": {"json": QUEUED}, "task": {}},
    {"times": 2, "answer": {"json": QUEUED}, "task": {"seconds": 6}},
    {"times": 1, "answer": {"json": QUEUED}, "task": {"forms": []}},
    {"times": 1, "answer": {"status": 202, "headers": {"Location": "/v1/tasks/{TASK}"}}, "task": {"times": 3}},
    {"times": 1, "answer": {"text": "garbage \0\ufffd {"}},
    {"times": 1, "answer": {"text": ""}},
    {"times": 1, "answer": {"status": 204}},
    {"times": 1, "answer": {"json": {"data": [{"b64_json": "{B64}"}]}, "cut": 5000}},
    {"times": 1, "answer": {"json": {"data": [{"b64_json": "{B64}"}]}, "encoding": "gzip"}},
]
"""Tasks that end, last and are unknown, and answers that are none."""


def change(ground: Ground, chance: random.Random) -> None:
    faults = [
        {
            "fault": chance.choice(FAULTS),
            "times": chance.randrange(1, 5),
            "latency": chance.choice([0, 0, 0.5, 3]),
            "wait": 0.2,
        }
        for _ in range(chance.randrange(5))
    ]
    faults += chance.sample(STRANGE, chance.randrange(len(STRANGE)))
    chance.shuffle(faults)
    plan = {"rules": faults, "latency": {"images": chance.choice([0, 0.1, 0.5, 2, 5])}}
    burst = {"limit": 3, "window": 2} if chance.random() < 0.2 else {}
    with suppress(OSError):  # it hangs
        ground.stub.script(plan | burst)
    ground.witness.count("moods")
    time.sleep(chance.uniform(2, 9))
