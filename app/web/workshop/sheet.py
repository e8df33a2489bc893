"""The contact sheet of a draft: twelve addresses and the URLs of their sketches."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, url_for
from werkzeug.datastructures import MultiDict

from app.web import replies
from app.web.gallery import pasted
from app.web.workshop.fields import LIMITS
from dalle.eip55 import checksummed
from dalle.errors import NotFound
from dalle.key import ADDRESS, SERIES
from dalle.painters.sketch import SIZES, VERSION
from dalle.storage.blob import width_of
from dalle.words.catalog import Catalog
from dalle.words.selection import Selection
from dalle.words.series import Series
from dalle.workshop import samples

NUMBER = re.compile(r"[1-9][0-9]?")
LONGEST = 4000
"""Characters of the text with one's own addresses: many more than a sheet shows."""
WIDTH = "256"


@dataclass(frozen=True)
class Sheet:
    """What the page looks at.

    own     the addresses that were put in, as text
    shown   the address whose texts are shown
    number  of the sheet, from 1 on: the next one has other made-up addresses
    """

    own: str = ""
    shown: str = ""
    number: int = 1

    @classmethod
    def parse(cls, fields: MultiDict[str, str]) -> "Sheet":
        """Returns the sheet of a form or a query; what a button says comes behind the form's own field."""
        number, shown = (["", *fields.getlist(name)][-1] for name in ("sheet", "shown"))
        return cls(
            own=fields.get("addresses", "")[:LONGEST].strip(),
            shown=shown.lower(),
            number=int(number) if NUMBER.fullmatch(number) else 1,
        )

    @property
    def addresses(self) -> list[str]:
        found = (match for line in self.own.split() for match in pasted.all_in(line))
        return samples.sheet(list(found), self.number)

    @property
    def chosen(self) -> str:
        """The address whose texts are shown: the first one, unless another of the sheet was chosen."""
        return self.shown if self.shown in self.addresses else self.addresses[0]

    @property
    def problem(self) -> str:
        """What is wrong with one's own addresses; "" for nothing."""
        lost = [line for line in self.own.split() if not pasted.all_in(line) and line.lower().startswith("0x")]
        return f"{lost[0][:50]} is no address: expected {pasted.EXPECTED}." if lost else ""

    def query(self) -> list[tuple[str, str]]:
        fields = [("addresses", self.own), ("sheet", str(self.number) if self.number > 1 else "")]
        return [(name, value) for name, value in [*fields, ("shown", self.shown)] if value]


def tiles(addresses: list[str], series: Series, words: Catalog) -> list[dict[str, Any]]:
    """Returns what the page shows of each address."""
    workshop, start = replies.studio().workshop, common(series)
    return [tile(workshop.select(address, series, words), start) for address in addresses]


def tile(selection: Selection, start: str) -> dict[str, Any]:
    """Returns a sketch with what it shows in a few words; its URL is the same for the same picture."""
    studio = replies.studio()
    width, height = SIZES[studio.library.orientation_of(selection)]
    address = selection.original
    about = [selection["noun"].word, selection["artStyle1"].word]
    return {
        "address": address,
        "checksummed": checksummed(address),
        "about": ", ".join(filter(None, [f"{selection['adjective'].word} {about[0]}".strip(), about[1]])) or address,
        "width": width,
        "height": height,
        "sketch": f"{start}&address={address}&rows={studio.workshop.picks.text(selection)}",
    }


def common(series: Series) -> str:
    """Returns the URL of the sketches of a series, without address and rows: all that they are drawn from, no more."""
    suffix = series.suffix if series.suffix != series.name else None
    colors = series.color_limit or None
    return url_for("workshop.sketch", series=series.name, suffix=suffix, colors=colors, w=WIDTH, v=version())


def version() -> str:
    """Returns what the sketches of the same rows depend on, words, artist and settings, as eight hexadecimal digits."""
    library = replies.studio().library
    return hashlib.sha256(f"{library.catalog.sha256} {VERSION} {library.orientation}".encode()).hexdigest()[:8]


def asked(fields: Mapping[str, str]) -> tuple[Selection, int]:
    """Returns the selection and the width that a URL of this module names. Raises InvalidRequest, NotFound."""
    name, address = fields.get("series", ""), fields.get("address", "")
    if fields.get("v", version()) != version():
        raise NotFound("v: the words or the artist have changed; load the page again")
    limit = fields.get("colors", "0")
    if not SERIES.fullmatch(name) or not ADDRESS.fullmatch(address) or limit not in LIMITS:
        raise NotFound("series, address or colors: expected what the page of the workshop names")
    series = Series(name=name, suffix=fields.get("suffix") or name, color_limit=int(limit))
    width = width_of(fields.get("w", WIDTH))
    try:
        return replies.studio().workshop.picks.selection(address, series, fields.get("rows", "")), width
    except ValueError as exc:
        raise NotFound(f"rows: {exc}") from exc


def sent(made: bytes, *, lasting: bool) -> Response:
    """Returns a sketch, for a year if its URL is `lasting`: it says which words and which artist drew it."""
    caching = replies.IMMUTABLE if lasting else "no-store"
    headers = {"Content-Type": "image/webp", "Content-Length": str(len(made)), "Cache-Control": caching}
    return replies.Whole([made], headers=headers)
