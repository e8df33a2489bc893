"""The settings of webhooks, parsed as in app.settings: where events go, what signs them, and which are sent."""

import re
from urllib.parse import urlsplit

from app.suggestion import question
from dalle.webhooks import signing
from dalle.webhooks.settings import TYPES

SECRET = "whsec_ and the base64 of 24 to 64 bytes; two, separated by a space, while it changes"  # noqa: S105 — a text


def url(value: str) -> str:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        valid = valid and parts.username is None and "#" not in value
    except ValueError:
        valid = False
    if value and not (valid and re.fullmatch(r"[!-~]+", value)):
        raise ValueError("a URL such as https://receiver.example/events, without user and fragment, or nothing")
    return value


def masked(value: str) -> str:
    """Returns a URL without what may be a secret in it: many receivers have theirs in the path."""
    scheme, mark, rest = value.rpartition("://")
    host, _, path = rest.rpartition("@")[2].partition("/")
    host, _, query = host.partition("?")
    return f"{scheme}{mark}{host}" + ("/***" if path or query else "")


def secrets(value: str) -> tuple[str, ...]:
    """One secret, or two: the receiver verifies either."""
    texts = tuple(value.split())
    try:
        for text in texts:
            signing.secret_key(text)
    except ValueError:
        texts = ("",) * 3
    if len(texts) > 2:
        raise ValueError(SECRET)
    return texts


def events(value: str) -> frozenset[str]:
    names = frozenset(re.split(r"[\s,]+", value.strip(" ,")))
    if unknown := sorted(names.difference(TYPES)):
        raise ValueError(f"some of {' '.join(TYPES)}, with spaces{question(unknown[0], TYPES)}")
    return names
