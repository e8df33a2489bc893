"""Draws sketches in a process of its own.

A thread that draws holds the interpreter, and every request waits for it again and again. Measured, 50 people in the
workshop: p99 of polls five times as long beside drawing threads. The process gets less of the processor than requests;
a thread that did would keep the interpreter for as long as it waited for the processor.
"""

import errno
import logging
import os
import pickle
import signal
import subprocess
import sys
from typing import IO, cast

from dalle.imaging.thumbnails import thumbnail
from dalle.painters.sketch import draw
from dalle.quiet_log import QuietLog
from dalle.words.selection import Selection

Shape = tuple[int, int]
"""Width and height of the whole picture."""

DRAWN = 512
"""Pixels across of what is drawn: 60 to 80 ms, a third of what a whole picture takes."""
SMALL = 256
"""Of what is drawn for this width and smaller ones: two thirds of that."""
AVATAR = 64
"""Of what shows the head alone, drawn at that width."""
NICENESS = 10
"""Measured, 50 people at the workshop beside as many polls as there can be: their p99 is 1.7 to 1.9 times as long;
2.4 to 2.8 with 4; 1.5 to 2.1 with 19, which leaves no sketch to a machine that is busy otherwise."""
PROGRAM = "import sys; sys.path[:] = {path!r}; from dalle.sketches.artist import work; work()"

log = logging.getLogger(__name__)


class Artist:
    """One process, which starts with the first drawing. One thread at a time may use it.

    It ends when this process does, whatever ends that: it reads from a pipe.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._quiet = QuietLog(log)

    def draw(self, selection: Selection, shape: Shape, width: int) -> bytes:
        """Draw a sketch; in this process, if the other one cannot be started or has ended."""
        try:
            return self._ask(selection, shape, width)
        except OSError as exc:
            self._quiet.error(exc, "a sketch is drawn in the worker, without the process that draws")
            self.rest()
            return made_of(selection, shape, width)

    def rest(self) -> None:
        """End the process until something is to be drawn again."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()

    def _ask(self, selection: Selection, shape: Shape, width: int) -> bytes:
        process = self._process = self._process or started()
        asks, answers = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
        pickle.dump((selection, shape, width), asks)
        asks.flush()
        try:
            made: bytes = pickle.load(answers)  # noqa: S301  `work` wrote it
        except (EOFError, pickle.UnpicklingError) as exc:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE)) from exc
        return made


def started() -> subprocess.Popen[bytes]:
    """Start the process; a terminal's signals do not reach it. Raises OSError."""
    command = [sys.executable, "-c", PROGRAM.format(path=sys.path)]
    return subprocess.Popen(  # noqa: S603  nothing of it comes from outside
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def work() -> None:
    """Draw what is asked for on the standard input, until it ends: a stop may send signals to all processes."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # so that nothing else gets between the answers
    os.nice(NICENESS)
    while True:
        try:
            asked = pickle.load(sys.stdin.buffer)  # noqa: S301  `Artist` wrote it
        except EOFError:
            return
        pickle.dump(made_of(*asked), answers)
        answers.flush()


def made_of(selection: Selection, shape: Shape, width: int) -> bytes:
    """Draw a sketch."""
    across, down = shape
    drawn = AVATAR if width <= AVATAR else DRAWN if width > SMALL else SMALL
    return thumbnail(draw(selection, (drawn, drawn * down // across)), width)
