"""Link cards: `/card/<series>/<address>.jpg`, and the tags by which chats and networks find it on a page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, Response

from app.web import replies
from app.web.gallery.items import short
from app.web.images import parts
from app.web.programs import addresses
from app.web.programs.metadata import plain
from dalle.errors import InvalidRequest, NotFound
from dalle.key import Key
from dalle.storage.picture import Picture

blueprint = Blueprint("cards", __name__)

ENDING = ".jpg"
SITE = "dalleserver"
ABOUT = "Pictures out of Ethereum addresses"


@dataclass(frozen=True, slots=True)
class Head:
    """What programs read of a page: Open Graph and Twitter tags, name → content; alternates, media type → URL."""

    tags: Mapping[str, str] = field(default_factory=dict)
    alternates: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/card", defaults={"rest": ""})
@blueprint.get("/card/", defaults={"rest": ""})
@blueprint.get("/card/<rest:rest>")
def show(rest: str) -> Response:
    """Returns the card of a picture; starts nothing. Raises DalleError."""
    series, _, name = parts(rest)
    key = Key.parse(series, name.removesuffix(ENDING), replies.studio().knows)
    card = replies.studio().card(key) if name.endswith(ENDING) else None
    if card is None:
        raise NotFound(f"there is no card of {key.address} in series {key.series}")
    return replies.document(card, "image/jpeg")


def head(picture: Picture | None, shown: Mapping[str, Any] | None, series: str) -> Head:
    """Returns what a page of the gallery says about itself.

    picture  the one that it is about, or the first in its list
    shown    details of the picture, None for a list
    """
    try:
        addresses.base()
    except InvalidRequest:  # the request names no host: there are no absolute URLs, and the page does without
        return Head()
    tags = {"og:site_name": SITE, "og:type": "website", **(about(shown) if shown else about_list(series))}
    image = image_of(picture.key, picture) if picture and picture.key else {}
    if image and shown:
        image["og:image:alt"] = tags["og:description"]
    alternates = {"application/json+oembed": addresses.oembed(tags["og:url"])} if image and shown else {}
    alternates |= {"application/atom+xml": addresses.feed("atom", series)}
    alternates |= {"application/feed+json": addresses.feed("json", series)}
    return Head({**tags, **image, **twitter({**tags, **image})}, alternates)


def about(shown: Mapping[str, Any]) -> dict[str, str]:
    """Returns title, description and URL of the page of a picture."""
    return {
        "og:title": plain(shown["title"]) or short(shown["address"]),
        "og:description": plain(shown["prompts"].get("terse", "")) or f"{shown['address']} in {shown['series']}",
        "og:url": addresses.page(f"{shown['series']}/{shown['address']}"),
    }


def about_list(series: str) -> dict[str, str]:
    """Returns title, description and URL of a list of pictures."""
    name = plain(series)
    return {
        "og:title": f"{name} · Gallery" if name else "Gallery",
        "og:description": f"{ABOUT}: the series {name}" if name else ABOUT,
        "og:url": addresses.gallery(series),
    }


def image_of(key: Key, picture: Picture) -> dict[str, str]:
    """Returns what the tags say of a picture's card; nothing when it was removed meanwhile."""
    size = replies.studio().card_size(key)
    if size is None:
        return {}
    return {
        "og:image": addresses.card(key, replies.studio().listed_version(picture)),
        "og:image:type": "image/jpeg",
        "og:image:width": str(size[0]),
        "og:image:height": str(size[1]),
        "og:image:alt": plain(picture.title) or key.address,
        "twitter:card": "summary" if size[0] == size[1] else "summary_large_image",
    }


def twitter(tags: Mapping[str, str]) -> dict[str, str]:
    """Returns the tags that only one network reads, which takes the rest from the others."""
    copies = {"title": "og:title", "description": "og:description", "image": "og:image", "image:alt": "og:image:alt"}
    named = {f"twitter:{name}": tags[source] for name, source in copies.items() if source in tags}
    return {"twitter:card": "summary", **named} | {name: tags[name] for name in ("twitter:card",) if name in tags}
