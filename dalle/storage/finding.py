"""The result of one check."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of `dalleserver doctor`; `todo` says what to do, "" when nothing is to be done."""

    check: str
    level: Level
    message: str
    todo: str = ""
