"""What the page of the workshop shows of a draft, as HTML and as JSON."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, url_for

from app import assets
from app.web import replies
from app.web.workshop import databases, sheet
from app.web.workshop.fields import LIMITS, UNNAMED, Fields
from app.web.workshop.opening import Bench, note
from dalle.eip55 import checksummed
from dalle.painters.forecast import Forecast
from dalle.words.attributes import Attribute
from dalle.words.draft import choices

LONGEST_LINK = 7000
"""Characters. A request line of more than 8,190 is refused, here and by the web server in front."""


def page(found: Bench, status: int = 200, **notices: Any) -> Response:
    """Returns the page; `notices` is what it says besides: `saved`, a name; `refused`, a sentence; `conflict`."""
    html = render_template(
        "workshop.html",
        **data(found),
        draft=found.draft,
        sheet=found.sheet,
        parts=databases.PARTS,
        groups=replies.studio().workshop.groups,
        names=replies.studio().series(),
        limits=LIMITS,
        longest=sheet.LONGEST,
        read_only=replies.config().read_only,
        asset=assets.versioned,
        **{"saved": "", "refused": "", "conflict": None, "differences": ()} | notices,
    )
    return replies.unstored(Response(html, status, mimetype="text/html"))


def answer(found: Bench) -> Response:
    """Returns what the page's script asks for while a draft is typed. Raises ServiceUnavailable."""
    with replies.studio().workshop.place():
        return replies.envelope(data(found))


def data(found: Bench) -> dict[str, Any]:
    """Returns what is known of a draft.

    left   for each database what its filters leave
    tiles  the sketches
    about  the texts of the chosen one, as HTML
    note   what saving would do to what is there
    link   where this draft is, "" if it is too long for a link
    """
    draft, problems, workshop = found.draft, found.draft.problems(), replies.studio().workshop
    series = replace(draft, filters={}).series() if "filters" in problems else draft.series()
    words = workshop.words()
    addresses, chosen = found.sheet.addresses, found.sheet.chosen
    tiles = dict(zip(addresses, sheet.tiles(addresses, series, words), strict=True))
    forecast = workshop.forecast(chosen, series, words)
    more = {"from": found.problem, "addresses": found.sheet.problem}
    return {
        "name": draft.name,
        "base": draft.base,
        "series": draft.values(),
        "problems": problems | {field: text for field, text in more.items() if text},
        "left": {
            choice.database: databases.left(choice, workshop.codes.get(choice.database, {}))
            for choice in choices(series, words, examples=databases.EXAMPLES)
        },
        "tiles": list(tiles.values()),
        "chosen": chosen,
        "about": render_template("forecast.html", tile=tiles[chosen], **about(forecast)),
        "price": price(forecast),
        "note": note(draft),
        "link": link(found),
    }


def attached(draft: Fields) -> Response:
    """Returns a draft as a file to keep."""
    response = Response(draft.text(), mimetype=replies.JSON)
    name = draft.name if "name" not in draft.problems() else ""
    response.headers["Content-Disposition"] = f'attachment; filename="{name or UNNAMED}.json"'
    return replies.unstored(response)


def link(found: Bench) -> str:
    """Returns the link that holds draft and sheet, "" if it would be too long."""
    query = urlencode([*found.draft.query(), *found.sheet.query()])
    url = url_for("workshop.page") + (f"?{query}" if query else "")
    return url if len(url) <= LONGEST_LINK else ""


def about(forecast: Forecast) -> dict[str, Any]:
    """Returns what the page shows of the chosen address."""
    return {
        "checksummed": checksummed(forecast.selection.original),
        "prompts": forecast.prompts,
        "price": price(forecast),
        "palette": forecast.palette,
        "attributes": [
            {"name": each.name, "word": each.word or "none", "about": meaning(each)} for each in forecast.selection
        ],
    }


def meaning(attribute: Attribute) -> str:
    return attribute.field("definition") or attribute.field("description")


def price(forecast: Forecast) -> str:
    """Returns what the chosen picture would cost, as a sentence."""
    quote = forecast.quote
    if not replies.studio().painter.paid:
        return "A picture costs nothing: the offline artist paints here."
    what = f"{quote.call.model}, {quote.call.size}" + (f", {quote.call.quality}" if quote.call.quality else "")
    if not quote.priced:
        return f"The price of a picture is not known ({what})."
    return f"A picture costs about ${quote.call.estimate:.3f} ({what})."
