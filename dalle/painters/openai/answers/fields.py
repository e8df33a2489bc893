"""Names of fields, and which fields of an answer may hold the picture: tables of words.

Dialects write a name in different ways: image_url, imageUrl and ImageURL are one.
"""

import re
from functools import lru_cache
from itertools import islice
from typing import Any

LONGEST_NAME = 80
MOST_MEMBERS = 1000


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name in lower case."""
    return _words(name[:LONGEST_NAME])


def joined(name: str) -> str:
    """Return a name, a code or a state without what dialects write differently: "In Queue" is "inqueue"."""
    return _joined(name[:LONGEST_NAME])


@lru_cache(2048)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+", name))


@lru_cache(2048)
def _joined(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def members(node: dict[str, Any]) -> list[tuple[str, Any]]:
    """Return the fields of an object: the first ones of one that has absurdly many."""
    return list(islice(node.items(), MOST_MEMBERS))


def table(names: str) -> frozenset[str]:
    """Return a table of names from a text."""
    return frozenset(names.split())


ENCODED = table(
    "b64json b64 base64 bytesbase64encoded imagebase64 base64image b64image imageb64 imgbase64 base64img "
    "imgb64 b64img binarydatabase64 imagebytes imagedata datauri dataurl imagejson b64data database64 "
    "filebase64"
)
"""Fields that hold nothing but an encoded picture."""
PICTURES = table(
    "image images img imgs picture pictures photo photos art artwork output outputs result results sample "
    "samples data asset assets artifacts artifact predictions media file files generated generation "
    "generations attachments"
)
"""Words of fields that hold a picture, its URL, or objects with them."""
LINKS = table("url urls uri uris link links href src")
"""Words of fields that hold a URL."""
ABOUT_LINKS = PICTURES | table(
    "download signed presigned public cdn full final original origin raw secure hd large s3 gcs storage "
    "result hosted content generated proxy direct access oss cos"
)
"""Words that may stand beside those of LINKS."""
TEXTS = frozenset(["content", "text", "markdown", "outputtext", "answer"])
"""Fields with a text in which a picture may be embedded."""
OTHERS = table(
    "thumbnail thumbnails thumb thumbs preview previews mask masks masked input inputs init initial "
    "reference references ref source sources control conditioning avatar logo icon placeholder blur lqip "
    "partial error errors detail details doc docs documentation help status polling poll cancel webhook "
    "callback request parameters params arguments args prompt usage user web logs depth canny pose before "
    "terms privacy pricing homepage latent latents embedding metrics metadata profile"
)
"""Words of fields that hold other pictures and links than the one that was painted."""
OTHER_TYPES = table(
    "thumbnail thumb preview mask masked input partial reference source init control error user reasoning"
)
"""Words by which an object says that it holds another picture."""
TYPE_FIELDS = frozenset(["type", "kind", "role", "label"])
REVISED = frozenset(["revisedprompt", "actualprompt", "optimizedprompt", "enhancedprompt"])


def is_encoded(name: str) -> bool:
    """Return whether a field holds nothing but an encoded picture."""
    return joined(name) in ENCODED


def is_picture(name: str) -> bool:
    """Return whether what a field holds is the picture, or leads to it."""
    parts = set(words(name))
    return bool(parts & PICTURES) or is_link(name)


def is_link(name: str) -> bool:
    """Return whether a field holds a URL, and nothing in its name says that it leads elsewhere."""
    parts = set(words(name))
    return bool(parts & LINKS) and not parts - LINKS - ABOUT_LINKS


def is_bare_link(name: str) -> bool:
    """Return whether a field holds a URL of anything."""
    return set(words(name)) <= LINKS


def is_other(name: str) -> bool:
    """Return whether a field never holds the painted picture."""
    return joined(name) != "source" and not OTHERS.isdisjoint(words(name))  # alone it is where the bytes are
