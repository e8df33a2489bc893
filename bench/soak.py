"""Loads a service that is reloaded and whose workers are killed (`make soak`): `python -m bench.soak SECONDS`."""

import http.client
import json
import os
import random
import secrets
import signal
import statistics
import sys
import threading
import time
from dataclasses import asdict, dataclass

from bench.parts import ended, family, pss
from tests.kit.nginx import Nginx, Place

# Each client asks for a new picture this often, in seconds: all together for fewer than two processors can paint beside
# the rest. A share of the requests would be more than that on a fast machine, and a full queue refuses by contract.
PAUSE = 4.0
# The share of requests that ask for a picture that is there: at the clients' fastest still fewer than the 50 a second
# that nginx lets one address ask.
GENERATE = 0.03


@dataclass
class Result:
    """What a soak has shown, and whether all of it is as promised."""

    name: str
    value: str
    holds: bool
    failures: list[str]


class Client(threading.Thread):
    """Polls, fetches, generates and reads lists over one kept-alive connection to nginx until `stopping` is set."""

    def __init__(self, port: int, keys: list[str], stopping: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.keys, self.stopping = port, keys, stopping
        self.answers = 0
        self.failed: list[tuple[float, str]] = []
        self.asked: list[str] = []

    def run(self) -> None:
        draw = random.Random(self.port)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        ask_at = time.monotonic() + draw.random() * PAUSE
        while not self.stopping.is_set():
            kind, new = draw.random(), ""
            path = f"/dalle/simple/{draw.choice(self.keys)}"
            if time.monotonic() > ask_at:
                ask_at += PAUSE
                new = f"/dalle/simple/0x{secrets.token_hex(20)}"
                path = f"{new}?generate=1"
            elif kind < GENERATE:
                path += "?generate=1"
            elif kind < 0.2:
                path = "/series"
            elif kind < 0.3:
                path += "?x=1"
            try:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                if answer.status == 200 and new:
                    self.asked.append(new)
                elif answer.status != 200:
                    self.failed.append((time.time(), f"{path}: {answer.status}"))
            except (OSError, http.client.HTTPException) as exc:
                self.failed.append((time.time(), f"{path}: {exc!r}"))
                connection.close()
            self.answers += 1
            time.sleep(0.005)
        connection.close()


def soak(seconds: float) -> Result:
    """Applies load, and a reload and a kill of a worker every minute, or every third of a shorter time."""
    stopping = threading.Event()
    kills: list[float] = []
    keys = [f"0x{secrets.token_hex(20)}" for _ in range(20)]
    with Place() as place, place.service(LOCK_TTL="5s") as service, Nginx(place):
        clients = [Client(place.port, keys, stopping) for _ in range(6)]
        for client in clients:
            client.start()
        try:
            pause = min(60.0, seconds / 3)
            began = time.monotonic()
            memory = []  # as it was before each reload: workers of the same age are compared
            reload_at, kill_at = began + pause / 3, began + pause * 2 / 3
            while (now := time.monotonic()) < began + seconds:
                if now > reload_at:
                    memory.append(sum(map(pss, family(service.process.pid))))
                    service.reload()
                    reload_at += pause
                if now > kill_at:
                    kills.append(time.time())
                    os.kill(service.workers()[-1], signal.SIGKILL)
                    kill_at += pause
                time.sleep(0.1)
        finally:
            stopping.set()
        for client in clients:
            client.join(30)
        lost = [path for client in clients for path in client.asked if not done(place.url, path)]
    return judged(seconds, clients, kills, lost, memory)


def judged(seconds: float, clients: list[Client], kills: list[float], lost: list[str], memory: list[int]) -> Result:
    """What the clients saw and how the memory of the workers grew, and whether that is as promised."""
    failed = [one for client in clients for one in client.failed]
    # a request in flight at a kill may fail; each of the clients has one at most
    others = [text for moment, text in failed if not any(0 <= moment - kill < 1 for kill in kills)]
    answers = sum(client.answers for client in clients)
    third = max(1, len(memory[1:]) // 3)  # the first workers had no time to grow
    growth = statistics.median(memory[-third:]) / statistics.median(memory[1 : 1 + third])
    value = f"{answers:,} answers, {len(failed)} failed at {len(kills)} kills, {len(others)} else; "
    value += f"{len(lost)} of {sum(len(client.asked) for client in clients)} jobs lost; memory × {growth:.2f}"
    holds = not others and not lost and growth < 1.25
    return Result(f"{seconds:.0f} s of mixed load, reloads, kills", value, holds, others[:5])


def done(url: str, path: str) -> bool:
    try:
        return ended(url + path, timeout=60).get("error", "") == ""
    except AssertionError:
        return False


if __name__ == "__main__":
    result = soak(float(sys.argv[1]) if len(sys.argv) > 1 else 600)
    print(json.dumps(asdict(result)))
    sys.exit(0 if result.holds else 1)
