"""A provider in a bad mood: another one every few seconds. Nothing that stops it for all keys: key and money."""

import random
import time

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
    ground.stub.script({"rules": faults, "latency": {"images": chance.choice([0, 0.1, 0.5, 2, 5])}})
    ground.witness.count("moods")
    time.sleep(chance.uniform(2, 9))
