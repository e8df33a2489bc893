"""Which part of the list a request asks for, and where in the list that part is."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import request

from app.web.gallery import items
from dalle.errors import InvalidRequest
from dalle.gallery import cursor
from dalle.storage.picture import Matches, Page, Position
from dalle.storage.protocol import PictureIndex

PAGE = 48
LOADED = 96  # pictures that a script loads at once
LONG = 3 * PAGE
"""A list of more pictures than this has a way to jump."""
LONGEST_QUERY = 200  # characters
JUMP = "share: a number from 0 to 1; before: a day, as 2026-01-31"
LIMIT = f"limit: a number from 1 to {LOADED}"


@dataclass(frozen=True, slots=True)
class Part:
    """The pictures of a page, and what is known of the list that they are a part of.

    page     without pictures only where the list has none
    begin    the share of the list in front of the page
    end      the share of the list up to its last picture
    matches  how many pictures the filter finds, None without one
    is_long  the list has so many pictures that one jumps in it
    """

    page: Page
    begin: float
    end: float
    matches: Matches | None
    is_long: bool


def query() -> tuple[str, str]:
    """Returns series and words of the filter. Raises InvalidRequest."""
    words = request.args.get("q", "").strip()
    if len(words) > LONGEST_QUERY:
        raise InvalidRequest(f"q: at most {LONGEST_QUERY} characters")
    return request.args.get("series", ""), words


def limit() -> int:
    """Returns how many pictures a script wants at most. Raises InvalidRequest."""
    wanted = request.args.get("limit", LOADED)
    try:
        number = int(wanted)
    except ValueError:
        raise InvalidRequest(LIMIT) from None
    if number < 1:
        raise InvalidRequest(LIMIT)
    return min(number, LOADED)


def part(index: PictureIndex, series: str, words: str, limit: int) -> Part:
    """Returns the part of the list that the request asks for. Raises InvalidRequest."""
    page = listed(index, series, words, limit)
    matches = index.matches(words, series=series) if words else None
    total = sum(folder.count for folder in index.folders() if series in ("", folder.series))
    return Part(
        page,
        begin=index.share(page.before, series=series),
        end=index.share(page.after, series=series) if page.after else 1.0,
        matches=matches,
        is_long=(matches.more or matches.count > LONG) if matches else total > LONG,
    )


def listed(index: PictureIndex, series: str, words: str, limit: int) -> Page:
    """Returns the page behind `after`, in front of `until`, or at the place to jump to; there is one at any place."""
    after, until = (cursor.parse(request.args.get(name, "")) for name in ("after", "until"))
    if after or until:
        return index.page(series=series, words=words, after=after, until=until, limit=limit)
    begin = jump(index, series)
    page = index.page(series=series, words=words, after=begin, limit=limit)
    if begin and not page.pictures:
        return replace(index.page(series=series, words=words, until=begin, limit=limit), after=None)
    return page


def jump(index: PictureIndex, series: str) -> Position | None:
    """Returns the place that `at`, a picture, `before`, a day, or `share`, 0 to 1, means. Raises InvalidRequest."""
    if link := request.args.get("at", ""):
        picture = items.find(index, link)
        return index.position(series=series, picture=picture) if picture else None
    before = request.args.get("before", "")
    try:
        if before:
            day = datetime.fromisoformat(before).replace(tzinfo=UTC) + timedelta(days=1)
            return index.position(series=series, before_ns=int(day.timestamp()) * 1_000_000_000)
        share = float(request.args.get("share", 0))
    except (ValueError, OverflowError):
        raise InvalidRequest(JUMP) from None
    if not 0 <= share <= 1:
        raise InvalidRequest(JUMP)
    return index.position(series=series, share=share)


def shown(part: Part) -> dict[str, Any]:
    """Returns what a script knows of a part besides its pictures.

    next, previous  where the page behind it begins (`after`), and the one in front of it ends (`until`); "": none
    """
    return {
        "next": cursor.text_of(part.page.after),
        "previous": cursor.text_of(part.page.before),
        "span": {"begin": part.begin, "end": part.end},
        "long": part.is_long,
    }
