"""A program that runs while a test looks at it."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.kit.waiting import PATIENCE, T, wait


class Program:
    """Runs in a process group of its own and writes into `log`; SIGTERM ends it, and SIGKILL what is left of it."""

    process: subprocess.Popen[bytes]
    group = 0  # its process group, until that was ended: later the number may be another program's

    def __init__(self, command: Sequence[str], folder: Path, environ: Mapping[str, str], log: Path) -> None:
        self.command = command
        self.folder = folder
        self.environ = environ
        self.log = log

    def start(self) -> None:
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.group = self.process.pid

    def wait_until_ready(self) -> None:
        """Does nothing; a program that says when it is ready overrides it."""

    def __enter__(self) -> Self:
        self.start()
        try:
            self.wait_until_ready()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.kill()

    def kill(self) -> None:
        """kill -9 of the program and its children at once."""
        if self.group:
            with suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)
            self.group = 0
        self.process.wait(PATIENCE)

    def send_signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def wait_for(self, condition: Callable[..., T | None], what: str, seconds: float = PATIENCE) -> T:
        """As `wait`, with the end of the log where that fails."""
        try:
            return wait(condition, what, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.text()[-4000:]}") from error

    def runs(self) -> bool:
        """Raises AssertionError once the program has ended."""
        assert self.process.poll() is None, f"{self.command} ended: {self.text()}"
        return True

    def children(self) -> list[int]:
        return children(self.process.pid)

    def text(self) -> str:
        """What it has written so far."""
        return self.log.read_text()

    def lines(self) -> list[str]:
        return self.text().splitlines()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
