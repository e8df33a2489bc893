"""`/workshop`: a series is designed with one's eyes; below it `draft`, `series.json` and `sketch`."""

from flask import Blueprint, Response, request

from app.web import intent, replies, waiting
from app.web.programs import placeholders
from app.web.workshop import posted, sheet, shown
from app.web.workshop.opening import bench
from dalle.key import Key

blueprint = Blueprint("workshop", __name__)


@blueprint.get("/workshop")
def page() -> Response:
    """Returns the page, complete without JavaScript."""
    found = bench()
    saved = found.draft.name if request.args.get("saved") and not found.problem else ""
    return shown.page(found, 400 if found.draft.problems() else 200, saved=saved)


@blueprint.post("/workshop")
def post() -> Response:
    """Saves a draft, or shows or downloads one that is too long for a link."""
    intent.check_page(request, replies.config().public_url)
    return posted.file() if request.mimetype == "application/json" else posted.form()


@blueprint.get("/workshop/draft")
def draft() -> Response:
    """Returns what the page shows of a draft, as JSON."""
    return shown.answer(bench())


@blueprint.get("/workshop/series.json")
def download() -> Response:
    """Returns a draft as the file of its series."""
    return shown.attached(bench().draft)


@blueprint.get("/workshop/sketch")
def sketch() -> Response:
    """Returns the sketch of a selection, later if it is not drawn yet: its URL names all that it is drawn from."""
    selection, width = sheet.asked(request.args)
    waited = waiting.resumed()
    drawing = (waited and waited.sketch) or replies.studio().sketches.of(selection, width)
    key = Key(selection.series, selection.original)
    if not waited and not drawing.done() and (later := waiting.for_sketch(key, drawing, sketch)):
        return later
    return sheet.sent(placeholders.drawn(drawing), lasting="v" in request.args)
