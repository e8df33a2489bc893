"""`/feed.atom` and `/feed.json`: the newest pictures (RFC 4287, and JSON Feed 1.1)."""

from dataclasses import dataclass
from html import escape
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from app.web import replies
from app.web.gallery.items import iso
from app.web.programs import addresses
from app.web.programs.cards import SITE
from app.web.programs.metadata import plain
from dalle.errors import InvalidSeries
from dalle.gallery.newest import newest
from dalle.key import Key
from dalle.storage.picture import Picture

blueprint = Blueprint("feeds", __name__)

MOST = 50
ATOM, JSON = "application/atom+xml", "application/feed+json"
NAMESPACE = "http://www.w3.org/2005/Atom"
NEVER = iso(0)
"""When a feed without pictures changed: Atom wants a time."""


@dataclass(frozen=True, slots=True)
class Item:
    """A picture in a feed. `id` stays whatever the server is called; `moment`: of its file (RFC 3339)."""

    id: str
    title: str
    page: str
    image: str
    moment: str

    @property
    def content(self) -> str:
        """The picture as HTML, a link to its page."""
        image = f'<img src="{escape(self.image)}" alt="{escape(self.title)}" width="512">'
        return f'<p><a href="{escape(self.page)}">{image}</a></p>'


@blueprint.get("/feed.atom")
def atom() -> Response:
    series = wanted()
    entries = items(series)
    root = ElementTree.Element("feed", xmlns=NAMESPACE)
    add(root, "id", identity("feed", series))
    add(root, "title", title(series))
    add(root, "updated", entries[0].moment if entries else NEVER)
    add(root, "link", rel="self", type=ATOM, href=addresses.feed("atom", series))
    add(root, "link", rel="alternate", type="text/html", href=addresses.gallery(series))
    add(add(root, "author"), "name", SITE)
    for item in entries:
        entry = add(root, "entry")
        add(entry, "id", item.id)
        add(entry, "title", item.title)
        add(entry, "updated", item.moment)
        add(entry, "link", rel="alternate", type="text/html", href=item.page)
        add(entry, "content", item.content, type="html")
    return replies.document(ElementTree.tostring(root, "utf-8", xml_declaration=True), ATOM)


@blueprint.get("/feed.json", endpoint="json")
def json_feed() -> Response:
    series = wanted()
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(series),
        "home_page_url": addresses.gallery(series),
        "feed_url": addresses.feed("json", series),
        "items": [shown(item) for item in items(series)],
    }
    return replies.document(f"{replies.ENCODER.encode(value)}\n".encode(errors="replace"), JSON)


def wanted() -> str:
    """Returns the series that the request asks for, "" for all. Raises InvalidSeries for one that is not there."""
    series = request.args.get("series", "").lower()
    studio = replies.studio()
    painted = (folder.series for folder in studio.storage.pictures.folders())
    if series and series not in studio.series() and series not in painted:
        raise InvalidSeries(f"Series '{series[:64]}' not found")
    return series


def title(series: str) -> str:
    return f"{SITE}: {plain(series)}" if series else SITE


def items(series: str) -> list[Item]:
    """Returns the newest pictures."""
    pictures = newest(replies.studio().storage.pictures, MOST, series)
    return [item for picture in pictures if picture.key and (item := item_of(picture.key, picture))]


def item_of(key: Key, picture: Picture) -> Item | None:
    """Returns a picture as an item; None when it was removed meanwhile."""
    version = replies.studio().listed_version(picture)
    if not version:  # put in by hand: it is computed and noted once
        report = replies.studio().report(key)
        version = report["version"] if report else ""
    if not version:
        return None
    return Item(
        id=identity(key.series, key.address, version),
        title=plain(picture.title) or key.address,
        page=addresses.page(key),
        image=addresses.small(key, version, 512),
        moment=iso(picture.modified_ns // 1_000_000_000),
    )


def identity(*parts: str) -> str:
    """Returns a name that is the same under any host."""
    return uuid5(NAMESPACE_URL, f"dalleserver:{'/'.join(parts)}").urn


def shown(item: Item) -> dict[str, Any]:
    """Returns an item as JSON Feed has it."""
    return {
        "id": item.id,
        "url": item.page,
        "title": item.title,
        "content_html": item.content,
        "image": item.image,
        "date_published": item.moment,
    }


def add(parent: ElementTree.Element, name: str, text: str = "", /, **attributes: str) -> ElementTree.Element:
    """Adds an element to another one, and returns it."""
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text or None
    return element
