"""The list of endpoints, the series and the pictures: `/`, `/series`, `/dalle/…`."""

import re
from functools import partial

from flask import Blueprint, Response, g, request
from werkzeug.routing import BaseConverter

from app.web import intent, replies, waiting
from app.web.programs import placeholders
from dalle.errors import Forbidden, NotFound
from dalle.key import Key
from dalle.outcome import Idle, Outcome, Ready

blueprint = Blueprint("images", __name__)

ENDPOINTS = """\
dalleserver: pictures out of Ethereum addresses

GET /series                                  the series, as JSON
GET /dalle/<series>/<address>                the picture, or the progress of its making
GET /dalle/<series>/<address>?generate=1     start making it
GET /dalle/<series>/<address>?remove=1       delete it
DELETE /dalle/<series>/<address>             cancel its making
GET /dalle/<series>/<address>?w=256          a small one (64, 128, 256, 512)
GET /dalle/<series>/<address>?v=<version>    that version, which never changes; with w, too
GET /dalle/<series>/<address>?placeholder=1  the picture, or a sketch in its place; starts nothing
GET /dalle/<series>/<address>.png            the picture or 404, never progress; with v and w, too
GET /prompts/<series>/<address>              what would be painted, and its price; starts nothing
GET /metadata/<series>/<address>             the picture as a token: name, image, attributes (ERC-721)
GET /card/<series>/<address>.jpg             the painting for link cards: a small JPEG
GET /oembed?url=<url>                        how to embed the picture of a link (oEmbed)
GET /feed.atom, /feed.json                   the newest pictures; ?series=
GET /openapi.json, GET /api                  all of this in detail: OpenAPI 3.1, and a page
GET /preview                                 the gallery
GET /preview/items                           the gallery as JSON
GET /workshop                                design a series with one's eyes; POST saves it
GET /workshop/draft                          what the filters of a draft leave, as JSON
GET /workshop/series.json                    a draft as the file of its series
GET /workshop/sketch                         a sketch of a draft
GET /preview/zip?p=<series>/<address>        selected pictures as a zip file, up to 100
GET /runs                                    active and recently failed runs
GET /files/<path>                            any file of the output folder
GET /health                                  health; ?check=liveness, ?check=readiness
GET /metrics                                 figures for Prometheus; ?format=json
GET /errors                                  the latest errors; ?format=json
"""


ENDING = ".png"
ROBOTS = """\
User-agent: *
Disallow: /dalle/*?v=*&*&w=
Disallow: /dalle/*?w=*&*&v=
Disallow: /dalle/*?v=*&w=*&
Disallow: /dalle/*?w=*&v=*&
Allow: /dalle/*?v=*&w=
Allow: /dalle/*?w=*&v=
Disallow: /dalle/*?v=*&
Disallow: /dalle/*?w=*&
Allow: /dalle/*?v=
Allow: /dalle/*?w=
Disallow: /dalle/*?
Disallow: /workshop
"""
"""No drafts, which are endless, and on pictures no query but `v`, `w` or both. The longest rule counts (RFC 9309,
2.2.2), or for some the first: hence the order.
"""


class Rest(BaseConverter):
    """Matches the rest of a path, empty segments included."""

    regex = r"[\s\S]*?"
    part_isolating = False
    weight = 1000  # after every other rule


class RestOfKey(Rest):
    """Matches the rest of a path that is not a picture's for those who go by the ending: that one only shows it."""

    regex = rf"(?![\s\S]*{re.escape(ENDING)}\Z)[\s\S]*?"
    part_isolating = False  # werkzeug does not inherit it with another expression


@blueprint.record_once
def add_converters(state: object) -> None:
    state.app.url_map.converters |= {"rest": Rest, "rest_of_key": RestOfKey}  # type: ignore[attr-defined]


@blueprint.get("/")
def index() -> Response:
    return replies.text(ENDPOINTS)


@blueprint.get("/robots.txt")
def robots() -> Response:
    return replies.text(ROBOTS)


@blueprint.get("/series")
def series() -> Response:
    names = replies.studio().series()
    return replies.envelope({"series": names, "count": len(names)})


@blueprint.get("/dalle", defaults={"rest": ""})
@blueprint.get("/dalle/", defaults={"rest": ""})
@blueprint.get("/dalle/<rest:rest>")
def show(rest: str) -> Response:
    studio = replies.studio()
    series, _, address = parts(rest)
    if not request.query_string and (key := Key.of(series, address)):
        # Nearly all requests. Whatever exists is shown, as nginx does, without a check that the series is defined.
        outcome = studio.look(key)
        if not isinstance(outcome, Idle) or studio.knows(key.series, key.address):
            return waiting.reply(key, outcome, partial(act, key))
    if rest.endswith(ENDING):
        return picture(Key.parse(series, address.removesuffix(ENDING), studio.knows))
    return act(Key.parse(series, address, studio.knows))


def parts(rest: str) -> tuple[str, str, str]:
    """Returns series and address, around a slash, of what is behind the first name of a path."""
    return rest.removesuffix("/").partition("/")


def key_in(rest: str) -> Key:
    """Returns the key of what is behind the first name of a path. Raises DalleError."""
    series, _, address = parts(rest)
    return Key.parse(series, address, replies.studio().knows)


def picture(key: Key) -> Response:
    """Returns the finished picture for those who go by the ending; starts nothing. Raises NotFound without one."""
    answer = existing(key)
    if answer is None:
        raise NotFound(f"there is no picture of {key.address} in series {key.series}")
    return answer


def existing(key: Key) -> Response | None:
    """Returns the finished picture, as `v` and `w` want it; None without one. Raises InvalidRequest."""
    if answer := finished(key):
        return answer
    ready = replies.studio().ready(key)
    return replies.outcome(Ready(ready)) if ready else None


@blueprint.delete("/dalle", defaults={"rest": ""})
@blueprint.delete("/dalle/", defaults={"rest": ""})
@blueprint.delete("/dalle/<rest_of_key:rest>", endpoint="cancel")
def cancel(rest: str) -> Response:
    """Cancels the open run of a key, whatever query and body say; a picture stays."""
    key = key_in(rest)
    if replies.config().read_only:
        raise Forbidden("this server is read-only: nothing is cancelled")
    return replies.outcome(replies.studio().cancel(key) or Idle())


def act(key: Key) -> Response:
    """Does what the query asks for."""
    studio, wanted = replies.studio(), action()
    if placeholders.is_wanted() and wanted != "remove":
        return placeholder(key, starts=wanted != "look")
    match wanted:
        case "remove":
            return remove(key)
        case "generate":
            outcome: Outcome = requested(key)
        case "either":
            picture = studio.ready(key)
            outcome = Ready(picture) if picture else requested(key)
        case _:
            if answer := finished(key):
                return waiting.applied(answer)
            outcome = studio.look(key)
    return waiting.reply(key, outcome, partial(act, key))


def placeholder(key: Key, *, starts: bool) -> Response:
    """Returns the picture, else a sketch; `starts` a run without a picture. Waits for no run."""
    waiting.resumed()
    if answer := existing(key):
        return placeholders.stated(answer)
    outcome: Outcome = requested(key) if starts else replies.studio().look(key)
    state = placeholders.state(outcome)
    if state == "done" and (answer := existing(key)):  # it came just now
        return placeholders.stated(answer)
    return placeholders.sketch(key, "idle" if state == "done" else state, partial(placeholder, key, starts=starts))


def requested(key: Key) -> Outcome:
    """Starts a run unless there is a picture or a run, or was one that this request has waited for."""
    studio = replies.studio()
    return studio.result(key) if waiting.is_over() else studio.request(key, g.request_id)


def finished(key: Key) -> Response | None:
    """Returns the finished picture as `v` and `w` want it; None without one, or where they want nothing.

    A version that is not the picture's counts as none, and so does one beside `generate` or `remove`.
    Raises InvalidRequest for a width that is not made.
    """
    studio, version, width = replies.studio(), request.args.get("v"), request.args.get("w")
    if version and request.args.keys().isdisjoint(("generate", "remove")):
        opened = studio.of_version(key, version) if width is None else studio.thumbnail(key, width, version)
        if opened:
            return replies.stream(opened, "image/png" if width is None else "image/webp", replies.IMMUTABLE)
    if width is not None and (thumbnail := studio.thumbnail(key, width)):
        return replies.stream(thumbnail, "image/webp")
    return None


def action() -> str:
    """Returns "remove", "generate", "either" (the picture, else generate) or "look".

    Only a GET that a person meant acts (intent.py); on a read-only server `generate` only looks.
    """
    wanted = wish()
    return wanted if wanted == "look" or intent.is_meant(request, replies.config().generate_from) else "look"


def wish() -> str:
    """Returns the action that the query asks for."""
    if request.args.get("remove") == "1":
        return "remove"
    generate = request.args.get("generate")
    if replies.config().read_only or generate not in ("1", ""):
        return "look"
    # One public client sends a bare `?generate`; `?generate=` is an invalid value like any other.
    if generate == "":
        return "either" if "generate" in request.query_string.decode("latin-1").split("&") else "look"
    return "generate"


def remove(key: Key) -> Response:
    if replies.config().read_only:
        raise Forbidden("this server is read-only: nothing is removed")
    if replies.studio().remove(key):
        return replies.text(f"The picture of {key.address} in series {key.series} was removed.\n")
    return replies.text(f"Nothing was removed: no finished picture of {key.address} in series {key.series}.\n")
