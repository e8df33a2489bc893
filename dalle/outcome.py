"""What a question about a key is answered with."""

import io
import os
from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True, slots=True)
class Ready:
    """The finished picture, open for reading: replacing or removing it does not disturb this reader."""

    file: BinaryIO | io.FileIO
    status: os.stat_result


@dataclass(frozen=True, slots=True)
class Report:
    """A progress report: the body of the answer but for its request id (`progress.body`)."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Idle:
    """There is no picture, and nobody works on one."""


Outcome = Ready | Report | Idle
