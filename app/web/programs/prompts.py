"""`/prompts/<series>/<address>`: looking without buying."""

from dataclasses import asdict

from flask import Blueprint, Response

from app.web import replies
from app.web.images import key_in
from dalle.errors import InvalidSeries

blueprint = Blueprint("prompts", __name__)


@blueprint.get("/prompts", defaults={"rest": ""})
@blueprint.get("/prompts/", defaults={"rest": ""})
@blueprint.get("/prompts/<rest:rest>")
def show(rest: str) -> Response:
    """Returns attributes, texts and price of a picture that need not exist. Raises DalleError."""
    key = key_in(rest)
    expected = replies.studio().forecast(key)
    if expected is None:
        raise InvalidSeries(f"Series '{key.series}' is not defined any more: only its pictures are here")
    call = expected.quote.call
    data = {
        "series": key.series,
        "address": key.address,
        "attributes": expected.selection.rows(),
        "prompts": asdict(expected.prompts),
        "palette": [{"hex": code, "name": name} for code, name in expected.palette.items()],
        "orientation": expected.orientation,
        "model": call.model,
        "size": call.size,
        "quality": call.quality,
        "estimateUsd": call.estimate,
        "priced": expected.quote.priced,
        "painter": expected.painter,
    }
    return replies.envelope(data)
