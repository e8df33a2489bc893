"""The gallery: `/preview`, and below it `items`, `picture`, `make` and `again`; `/runs`."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, g, redirect, render_template, request, url_for

from app import assets
from app.web import replies
from dalle.eip55 import checksummed
from dalle.errors import DalleError, Forbidden, InvalidRequest, NotFound
from dalle.gallery import cursor
from dalle.key import Key
from dalle.storage.picture import Page, Picture
from dalle.storage.protocol import PictureIndex

blueprint = Blueprint("gallery", __name__)

PAGE = 48
ITEMS = 96  # what a script loads while one scrolls
MOST_WORDS = 200
SAMPLE = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"  # the first example of EIP-55
SLIM = ("phases", "phaseAverages", "dalleDress")


@blueprint.app_template_filter("short")
def short(address: str) -> str:
    """An address as people recognise it: 0x1234…cdef; longer names are cut too."""
    return f"{address[:6]}…{address[-4:]}" if len(address) > 16 else address


@blueprint.app_template_filter("cut")
def cut(name: str) -> str:
    return f"{name[:31]}…" if len(name) > 32 else name


@blueprint.app_template_filter("grouped")
def grouped(number: int) -> str:
    """12,345: as the page's script writes it too."""
    return f"{number:,}"


@blueprint.get("/preview")
def preview() -> Response:
    return page()


def page(problem: str = "", status: int = 200) -> Response:
    """The gallery as HTML, whole without JavaScript."""
    studio, index = replies.studio(), replies.studio().index
    series, words, after = asked()
    found = index.page(series=series, words=words, after=cursor.parse(after), limit=PAGE)
    folders = index.folders()
    shown = named(index, request.args.get("picture", ""))
    html = render_template(
        "preview.html",
        groups=groups(found),
        counts={folder.series: folder.count for folder in folders},
        total=sum(folder.count for folder in folders),
        after=cursor.text_of(found.after),
        begun=bool(after),
        series=series,
        words=words,
        names=studio.series(),
        running=[run_card(run) for run in studio.runs()],
        read_only=replies.settings().read_only,
        sample=checksummed(SAMPLE),
        shown=detail(shown) if shown else None,
        missing=bool(request.args.get("picture")) and shown is None,
        problem=problem,
        typed=request.form,
        asset=assets.versioned,
    )
    return replies.unstored(Response(html, status, mimetype="text/html"))


@blueprint.get("/preview/items")
def items() -> Response:
    index = replies.studio().index
    series, words, after = asked()
    found = index.page(series=series, words=words, after=cursor.parse(after), limit=ITEMS)
    folders = [{"series": one.series, "count": one.count} for one in index.folders()]
    return replies.envelope(
        {"items": [item(one) for one in found.pictures], "next": cursor.text_of(found.after), "series": folders}
    )


@blueprint.get("/preview/picture")
def picture() -> Response:
    index = replies.studio().index
    found = named(index, request.args.get("picture", ""))
    if found is None:
        raise NotFound("no such picture")
    series, words, _ = asked()
    around = index.around(found, series=series, words=words)
    return replies.envelope(detail(found) | {name: item(one) if one else {} for name, one in around.items()})


@blueprint.post("/preview/make")
def make() -> Response:
    """The form, for browsers without JavaScript."""
    check_button()
    studio = replies.studio()
    try:
        key = Key.parse(request.form.get("series"), request.form.get("address", "").strip(), studio.knows)
        studio.request(key, g.request_id)
    except DalleError as exc:
        # What a busy server counts (details) says less to people than what it means.
        return page(exc.message if exc.status == 503 else exc.details or exc.message, exc.status)
    return replies.unstored(redirect(url_for("gallery.preview"), 303))  # type: ignore[arg-type]


@blueprint.post("/preview/again")
def again() -> Response:
    """Make a finished picture anew, and keep the present one until then; a run's progress, as `generate=1` gives it."""
    check_button()
    studio = replies.studio()
    key = Key.parse(request.form.get("series"), request.form.get("address", ""), studio.knows)
    return replies.outcome(studio.renew(key, g.request_id))


def check_button() -> None:
    """Another site's page cannot press a button of this one. Raises Forbidden."""
    if replies.settings().read_only or request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        raise Forbidden("pictures cannot be made from here")


@blueprint.get("/runs")
def runs() -> Response:
    studio = replies.studio()
    active, failed = [slim(run) for run in studio.runs()], [slim(run) for run in studio.failures()]
    return replies.envelope({"runs": active, "failed": failed, "count": len(active)})


def asked() -> tuple[str, str, str]:
    """Series, words of the filter and cursor. Raises InvalidRequest."""
    series, words = request.args.get("series", ""), request.args.get("q", "").strip()
    if len(words) > MOST_WORDS:
        raise InvalidRequest(f"q: at most {MOST_WORDS} characters")
    return series, words, request.args.get("after", "")


def named(index: PictureIndex, told: str) -> Picture | None:
    """The picture of a deep link: `<series>/<address>`, in any case."""
    series, _, name = told.partition("/")
    if not name:
        return None
    return index.find(series, name) or index.find(series.lower(), name.lower())


def groups(found: Page) -> list[tuple[str, list[dict[str, Any]]]]:
    """The page's items by series, in order."""
    together: dict[str, list[dict[str, Any]]] = {}
    for one in found.pictures:
        together.setdefault(one.series, []).append(item(one))
    return list(together.items())


def item(one: Picture) -> dict[str, Any]:
    """A picture as the gallery's JSON tells it; `small` + a width is a thumbnail, "" when there is none.

    `sketch`: the offline artist painted it though there is a paid provider. A file that is not called after an address
    can be looked at, and nothing else.
    """
    root = request.script_root
    file = f"{root}/files/{quote(one.series, safe='')}/annotated/{quote(one.name, safe='')}.png"
    image = f"{root}/dalle/{one.key}" if one.key else file
    return {
        "series": one.series,
        "address": one.name,
        "title": one.title,
        "sketch": one.painter == "sketch" and replies.studio().painter.paid,
        "time": one.modified_ns // 1_000_000_000,
        "width": one.width,
        "height": one.height,
        "image": image,
        "small": f"{image}?w=" if one.key else "",
        "page": url_for("gallery.preview", picture=f"{one.series}/{one.name}"),
    }


def detail(one: Picture) -> dict[str, Any]:
    """All about one picture; of a file that is not called after an address there is little to tell."""
    told = item(one)
    studio = replies.studio()
    known = (studio.details(one.key) if one.key else None) or {
        "title": "", "prompts": {}, "attributes": [], "palette": [], "model": "", "painter": "", "cost": 0, "raw": "",
    }  # fmt: skip
    raw = known["raw"]
    told |= {name: known[name] for name in ("prompts", "attributes", "palette", "model", "painter", "cost")}
    told["title"] = told["title"] or known["title"]
    told["checksummed"] = checksummed(one.name)
    told["raw"] = f"{request.script_root}/files/{quote(raw)}" if raw else ""
    return told


def run_card(run: dict[str, Any]) -> dict[str, Any]:
    return {**slim(run), "checksummed": checksummed(run["address"])}


def slim(run: dict[str, Any]) -> dict[str, Any]:
    """A run's report without what a list does not show: it is polled for all runs at once."""
    told = {name: value for name, value in run.items() if name not in SLIM}
    return {**told, "title": run["dalleDress"]["titlePrompt"]}
