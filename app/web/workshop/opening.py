"""What a request looks at: the draft of its fields, or a series that is opened."""

from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from app.web import replies
from app.web.workshop.fields import Fields
from app.web.workshop.sheet import Sheet
from dalle.host.trouble import file_system_error
from dalle.key import SERIES
from dalle.words.editor import Opened
from dalle.words.series import BadSeries, Series


@dataclass(frozen=True)
class Bench:
    """A draft, the sheet beside it, and why a series could not be opened (`problem`, else "")."""

    draft: Fields
    sheet: Sheet
    problem: str = ""


def bench(fields: MultiDict[str, str] | None = None) -> Bench:
    """Returns what the fields describe, by default those of the query. Raises FileSystemError."""
    fields = request.args if fields is None else fields
    sheet = Sheet.parse(fields)
    if not (name := fields.get("from", "").lower()):
        return Bench(Fields.parse(fields), sheet)
    opened = stored(name)
    if opened is None:
        return Bench(Fields(), sheet, f"There is no series “{name[:64]}” to begin with.")
    try:
        series = Series.parse(name, opened.text)
    except BadSeries as exc:
        return Bench(Fields(), sheet, f"The file of “{name}” cannot be used: {exc}.")
    return Bench(Fields.of(series, opened.sha256), sheet)


def stored(name: str) -> Opened | None:
    """Returns the series of that name, None without one. Raises FileSystemError."""
    if not SERIES.fullmatch(name):
        return None
    try:
        return replies.studio().workshop.editor.open(name)
    except OSError as exc:
        raise file_system_error("the series cannot be read", exc) from exc


def note(draft: Fields) -> str:
    """Returns what saving would do to what is there, as a sentence; "" for nothing."""
    opened = stored(draft.name)
    if opened is None:
        return ""
    if opened.built_in:
        return f"“{draft.name}” comes with the program: saving replaces it on this server."
    if opened.sha256 != draft.expected:
        return f"There is a series “{draft.name}” already: saving shows you both first."
    return f"Saving replaces “{draft.name}”. Its pictures stay as they are."
