"""Absolute URLs of this server, as others reach it."""

from urllib.parse import quote

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


def card(key: Key, version: str) -> str:
    """Returns where the card of a picture is; "" for a version that is not known. Chats keep a card by its URL."""
    return f"{base()}/card/{key}.jpg" + (f"?v={version}" if version else "")


def gallery(series: str = "") -> str:
    """Returns where people look at all pictures, or at those of a series."""
    return f"{base()}/preview" + (f"?series={quote(series)}" if series else "")
