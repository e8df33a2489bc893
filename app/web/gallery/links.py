"""What the gallery shows for a link to a picture or to a series: the picture, or why there is none."""

from dataclasses import dataclass
from typing import Any

from app.web.gallery import items, pasted
from app.web.gallery.runs import sentence
from dalle.eip55 import checksummed
from dalle.errors import Cancelled, DalleError
from dalle.key import SERIES, Key
from dalle.storage.picture import Picture
from dalle.studio import Studio


@dataclass(frozen=True, slots=True)
class Linked:
    """The picture of a link; or a notice why there is none, and the key that can be made instead.

    address  what the form may begin with, "" if nothing
    """

    picture: Picture | None = None
    notice: str = ""
    offer: Key | None = None
    address: str = ""


def follow(studio: Studio, picture: str, series: str) -> Linked:
    """Returns what `?picture=<series>/<address>` and `?series=` lead to; nothing where there is nothing to say."""
    if picture:
        found = items.find(studio.storage.pictures, picture)
        return Linked(found) if found else missing_picture(studio, picture)
    if series and all(folder.series != series for folder in studio.storage.pictures.folders()):
        return Linked(notice=missing_series(studio, series))
    return Linked()


def missing_picture(studio: Studio, link: str) -> Linked:
    series, _, text = link.partition("/")
    series = series.lower()
    try:
        address = pasted.address_in(text)
    except DalleError as exc:
        return Linked(notice=f"This link leads to no picture. {exc.details}")
    if not SERIES.fullmatch(series) or not studio.knows(series, address):
        return Linked(notice=f"There is no series “{items.cut(series)}” here.", address=checksummed(address))
    key = Key(series, address)
    state = missing_key(studio.report(key), key)
    return Linked(notice=state, offer=key)


def missing_key(report: dict[str, Any] | None, key: Key) -> str:
    """Returns why a key has no picture; `report` is that of its run, if it has one."""
    what = f"{checksummed(key.address)} in the series {key.series}"
    if report and not report["done"]:
        return f"The picture of {what} is being made. It appears here when it is finished."
    if report and report["errorCode"] == Cancelled.code:
        return f"The picture of {what} was not made: its run was cancelled."
    if report and report["error"]:
        return f"The picture of {what} could not be made. {sentence(report['error'])}"
    return f"There is no picture of {what}: it has not been made yet, or it was removed."


def missing_series(studio: Studio, series: str) -> str:
    if series in studio.series():
        return f"There are no pictures in the series {series} yet."
    return f"There is no series “{items.cut(series)}” here."
