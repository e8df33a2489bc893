"""`/metadata/<series>/<address>`: what wallets and marketplaces read of a token (EIP-721 and their conventions)."""

import math
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response

from app.web import replies
from app.web.gallery.items import spaced
from app.web.images import key_in
from app.web.programs import addresses
from dalle.errors import NotFound
from dalle.key import Key

blueprint = Blueprint("metadata", __name__)

LONGEST_WAIT = 60
"""Seconds after which a client asks again, however long the run takes."""


@blueprint.get("/metadata", defaults={"rest": ""})
@blueprint.get("/metadata/", defaults={"rest": ""})
@blueprint.get("/metadata/<rest:rest>")
def show(rest: str) -> Response:
    """Returns the metadata of a picture. Raises NotFound without one: consumers keep the first answer that they get."""
    key = key_in(rest)
    known = replies.studio().details(key)
    if known is None or not known["version"]:
        raise missing(key)
    return replies.document(f"{replies.ENCODER.encode(token(key, known))}\n".encode(errors="replace"), replies.JSON)


def token(key: Key, known: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the metadata of the details of a picture. Where its texts are not known, the address has to do."""
    traits = [(plain(spaced(row["name"])).capitalize(), plain(row["word"])) for row in known["attributes"]]
    return {
        "name": plain(known["title"]) or known["address"],
        "description": plain(known["prompts"].get("terse", "")) or f"{known['address']} in the series {key.series}",
        "image": addresses.picture(key, known["version"]),
        "external_url": addresses.page(key),
        "attributes": [{"trait_type": name, "value": word} for name, word in traits if name and word],
    }


def plain(text: str) -> str:
    """Returns a text without control characters, in one line."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def missing(key: Key) -> NotFound:
    """Returns the error for a key without a picture, with a time to ask again while a run is open."""
    report = replies.studio().report(key)
    wait = None
    if report and not report["done"]:
        wait = min(LONGEST_WAIT, max(1, math.ceil(report["etaSeconds"])))
    return NotFound(f"there is no picture of {key.address} in series {key.series}", retry_after=wait)
