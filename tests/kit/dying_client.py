"""A process that is killed, or stopped, at a chosen moment of its talk with a database."""

import os
import signal
from types import FrameType
from typing import Any

from tests.kit.dying import DyingAtWrite


class DyingAtQuestion(DyingAtWrite):
    """It is killed at the nth moment before or after a question to the database, or a change of a file."""

    def _profile(self, frame: FrameType, event: str, function: Any) -> None:
        if event in ("call", "return") and frame.f_code.co_qualname == "Connection.wait" and is_journey(frame):
            self._count()
        super()._profile(frame, event, function)


class StoppingAtQuestion(DyingAtQuestion):
    """It stands still there instead."""

    def _count(self) -> None:
        self._left -= 1
        if not self._left:
            os.kill(os.getpid(), signal.SIGSTOP)


def is_journey(frame: FrameType) -> bool:
    """Return whether psycopg is about to send something: in a pipeline, statements wait for its end."""
    name, in_pipeline = frame.f_locals["gen"].__name__, frame.f_locals["self"].pgconn.pipeline_status
    return not (in_pipeline and name == "_execute_gen") and name != "_enter_gen"
