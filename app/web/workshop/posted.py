"""`POST /workshop`: the form of the page, or the file of a series from a program."""

import json
from collections.abc import Iterable
from urllib.parse import urlencode

from flask import Response, redirect, request, url_for

from app.suggestion import question
from app.web import errors, replies
from app.web.workshop import saving, shown
from app.web.workshop.fields import FIELDS
from app.web.workshop.opening import Bench, bench
from dalle.errors import DalleError, Forbidden, InvalidRequest
from dalle.words.series import KEYS, BadSeries, read_object
from dalle.words.series_text import changed

BESIDE = ("base", "do", "replace", "toggle", "addresses", "sheet", "shown")
"""The fields of the form that are no part of a series."""
ABSENT = "none"
"""What the form's `replace` says where there is no file."""


def form() -> Response:
    """Does what the button says: saves the draft, or shows or downloads one that is too long for a link."""
    found = bench(request.form)
    match action():
        case "show" if request.accept_mimetypes.best == replies.JSON:
            return shown.answer(found)
        case "show":
            return shown.page(found)
        case "download":
            return shown.attached(found.draft)
    check_writable()
    try:
        return saved(found)
    except DalleError as exc:
        if exc.status >= 500:
            raise
        return shown.page(found, exc.status, refused=exc.details)


def action() -> str:
    """Returns what the button says, which comes behind the form's own fields."""
    return "save" if "replace" in request.form else ["save", *request.form.getlist("do")][-1]


def saved(found: Bench) -> Response:
    """Saves the draft of the form; returns the page of the saved series, or both in a conflict. Raises DalleError."""
    draft = found.draft
    check_names("field", request.form, (*FIELDS, *BESIDE))
    for field, problem in draft.problems().items():
        raise InvalidRequest(f"{field}: {problem}")
    replaced = request.form.get("replace", draft.expected)
    outcome = saving.save(draft.name, draft.text, "" if replaced == ABSENT else replaced)
    if isinstance(outcome, saving.Conflict):
        return shown.page(found, 409, conflict=outcome, differences=outcome.differences(draft))
    query = urlencode([("from", outcome.name), ("saved", 1), *found.sheet.query()])
    target = f"{url_for('workshop.page')}?{query}"
    return replies.unstored(redirect(target, 303))  # type: ignore[arg-type]


def file() -> Response:
    """Saves the file of a series; `name` and `expecting` are in the query. Raises DalleError."""
    check_writable()
    body = request.get_data(cache=False)
    try:
        values = read_object(body)
    except BadSeries as exc:
        raise InvalidRequest(str(exc)) from exc
    check_names("key", values, KEYS)
    name = request.args.get("name", "").lower()
    outcome = saving.save(name, lambda before: changed(before, values), request.args.get("expecting", ""))
    if isinstance(outcome, saving.Conflict):
        what = f"its file has the sha256 {outcome.sha256}" if outcome.sha256 else "it has no file"
        details = f"series {name} is not what `expecting` says: {what}"
        return errors.shape(409, InvalidRequest.code, "The series was changed meanwhile; nothing was saved", details)
    return replies.envelope({"name": outcome.name, "sha256": outcome.sha256, "shadows": outcome.shadows})


def check_writable() -> None:
    if replies.config().read_only:
        raise Forbidden("this server is read-only: no series is saved")


def check_names(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raises InvalidRequest for the first name that is not known."""
    for name in names:
        if name not in known:
            written = json.dumps(name[:64], ensure_ascii=False)
            raise InvalidRequest(f"{written} is an unknown {kind}{question(name[:64], known)}")
