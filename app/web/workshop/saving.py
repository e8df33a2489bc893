"""Saves a draft as a series of this server."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.web import replies
from app.web.workshop import databases
from app.web.workshop.fields import EMPTY, LIMITS, NAME, Fields
from app.web.workshop.opening import stored
from dalle.errors import InvalidRequest, MissingParameter
from dalle.host.trouble import file_system_error
from dalle.key import SERIES
from dalle.words.draft import examine
from dalle.words.editor import Opened
from dalle.words.series import BadSeries, Series
from dalle.words.series_files import SeriesConflict

OTHERS = {"suffix": "Label", "colorLimit": "Colours that the texts name"}
"""How the page calls what is no word database."""


@dataclass(frozen=True)
class Saved:
    """What was written; `shadows`: in place of a series that comes with the program."""

    name: str
    sha256: str
    shadows: bool


@dataclass(frozen=True)
class Conflict:
    """Nothing was written: `present` is not the file that the editor has read; None: there is none any more."""

    name: str
    present: Opened | None

    @property
    def sha256(self) -> str:
        return self.present.sha256 if self.present else ""

    @property
    def theirs(self) -> Fields | None:
        """The draft that the file is; None for one that cannot be used, and without one."""
        if self.present is None or self.present.built_in:
            return None
        try:
            return Fields.of(Series.parse(self.name, self.present.text), self.sha256)
        except BadSeries:
            return None

    def differences(self, mine: Fields) -> list[dict[str, str]]:
        """Returns the fields that are not the same, as people know them, with both values as text."""
        theirs = self.theirs
        if theirs is None:
            return []
        pairs = zip(mine.values().items(), theirs.values().values(), strict=True)
        return [
            {"label": label(name), "mine": shown(name, one), "theirs": shown(name, two)}
            for (name, one), two in pairs
            if one != two
        ]


def save(name: str, text: Callable[[bytes], bytes], expecting: str) -> Saved | Conflict:
    """Writes a series; `text` makes the file out of the one that is there.

    expecting: the sha256 of what the editor has read, "" for no file. Raises DalleError.
    """
    if not name:
        raise MissingParameter("name: a series needs one to be saved")
    if not SERIES.fullmatch(name):
        raise InvalidRequest(f"name: expected {NAME}")
    workshop, opened = replies.studio().workshop, stored(name)
    if (opened.sha256 if opened else "") != expecting:
        return Conflict(name, opened)
    try:
        content = text(opened.text if opened else EMPTY)
        examined = examine(name, content, workshop.words())
        for remark in examined.errors:
            raise InvalidRequest(remark.text)
        workshop.editor.save(name, content, expecting=expecting)
    except BadSeries as exc:
        raise InvalidRequest(str(exc)) from exc
    except SeriesConflict:
        return Conflict(name, stored(name))
    except OSError as exc:
        raise file_system_error("the series cannot be saved", exc) from exc
    return Saved(name, hashlib.sha256(content).hexdigest(), workshop.editor.built_in(name) is not None)


def label(field: str) -> str:
    return OTHERS.get(field) or databases.label(field)


def shown(field: str, value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(value)
    return LIMITS[str(value)] if field == "colorLimit" else str(value)
