"""`/oembed`: how to embed the picture of a link, as https://oembed.com describes it."""

from urllib.parse import parse_qs

from flask import Blueprint, Response, request

from app.web import replies
from app.web.images import ENDING, parts
from app.web.programs import addresses
from app.web.programs.cards import SITE
from app.web.programs.metadata import plain
from dalle.errors import DalleError, InvalidRequest, MissingParameter, NotFound, NotImplementedHere
from dalle.key import Key

blueprint = Blueprint("oembed", __name__)

CACHE_AGE = 3600
"""Seconds that a consumer may keep the answer; a picture can be removed, or made again."""
LARGEST = 1 << 31


@blueprint.get("/oembed")
def show() -> Response:
    """Returns the largest picture of a link that fits. Raises DalleError."""
    url = request.args.get("url", "")
    if not url:
        raise MissingParameter("url is missing: expected the link of a picture")
    if request.args.get("format", "json") != "json":
        raise NotImplementedHere("format: expected json")
    most = limit("maxwidth"), limit("maxheight")
    key = key_of(url)
    studio = replies.studio()
    known = studio.details(key) if key else None
    if key is None or known is None or not known["version"]:
        raise NotFound("url: expected the link of a finished picture on this server")
    sizes = studio.sizes(key)
    fitting = [size for size in sizes if size[0] <= most[0] and size[1] <= most[1]]
    if not fitting:
        raise NotFound("maxwidth, maxheight: the picture is not made that small")
    width, height = fitting[0]
    original = fitting[0] == sizes[0]
    value = {
        "type": "photo",
        "version": "1.0",
        "title": plain(known["title"]) or known["address"],
        "url": addresses.picture(key, known["version"]) if original else addresses.small(key, known["version"], width),
        "width": width,
        "height": height,
        "provider_name": SITE,
        "provider_url": f"{addresses.base()}/",
        "cache_age": CACHE_AGE,
    }
    return replies.document(f"{replies.ENCODER.encode(value)}\n".encode(errors="replace"), replies.JSON)


def limit(name: str) -> int:
    """Returns the most pixels that a parameter allows. Raises InvalidRequest."""
    text = request.args.get(name)
    if text is None:
        return LARGEST
    if not (text.isascii() and text.isdecimal()):
        raise InvalidRequest(f"{name}: expected a number of pixels")
    return min(LARGEST, int(text[:12]))


def key_of(url: str) -> Key | None:
    """Returns the key that a URL of this server leads to, None for any other."""
    path, query = addresses.own_path(url) or ("", "")
    if path.rstrip("/") == "/preview":
        link = parse_qs(query).get("picture", [""])[0]
    elif path.startswith("/dalle/"):
        link = path.removeprefix("/dalle/").removesuffix("/").removesuffix(ENDING)
    else:
        return None
    series, _, address = parts(link)
    try:
        return Key.parse(series, address, replies.studio().knows)
    except DalleError:
        return None
