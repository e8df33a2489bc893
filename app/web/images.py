"""The pictures and the series: `/`, `/series`, `/dalle/…`."""

from flask import Blueprint, Response, g, request
from werkzeug.routing import BaseConverter

from app.web import replies
from dalle.errors import Forbidden
from dalle.key import Key
from dalle.outcome import Idle

blueprint = Blueprint("images", __name__)

ENDPOINTS = """\
dalleserver: pictures out of Ethereum addresses

GET /series                                  the series, as JSON
GET /dalle/<series>/<address>                the picture, or the progress of its making
GET /dalle/<series>/<address>?generate=1     start making it
GET /dalle/<series>/<address>?remove=1       delete it
GET /dalle/<series>/<address>?w=256          a small one (64, 128, 256, 512)
GET /preview                                 the gallery
GET /preview/items                           the gallery as JSON
GET /runs                                    active and recently failed runs
GET /files/<path>                            any file of the output folder
GET /health                                  health; ?check=liveness, ?check=readiness
GET /metrics                                 figures for Prometheus; ?format=json
GET /errors                                  the latest errors; ?format=json
"""


class Rest(BaseConverter):
    """The rest of a path, empty segments included."""

    regex = r"[\s\S]*?"
    part_isolating = False
    weight = 1000  # behind every other rule


@blueprint.record_once
def add_converter(state: object) -> None:
    state.app.url_map.converters["rest"] = Rest  # type: ignore[attr-defined]


@blueprint.get("/")
def index() -> Response:
    return replies.text(ENDPOINTS)


@blueprint.get("/robots.txt")
def robots() -> Response:
    return replies.text("User-agent: *\nDisallow: /dalle/*?\n")


@blueprint.get("/series")
def series() -> Response:
    names = replies.studio().series()
    return replies.envelope({"series": names, "count": len(names)})


@blueprint.get("/dalle", defaults={"rest": ""})
@blueprint.get("/dalle/", defaults={"rest": ""})
@blueprint.get("/dalle/<rest:rest>")
def show(rest: str) -> Response:
    studio = replies.studio()
    name, _, address = rest.partition("/")
    address = address.removesuffix("/")
    if not request.query_string and (key := Key.of(name, address)):
        # Nearly all requests. What is there is shown, as nginx shows it, without asking whether the series is defined.
        found = studio.look(key)
        if not isinstance(found, Idle):
            return replies.outcome(found)
    key = Key.parse(name, address, studio.knows)
    match asked():
        case "remove":
            return removed(key)
        case "generate":
            return replies.outcome(studio.request(key, g.request_id))
        case "either":
            return replies.outcome(studio.ready(key) or studio.request(key, g.request_id))
    if "w" in request.args and (thumbnail := small(key)):
        return thumbnail
    return replies.outcome(studio.look(key))


def asked() -> str:
    """What the client wants done: "remove", "generate", "either" (the picture, else generate) or "look".

    Only an explicit GET acts: HEAD and a browser's prefetch look, and so does everybody on a read-only server.
    """
    purposes = (request.headers.get(name, "").lower() for name in ("Sec-Purpose", "Purpose"))
    prefetch = any("prefetch" in purpose for purpose in purposes)
    if request.method == "HEAD" or prefetch:
        return "look"
    if request.args.get("remove") == "1":
        return "remove"
    generate = request.args.get("generate")
    if replies.settings().read_only or generate not in ("1", ""):
        return "look"
    # A bare `?generate` is what one public client sends; `?generate=` is an empty value like any other wrong one.
    if generate == "":
        return "either" if "generate" in request.query_string.decode("latin-1").split("&") else "look"
    return "generate"


def removed(key: Key) -> Response:
    if replies.settings().read_only:
        raise Forbidden("this server is read-only: nothing is removed")
    if replies.studio().remove(key):
        return replies.text(f"The picture of {key.address} in series {key.series} was removed.\n")
    return replies.text(f"Nothing was removed: no finished picture of {key.address} in series {key.series}.\n")


def small(key: Key) -> Response | None:
    """The finished picture at the asked width as WebP; None when there is no picture yet."""
    ready = replies.studio().thumbnail(key, request.args["w"])
    if ready is None:
        return None
    return replies.stream(ready, "image/webp")
