"""Commands on the same folder, some of them killed."""

import random
import subprocess
import sys

from tests.kit.environment import environment
from tests.soak.attack.ground import SETTINGS, Ground


def run(ground: Ground, chance: random.Random) -> None:
    quiet, wild = chance.choice(ground.quiet), chance.choice(ground.wild)
    words = chance.choice(
        [
            ["generate", "simple", quiet], ["generate", "simple", quiet, "--no-wait"], ["remove", "simple", wild],
            ["warm", "simple", "--addresses", "-"], ["doctor"], ["costs"], ["runs"], ["series", "list"],
            ["show", "simple", wild], ["poll", "simple", quiet], ["generate", "simple", wild, "--pay-again"],
            ["costs", "--by", "model", "--json"], ["doctor", "--online"], ["preview", quiet, "simple"],
            ["runs", "--json"], ["settings"],
        ]
    )  # fmt: skip
    environ = environment(ground.stub.variables, DATA_DIR=ground.data, **SETTINGS)
    process = subprocess.Popen(
        [sys.executable, "-m", "app.cli", *words],
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    limit = chance.choice([0.4, 1.5, 20, 40])
    try:
        output, _ = process.communicate("\n".join(ground.quiet[:5]).encode(), timeout=limit)
        if b"Traceback" in output:
            ground.witness.accuse("traceback of a command", (words, output[-1500:]))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        ground.witness.count("commands killed")
    ground.witness.count("commands")
