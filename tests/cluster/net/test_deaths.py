"""Hosts that are killed and stopped as a whole, and a database that is killed, while paid calls are out.

DALLE_LONG=1: forty deaths instead of a few.
"""

import os
import random
import signal
import time
from collections import Counter
from contextlib import suppress

from tests.cluster.net.hosts import LEASE, Host, Net, new_paths, pictured
from tests.kit.waiting import wait

DEATHS, KEYS = (40, 80) if os.environ.get("DALLE_LONG") == "1" else (6, 12)
PAYERS = 16


def revive(cluster: Net) -> None:
    cluster.postgres.start()
    cluster.postgres.wait_until_ready()


def test_pays_once_when_the_database_is_killed_between_call_and_answer(cluster: Net) -> None:
    one, other = hosts = cluster.add(2, WORKERS=2, JOBS=PAYERS // 4)
    cluster.stub.script({"latency": {"images": 3}})
    paths = new_paths(PAYERS)
    for number, path in enumerate(paths):
        hosts[number % 2].ask(f"{path}?generate=1")
    wait(lambda: cluster.stub.images() == PAYERS, "all calls to be out")
    cluster.postgres.kill_at_once()
    wait(lambda: len(one.spooled()) + len(other.spooled()) == PAYERS, "all answers to be on the disks of their hosts")
    revive(cluster)
    for path in paths:
        wait(lambda path=path: pictured(other, path), "the picture")
    cluster.settle()
    cluster.require_one_picture(paths)
    assert cluster.stub.images() == PAYERS


class Harm:
    """What is done to hosts and database, in an order that a seed decides."""

    def __init__(self, cluster: Net, seed: int) -> None:
        self._cluster = cluster
        self._chance = random.Random(seed)

    def do(self) -> None:
        host = self._chance.choice(self._cluster.hosts)
        self._chance.choice([self.kill, self.stop, self.kill_database])(host)

    def kill(self, host: Host) -> None:
        host.kill()
        time.sleep(self._chance.uniform(0, LEASE))
        host.start()

    def stop(self, host: Host) -> None:
        pids = [host.process.pid, *host.children()]
        for number in (signal.SIGSTOP, signal.SIGCONT):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
            time.sleep(1.5 * LEASE if number == signal.SIGSTOP else 0)

    def kill_database(self, _: Host) -> None:
        self._cluster.postgres.kill_at_once()
        time.sleep(self._chance.uniform(0, LEASE))
        revive(self._cluster)


def ask_somebody(cluster: Net, path: str, chance: random.Random) -> None:
    """Ask a host that may be dead or asleep."""
    with suppress(OSError):
        chance.choice(cluster.hosts).client.ask(f"{path}?generate=1", timeout=1)


def test_explains_every_call_whatever_dies(cluster: Net) -> None:
    cluster.add(3)
    cluster.stub.script({"latency": {"images": 0.5}})
    harm, chance = Harm(cluster, 1), random.Random(2)
    paths = new_paths(KEYS)
    for step in range(DEATHS):
        for path in paths[: (step + 1) * KEYS // DEATHS]:
            ask_somebody(cluster, path, chance)
        harm.do()
    for host in cluster.hosts:
        host.wait_until_ready()
    ends = Counter(require_end(cluster, path) for path in paths)
    cluster.settle()
    assert ends.keys() <= {"", "OUTCOME_UNKNOWN", "INTERRUPTED"}
    for path in paths:
        outcomes = Counter(cluster.attempts(path))
        assert outcomes[""] == 0, outcomes
        assert cluster.posts(path) <= sum(outcomes.values()) - outcomes["refused"], outcomes
        if outcomes["accepted"] and not pictured(cluster.hosts[0], path):
            finish_at_no_cost(cluster, path)
        assert outcomes["accepted"] == sum(pictured(host, path) for host in cluster.hosts) / 3, outcomes


def finish_at_no_cost(cluster: Net, path: str) -> None:
    """Ask again for a run that was given up though its answer is kept."""
    posts, host = cluster.posts(path), cluster.hosts[0]
    host.ask(f"{path}?generate=1")
    wait(lambda: pictured(host, path), "the picture of the answer that was kept")
    assert cluster.posts(path) == posts


def require_end(cluster: Net, path: str) -> str:
    """Ask for a key until its run has ended; return the code of its failure, "" for a picture."""

    def ended() -> str | None:
        answer = cluster.hosts[0].ask(f"{path}?generate=1")
        if answer.status != 200 or not answer.json["done"]:
            return None
        return answer.json["errorCode"] or "picture"

    return wait(ended, "its end").replace("picture", "")
