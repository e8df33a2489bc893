"""The gallery: `/preview`, and below it `items`, `picture`, `make` and `again`; `/runs`."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from app import assets
from app.web import items, replies
from dalle.eip55 import checksummed
from dalle.errors import DalleError, Forbidden, InvalidRequest, NotFound
from dalle.gallery import cursor
from dalle.key import Key

blueprint = Blueprint("gallery", __name__)

PAGE = 48
LOADED = 96  # pictures that a script loads at once
LONGEST_QUERY = 200  # characters
JUMP = "share: a number from 0 to 1; before: a day, as 2026-01-31"
SAMPLE = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"  # the first example of EIP-55

for template_filter in items.FILTERS:
    blueprint.add_app_template_filter(template_filter)


@blueprint.get("/preview")
def preview() -> Response:
    return page()


def page(problem: str = "", status: int = 200) -> Response:
    """Returns the gallery as HTML, complete without JavaScript."""
    studio, index = replies.studio(), replies.studio().storage.pictures
    series, words, after = query()
    listed = index.page(series=series, words=words, after=cursor.parse(after), limit=PAGE)
    folders = index.folders()
    link = request.args.get("picture", "")
    linked = items.find(index, link)
    html = render_template(
        "preview.html",
        groups=items.by_series(listed.pictures),
        counts={folder.series: folder.count for folder in folders},
        total=sum(folder.count for folder in folders),
        after=cursor.text_of(listed.after),
        begun=bool(after),
        series=series,
        words=words,
        names=studio.series(),
        running=[items.run_summary(run) | {"checksummed": checksummed(run["address"])} for run in studio.runs()],
        read_only=replies.config().read_only,
        sample=checksummed(SAMPLE),
        shown=items.details(linked) if linked else None,
        missing=bool(link) and linked is None,
        problem=problem,
        typed=request.form,
        asset=assets.versioned,
    )
    return replies.unstored(Response(html, status, mimetype="text/html"))


@blueprint.get("/preview/items", endpoint="items")
def list_items() -> Response:
    index = replies.studio().storage.pictures
    series, words, after = query()
    begin = cursor.parse(after) or index.position(series=series, **jump())
    listed = index.page(series=series, words=words, after=begin, limit=LOADED)
    data = {
        "items": [items.item(picture) for picture in listed.pictures],
        "next": cursor.text_of(listed.after),
        "series": [{"series": folder.series, "count": folder.count} for folder in index.folders()],
        "progress": items.progress(index.progress()),
        "matches": items.matches(index.matches(words, series=series) if words else None),
    }
    return replies.envelope(data)


@blueprint.get("/preview/picture")
def picture() -> Response:
    index = replies.studio().storage.pictures
    linked = items.find(index, request.args.get("picture", ""))
    if linked is None:
        raise NotFound("picture not found")
    series, words, _ = query()
    neighbours = index.around(linked, series=series, words=words)
    data = {name: items.item(other) if other else {} for name, other in neighbours.items()}
    return replies.envelope(items.details(linked) | data)


@blueprint.post("/preview/make")
def make() -> Response:
    """Starts a run from the plain form, for browsers without JavaScript."""
    check_origin()
    studio = replies.studio()
    try:
        key = Key.parse(request.form.get("series"), request.form.get("address", "").strip(), studio.knows)
        studio.request(key, g.request_id)
    except DalleError as exc:
        # The details of a busy server are counts; its message is what people understand.
        return page(exc.message if exc.status == 503 else exc.details or exc.message, exc.status)
    return replies.unstored(redirect(url_for("gallery.preview"), 303))  # type: ignore[arg-type]


@blueprint.post("/preview/again")
def again() -> Response:
    """Makes a finished picture again and keeps the present one until then; returns progress as `generate=1` does."""
    check_origin()
    studio = replies.studio()
    key = Key.parse(request.form.get("series"), request.form.get("address", ""), studio.knows)
    return replies.outcome(studio.renew(key, g.request_id))


def check_origin() -> None:
    """Raises Forbidden on a read-only server, and when the form is on another site's page."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if replies.config().read_only or site not in ("same-origin", "none"):
        raise Forbidden("pictures cannot be made from here")


@blueprint.get("/runs")
def runs() -> Response:
    studio = replies.studio()
    active, failed = ([items.run_summary(run) for run in reports] for reports in (studio.runs(), studio.failures()))
    return replies.envelope({"runs": active, "failed": failed, "count": len(active)})


def jump() -> dict[str, Any]:
    """Returns where the list begins without a cursor: `share`, 0 to 1, or `before`, a day. Raises InvalidRequest."""
    before = request.args.get("before", "")
    try:
        if before:
            day = datetime.fromisoformat(before).replace(tzinfo=UTC) + timedelta(days=1)
            return {"before_ns": int(day.timestamp()) * 1_000_000_000}
        share = float(request.args.get("share", 0))
    except (ValueError, OverflowError):
        raise InvalidRequest(JUMP) from None
    if not 0 <= share <= 1:
        raise InvalidRequest(JUMP)
    return {"share": share}


def query() -> tuple[str, str, str]:
    """Returns series, words of the filter and cursor. Raises InvalidRequest."""
    words = request.args.get("q", "").strip()
    if len(words) > LONGEST_QUERY:
        raise InvalidRequest(f"q: at most {LONGEST_QUERY} characters")
    return request.args.get("series", ""), words, request.args.get("after", "")
