"""Absolute URLs of this server, as others reach it."""

from urllib.parse import SplitResult, quote, unquote, urlsplit

from flask import request

from app.web import replies
from dalle.errors import InvalidRequest
from dalle.key import Key


def base() -> str:
    """Returns what is before the first slash of our own paths: the configured URL, else that of the request.

    Raises InvalidRequest where the request names no host that a URL could have.
    """
    if configured := replies.config().public_url:
        return configured
    if not request.host:
        raise InvalidRequest("Host: expected the name of this server, for absolute links")
    return f"{request.scheme}://{request.host}{quote(request.script_root)}"


def picture(key: Key, version: str) -> str:
    """Returns where a version of a picture is, by its ending."""
    return f"{base()}/dalle/{key}.png?v={version}"


def page(picture: Key | str) -> str:
    """Returns where people look at a picture, `<series>/<name>`."""
    return f"{base()}/preview?picture={quote(str(picture))}"


def small(key: Key, version: str, width: int) -> str:
    """Returns where that version is at that width."""
    return f"{picture(key, version)}&w={width}"


def oembed(url: str) -> str:
    """Returns where one reads how to embed a page."""
    return f"{base()}/oembed?format=json&url={quote(url, safe='')}"


def own_path(url: str) -> tuple[str, str] | None:
    """Returns path, below our own, and query of a URL of this server; None for those of others.

    http and https are the same here, and the host may be the configured one or that of the request.
    """
    parts = split(url)
    for own in (base(), f"{request.scheme}://{request.host}{quote(request.script_root)}"):
        mine = split(own)
        if parts and mine and place(parts) == place(mine) and parts.path.startswith(f"{mine.path}/"):
            return unquote(parts.path.removeprefix(mine.path)), parts.query
    return None


def split(url: str) -> SplitResult | None:
    """Returns the parts of an http or https URL, None for another text."""
    try:
        parts = urlsplit(url)
        return parts if parts.scheme in ("http", "https") and place(parts)[0] else None
    except ValueError:
        return None


def place(parts: SplitResult) -> tuple[str, int | None]:
    """Returns host and port, None for the scheme's own port. Raises ValueError for a port that is none."""
    return parts.hostname or "", None if parts.port in (80, 443) else parts.port


def card(key: Key, version: str) -> str:
    """Returns where the card of a picture is; "" for a version that is not known. Chats keep a card by its URL."""
    return f"{base()}/card/{key}.jpg" + (f"?v={version}" if version else "")


def gallery(series: str = "") -> str:
    """Returns where people look at all pictures, or at those of a series."""
    return f"{base()}/preview" + (f"?series={quote(series)}" if series else "")


def feed(kind: str, series: str = "") -> str:
    """Returns where a feed is, `atom` or `json`: of all pictures, or of a series."""
    return f"{base()}/feed.{kind}" + (f"?series={quote(series)}" if series else "")
