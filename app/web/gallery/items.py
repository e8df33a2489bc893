"""What the gallery shows of pictures, as its templates and its JSON have it."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from flask import request, url_for

from app.web import replies
from dalle.eip55 import checksummed
from dalle.storage.picture import Matches, Picture, Progress
from dalle.storage.protocol import PictureIndex

TALLEST = 4
"""Of a picture higher than this in proportion to its width, thumbnails show the upper part."""
FEW = 48
"""Titles of so many new pictures are read in a moment."""
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


def spaced(name: str) -> str:
    """Returns the words of a name such as `artStyle2` or `back-style`."""
    return re.sub(r"([A-Z0-9])", r" \1", name).lower().strip()


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def moment(seconds: int) -> str:
    """Returns a time for people; the page's script puts it into their own time zone and language."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%-d %B %Y, %H:%M UTC")


def shape(item: Mapping[str, Any]) -> tuple[int, int]:
    """Returns width and height of what a tile shows: the painting. (1, 1) where the picture's size is unknown."""
    width: int = item["width"]
    return (width, min(item["paintingHeight"], TALLEST * width)) if width else (1, 1)


FILTERS = (short, cut, grouped, spaced, iso, moment, shape)  # of the template


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


def status(reached: Progress) -> str:
    """Returns what the index is busy with, as a sentence; "" when a filter misses nothing that is worth a word."""
    if reached.known < reached.about:
        return f"Counting pictures: {reached.known:,} of about {rounded_up(reached.about):,}."
    if reached.unread > FEW:
        return f"The titles of {reached.unread:,} pictures are still being read."
    return ""


def rounded_up(number: int) -> int:
    """Returns a number with two digits that count: an estimate promises no more, and does not flicker."""
    unit: int = 10 ** max(len(str(number)) - 2, 0)
    return -(-number // unit) * unit


def found(matches: Matches | None, words: str, series: str = "") -> str:
    """Returns how many pictures a filter matches, as a sentence; "" without a filter."""
    if matches is None:
        return ""
    count = matches.count
    number = "No picture matches" if not count else "1 picture matches" if count == 1 else f"{count:,} pictures match"
    number = f"More than {number}" if matches.more else number
    return f"{number} “{words}”{f' in the series {cut(series)}' if series else ''}."


def by_series(pictures: list[Picture]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Returns the items of the pictures, grouped by series, in order."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for picture in pictures:
        groups.setdefault(picture.series, []).append(item(picture))
    return list(groups.items())


def item(picture: Picture) -> dict[str, Any]:
    """Returns a picture for a list; `small` + a width is the URL of a thumbnail, "" without one.

    `version`: "" where it is not noted. `paintingHeight`: how many of its rows, from above, are the painting; the rest
    is the caption. `sketch`: the offline artist painted it although there is a paid provider. A file whose name is not
    an address can only be viewed.
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
        "paintingHeight": replies.studio().painting_height(picture),
        "version": replies.studio().listed_version(picture),
        "image": image,
        "small": f"{image}?w=" if picture.key else "",
        "page": url_for("gallery.preview", picture=f"{picture.series}/{picture.name}"),
    }


def details(picture: Picture) -> dict[str, Any]:
    """Returns an item with everything known about the picture: of a file whose name is not an address, what the older
    server has written.
    """
    studio = replies.studio()
    known = (studio.details(picture.key) if picture.key else studio.file_details(picture)) or UNKNOWN
    listed = item(picture)
    return {
        **listed,
        **{name: known[name] for name in ("prompts", "attributes", "palette", "model", "painter", "cost")},
        "title": listed["title"] or known["title"],
        "checksummed": checksummed(picture.name),
        "raw": f"{request.script_root}/files/{quote(known['raw'])}" if known["raw"] else "",
    }
