"""What the gallery shows, as its template and its JSON have it: pictures, their details, and runs."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import request, url_for

from app.web import replies
from dalle.eip55 import checksummed
from dalle.storage.picture import Matches, Picture, Progress
from dalle.storage.protocol import PictureIndex

LEFT_OUT = ("phases", "phaseAverages", "dalleDress")
UNKNOWN: Mapping[str, Any] = {
    "title": "", "prompts": {}, "attributes": [], "palette": [], "model": "", "painter": "", "cost": 0, "raw": "",
}  # fmt: skip


def short(address: str) -> str:
    """Returns an address as people recognise it: 0x1234…cdef; longer names are cut too."""
    return f"{address[:6]}…{address[-4:]}" if len(address) > 16 else address


def cut(name: str) -> str:
    return f"{name[:31]}…" if len(name) > 32 else name


def grouped(number: int) -> str:
    """Returns 12,345, as the page's script writes it."""
    return f"{number:,}"


FILTERS = (short, cut, grouped)  # of the template


def progress(reached: Progress) -> dict[str, int]:
    """Returns how far the index is: pictures that are known, about how many there are, and how many lack a title."""
    return {"known": reached.known, "about": reached.about, "unread": reached.unread}


def matches(found: Matches | None) -> dict[str, Any]:
    """Returns how many pictures a filter finds, counted up to 1,000; `more`: there are more. {} without a filter."""
    return {"count": found.count, "more": found.more} if found else {}


def find(index: PictureIndex, link: str) -> Picture | None:
    """Returns the picture of a link `<series>/<address>`, in any case."""
    series, _, name = link.partition("/")
    if not name:
        return None
    return index.find(series, name) or index.find(series.lower(), name.lower())


def by_series(pictures: list[Picture]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Returns the items of the pictures, grouped by series, in order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for picture in pictures:
        groups.setdefault(picture.series, []).append(item(picture))
    return list(groups.items())


def item(picture: Picture) -> dict[str, Any]:
    """Returns a picture for a list; `small` + a width is the URL of a thumbnail, "" without one.

    `sketch`: the offline artist painted it although there is a paid provider. A file whose name is not an address can
    only be viewed.
    """
    root = request.script_root
    file = f"{root}/files/{quote(picture.series, safe='')}/annotated/{quote(picture.name, safe='')}.png"
    image = f"{root}/dalle/{picture.key}" if picture.key else file
    return {
        "series": picture.series,
        "address": picture.name,
        "title": picture.title,
        "sketch": picture.painter == "sketch" and replies.studio().painter.paid,
        "time": picture.modified_ns // 1_000_000_000,
        "width": picture.width,
        "height": picture.height,
        "image": image,
        "small": f"{image}?w=" if picture.key else "",
        "page": url_for("gallery.preview", picture=f"{picture.series}/{picture.name}"),
    }


def details(picture: Picture) -> dict[str, Any]:
    """Returns an item with everything known about the picture; little for a file whose name is not an address."""
    known = (replies.studio().details(picture.key) if picture.key else None) or UNKNOWN
    listed = item(picture)
    return {
        **listed,
        **{name: known[name] for name in ("prompts", "attributes", "palette", "model", "painter", "cost")},
        "title": listed["title"] or known["title"],
        "checksummed": checksummed(picture.name),
        "raw": f"{request.script_root}/files/{quote(known['raw'])}" if known["raw"] else "",
    }


def run_summary(run: dict[str, Any]) -> dict[str, Any]:
    """Returns a run's report without what a list does not show: pages poll all runs at once."""
    shown = {name: value for name, value in run.items() if name not in LEFT_OUT}
    return {**shown, "title": run["dalleDress"]["titlePrompt"]}
