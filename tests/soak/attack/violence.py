"""Signals to processes: what the kernel, an operator and systemd do to them."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress

from tests.soak.attack.autopsy import autopsy
from tests.soak.attack.ground import Ground

POLITE = [signal.SIGHUP, signal.SIGTTIN, signal.SIGTTOU, signal.SIGUSR1, signal.SIGWINCH]


def kill_worker(ground: Ground, chance: random.Random) -> None:
    """kill -9, SIGTERM or SIGQUIT of one worker."""
    service = chance.choice(ground.services)
    with suppress(OSError, ValueError, IndexError):
        worker = chance.choice(service.workers())
        os.kill(worker, chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGQUIT]))
        ground.witness.count("workers killed")
    time.sleep(chance.uniform(0.5, 4))


def stop_worker(ground: Ground, chance: random.Random) -> None:
    """SIGSTOP of a worker, shorter and longer than its claims live, and SIGCONT."""
    service = chance.choice(ground.services)
    with suppress(OSError, ValueError, IndexError):
        worker = chance.choice(service.workers())
        os.kill(worker, signal.SIGSTOP)
        try:
            ground.ending.wait(chance.uniform(0.1, 6))
        finally:
            os.kill(worker, signal.SIGCONT)
        ground.witness.count("workers stopped")
    time.sleep(chance.uniform(1, 6))


def signal_master(ground: Ground, chance: random.Random) -> None:
    """Reload, one worker more, one less, logs reopened. A program that is only starting would end or stop by them."""
    service = chance.choice(ground.services)
    with suppress(OSError):
        assert service.is_alive()
        service.send_signal(chance.choice(POLITE[:4]))
        ground.witness.count("masters signalled")
    time.sleep(chance.uniform(3, 9))


def kill_service(ground: Ground, chance: random.Random) -> None:
    """kill -9 of a whole service at once, as when a machine loses power, and its start."""
    service = chance.choice(ground.services)
    if chance.random() < 0.7:
        service.kill()
    else:
        service.send_signal(signal.SIGTERM)
        try:
            service.process.wait(40)
        except subprocess.TimeoutExpired:
            ground.witness.accuse("does not stop", (service.text()[-1500:], autopsy(service.process.pid)))
        service.kill()
    ground.witness.count("services killed")
    time.sleep(chance.uniform(0, 2))
    service.start()
    time.sleep(chance.uniform(8, 20))
