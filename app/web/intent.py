"""Whether a request was meant to start or remove something, or only happens to have such a link.

This protects from accidents, not from an attacker, who can send any header: access control belongs to the proxy.
"""

from urllib.parse import urlsplit

from flask import Request

from app.web.agents import opens_links_itself
from dalle.errors import Forbidden

PURPOSES = ("HTTP_SEC_PURPOSE", "HTTP_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")
AHEAD = ("prefetch", "prerender", "preview")
"""What browsers say that load a page before a person opens it, or without one."""

NEAR = frozenset({"same-origin", "same-site", "none"})
"""`Sec-Fetch-Site` of pages of the same site, and of what a person typed, or opened from a bookmark or another app."""


def is_meant(request: Request, generate_from: str) -> bool:
    """Returns whether the request may act: only a GET that no browser or program sent ahead of a person.

    generate_from: the setting of that name. Scripts and older browsers send no `Sec-Fetch-Site`, and may act.
    """
    environ = request.environ  # scripts poll with generate=1, and `request.headers` costs a microsecond each time
    if request.method == "HEAD" or opens_links_itself(environ.get("HTTP_USER_AGENT", "")):
        return False
    purposes = [environ[name].lower() for name in PURPOSES if name in environ]
    if any(word in purpose for purpose in purposes for word in AHEAD):
        return False
    site = environ.get("HTTP_SEC_FETCH_SITE", "").strip().lower()
    return generate_from == "anywhere" or not site or site in NEAR


def check_page(request: Request, public_url: str) -> None:
    """Raises Forbidden for the form of another site's page. Scripts may send neither header; over plain HTTP browsers
    send only `Origin`, which names this host as the browser knows it, or else the setting `public_url`.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    hosts = {request.host.lower(), urlsplit(public_url).netloc.lower()} - {""}
    if site is not None:
        own = site.strip().lower() in ("same-origin", "none")
    else:
        own = origin is None or urlsplit(origin).netloc.lower() in hosts
    if not own:
        raise Forbidden("this was sent by a page of another site")
