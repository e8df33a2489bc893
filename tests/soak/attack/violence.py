"""Signals to processes: what the kernel, an operator and systemd do to them."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress

from dalle.atomic import write_atomic
from tests.kit.service import Service
from tests.kit.waiting import wait
from tests.soak.attack.autopsy import autopsy
from tests.soak.attack.ground import Ground

CHANGED = {
    "JOBS": ["1", "2", "3"],
    "IMAGE_MODEL": ["gpt-image-2", "gpt-image-2.5-flare", "gpt-image-1.5"],
    "IMAGE_QUALITY": ["low", "medium", "high"],
    "DAILY_BUDGET_USD": ["0", "1000"],
    "LOG_FORMAT": ["text", "json"],
}
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


def sleep_machine(ground: Ground, chance: random.Random) -> None:
    """Everything stops at once and goes on later: a laptop that is closed, a virtual machine that is moved."""
    groups = [service.group for service in ground.services if service.group]
    if chance.random() < 0.5:
        groups = groups[:1]
    elif chance.random() < 0.5:
        groups.append(ground.nginx.group)
    for number, seconds in ((signal.SIGSTOP, chance.choice([0.3, 1.5, 3, 9])), (signal.SIGCONT, 0)):
        for group in groups:
            with suppress(OSError):
                os.killpg(group, number)
        ground.ending.wait(seconds)
    ground.witness.count("machines slept")
    time.sleep(chance.uniform(10, 25))


def hang_provider(ground: Ground, chance: random.Random) -> None:
    """The provider neither answers nor refuses, for less and for more than a call may take."""
    os.kill(ground.stub.process.pid, signal.SIGSTOP)
    try:
        ground.ending.wait(chance.choice([0.5, 4, 10]))
    finally:
        os.kill(ground.stub.process.pid, signal.SIGCONT)
    ground.witness.count("provider hung")
    time.sleep(chance.uniform(15, 30))


def disturb_nginx(ground: Ground, chance: random.Random) -> None:
    """A reload of nginx, logs reopened, or a worker of it killed."""
    with suppress(OSError, IndexError, ValueError):
        if chance.random() < 0.6:
            ground.nginx.send_signal(chance.choice([signal.SIGHUP, signal.SIGUSR1]))
        else:
            os.kill(chance.choice(ground.nginx.children()), signal.SIGKILL)
        ground.witness.count("nginx disturbed")
    time.sleep(chance.uniform(3, 15))


def change_settings(ground: Ground, chance: random.Random) -> None:
    """Other settings in `.env`, now and then one that is refused, and a reload; then right ones."""
    service = chance.choice(ground.services)
    values = {name: chance.choice(options) for name, options in CHANGED.items()}
    wrong = chance.choice([{}, {}, {"JOBS": "many"}, {"PRICES": "/nonexistent"}])
    with ground.restarting:
        for content in (values | wrong, values):
            write_settings(service, content)
            with suppress(OSError):
                if service.is_alive():
                    service.send_signal(signal.SIGHUP)
            ground.ending.wait(chance.uniform(1, 4) if wrong else 0)
    ground.witness.count("settings changed")
    time.sleep(chance.uniform(8, 20))


def write_settings(service: Service, values: Mapping[str, str]) -> None:
    lines = [f"TB_DALLE_{name}={value}" for name, value in values.items()]
    write_atomic(service.folder / ".env", "\n".join(lines).encode())


def kill_service(ground: Ground, chance: random.Random) -> None:
    """kill -9 of a whole service at once, as when a machine loses power, and its start."""
    service = chance.choice(ground.services)
    with ground.restarting:
        if chance.random() < 0.7:
            service.kill()
        else:
            service.send_signal(signal.SIGTERM)
            try:
                service.process.wait(150)  # a reload comes first, which takes long on a busy machine
            except subprocess.TimeoutExpired:
                ground.witness.accuse("does not stop", (service.text()[-1500:], autopsy(service.process.pid)))
            service.kill()
        ground.witness.count("services killed")
        time.sleep(chance.uniform(0, 2))
        service.start()
        with suppress(AssertionError):  # the audit says so
            wait(service.is_alive, "the service to answer", 60)
    time.sleep(chance.uniform(4, 16))
