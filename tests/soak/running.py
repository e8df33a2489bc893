"""What the scenarios share: services that run, and what of a run can be seen."""

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from tests.kit.waiting import wait
from tests.soak.service import OPEN, Soaked, path_of

UNSHARE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc")

TTL = 2.0


@contextmanager
def running(*services: Soaked) -> Iterator[None]:
    try:
        for service in services:
            service.start()
        for service in services:
            service.wait_until_ready()
        yield
    finally:
        for service in services:
            service.stop()


def may(*command: str) -> bool:
    """Whether this machine permits a command."""
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def settled(service: Soaked) -> None:
    """Waits until nothing is left of runs and killed processes."""
    wait(lambda: not service.left() and not service.temporaries(), "what runs leave to go", 4 * TTL + 10)


def open_files(service: Soaked, address: str) -> list[str]:
    """Claims and tickets of a key: a picture is seen a moment before its run has ended."""
    return [name for name in service.files(address) if name.endswith(OPEN)]


def pictured(service: Soaked, address: str) -> bool:
    try:
        return service.client.ask(path_of(address), timeout=2).headers["content-type"] == "image/png"
    except OSError:
        return False


def together(*parts: Callable[[], dict[str, Any]]) -> list[dict[str, Any]]:
    """Scenarios that mostly wait, side by side."""
    found: list[dict[str, Any]] = []
    failures: list[BaseException] = []

    def run(part: Callable[[], dict[str, Any]]) -> None:
        try:
            found.append(part())
        except BaseException as exc:
            failures.append(exc)

    threads = [threading.Thread(target=run, args=(part,)) for part in parts]
    with ExitStack() as stack:
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
    if failures:
        raise failures[0]
    return found
