"""The gallery: `/preview`, and below it `items`, `picture`, `make`, `again` and `cancel`; `/runs`."""

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from app import assets
from app.web import replies
from app.web.gallery import items, links, listing, pasted, runs
from app.web.programs import cards
from dalle.eip55 import checksummed
from dalle.errors import DalleError, Forbidden, MissingParameter, NotFound
from dalle.key import Key
from dalle.outcome import Idle

blueprint = Blueprint("gallery", __name__)

SAMPLE = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"  # the first example of EIP-55

for template_filter in (*items.FILTERS, *runs.FILTERS):
    blueprint.add_app_template_filter(template_filter)


@blueprint.get("/preview")
def preview() -> Response:
    return page()


def page(problem: str = "", status: int = 200) -> Response:
    """Returns the gallery as HTML, complete without JavaScript."""
    studio, index = replies.studio(), replies.studio().storage.pictures
    series, words = listing.query()
    part = listing.part(index, series, words, listing.PAGE)
    folders = index.folders()
    linked = links.follow(studio, request.args.get("picture", ""), series)
    shown = items.details(linked.picture) if linked.picture else None
    html = render_template(
        "preview.html",
        head=cards.head(linked.picture or next(iter(part.page.pictures), None), shown, series),
        groups=items.by_series(part.page.pictures),
        counts={folder.series: folder.count for folder in folders},
        total=sum(folder.count for folder in folders),
        found=items.found(part.matches, words, series),
        status=items.status(index.progress()),
        **listing.shown(part),
        before=request.args.get("before", ""),
        series=series,
        words=words,
        selecting=request.args.get("select") == "1",
        names=studio.series(),
        running=[runs.summary(run) for run in studio.runs()],
        failed=[runs.summary(run) for run in studio.failures()],
        folded=runs.FOLDED,
        read_only=replies.config().read_only,
        sample=checksummed(SAMPLE),
        longest=pasted.LONGEST,
        linked=linked,
        shown=shown,
        problem=problem,
        refused=status == 400,
        typed=request.form or {"address": linked.address},
        asset=assets.versioned,
    )
    return replies.unstored(Response(html, status, mimetype="text/html"))


@blueprint.get("/preview/items", endpoint="items")
def list_items() -> Response:
    index = replies.studio().storage.pictures
    series, words = listing.query()
    part, reached = listing.part(index, series, words, listing.limit()), index.progress()
    data = {
        "items": [items.item(picture) for picture in part.page.pictures],
        **listing.shown(part),
        "series": [{"series": folder.series, "count": folder.count} for folder in index.folders()],
        "found": items.found(part.matches, words, series),
        "progress": items.progress(reached),
        "status": items.status(reached),
        "matches": items.matches(part.matches),
    }
    return replies.envelope(data)


@blueprint.get("/preview/picture")
def picture() -> Response:
    """Returns the details of a picture as JSON, its neighbours, and the details as the page shows them (`about`)."""
    index = replies.studio().storage.pictures
    linked = items.find(index, request.args.get("picture", ""))
    if linked is None:
        raise NotFound("This picture was removed, or has not been made yet.")
    series, words = listing.query()
    neighbours = index.around(linked, series=series, words=words)
    data = {name: items.item(other) if other else {} for name, other in neighbours.items()}
    shown = items.details(linked)
    return replies.envelope(shown | data | {"about": render_template("about.html", shown=shown)})


@blueprint.post("/preview/make")
def make() -> Response:
    """Starts a run from the form: returns progress to the page's script, and to a browser without one a page."""
    check_origin()
    scripted = request.accept_mimetypes.best == "application/json"
    try:
        key = form_key()
        existed = replies.studio().has_picture(key)
        report = replies.studio().request(key, g.request_id)
    except DalleError as exc:
        if scripted:
            raise
        # The details of a busy server are counts; its message is what people understand.
        return page(exc.message if exc.status == 503 else exc.details or exc.message, exc.status)
    if scripted:
        return replies.outcome(report)
    target = url_for("gallery.preview", picture=str(key) if existed else None)
    return replies.unstored(redirect(target, 303))  # type: ignore[arg-type]


def form_key() -> Key:
    """Returns the key of a form, whose address may be any text with an address in it. Raises DalleError."""
    series, address = request.form.get("series", ""), pasted.address_in(request.form.get("address", ""))
    if not series:
        raise MissingParameter("Choose a series.")
    return Key.parse(series, address, replies.studio().knows)


@blueprint.post("/preview/again")
def again() -> Response:
    """Makes a finished picture again and keeps the present one until then; returns progress as `generate=1` does."""
    check_origin()
    studio = replies.studio()
    key = Key.parse(request.form.get("series"), request.form.get("address", ""), studio.knows)
    return replies.outcome(studio.renew(key, g.request_id))


@blueprint.post("/preview/cancel")
def cancel() -> Response:
    """Cancels a run: returns its report to the page's script, and to a browser without one the page."""
    check_origin()
    studio = replies.studio()
    key = Key.parse(request.form.get("series"), request.form.get("address", ""), studio.knows)
    report = studio.cancel(key)
    if request.accept_mimetypes.best == "application/json":
        return replies.outcome(report or Idle())
    return replies.unstored(redirect(url_for("gallery.preview"), 303))  # type: ignore[arg-type]


def check_origin() -> None:
    """Raises Forbidden on a read-only server, and when the form is on another site's page."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if replies.config().read_only or site not in ("same-origin", "none"):
        raise Forbidden("pictures cannot be made or cancelled from here")


@blueprint.get("/runs", endpoint="runs")
def list_runs() -> Response:
    studio = replies.studio()
    active, failed = ([runs.summary(run) for run in reports] for reports in (studio.runs(), studio.failures()))
    return replies.envelope({"runs": active, "failed": failed, "count": len(active)})
