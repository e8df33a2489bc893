"""Finds the picture in an answer's JSON, wherever dialects put it."""

import re
from dataclasses import dataclass, field
from typing import Any

from dalle.errors import BadAnswer
from dalle.painters.openai.answers import fields, values
from dalle.painters.openai.answers.complaints import is_blocking
from dalle.painters.openai.answers.encoded import begins_a_picture, decode
from dalle.painters.openai.answers.sniffing import is_picture
from dalle.painters.openai.answers.tasks import POLLED
from dalle.painters.openai.answers.urls import Origin, names_a_picture

MOST_NODES = 20_000
MOST_DEPTH = 24
MOST_URLS = 4
MOST_INNER = 3  # JSON in a string in JSON …
LONGEST_INNER = 1 << 26
LEAST_ENCODED = 64
LONGEST_TEXT = 8000
EMBEDDED = re.compile(r"!\[[^\[\]]{0,500}\]\(\s{0,9}<?(data:image/[^)\s>]*+|https?://[^)\s>]*+)", re.IGNORECASE)
TAGGED = re.compile(r"<img\b[^<>]{0,500}?\bsrc=[\"'](data:image/[^\"']*+|https?://[^\"']*+)", re.IGNORECASE)
LINKED = re.compile(r"(?:data:image/|https?://)[^\s<>\"')\]]*+", re.IGNORECASE)


@dataclass
class Finder:
    """Walks the parts of an answer, and keeps what may be the picture.

    data      a picture's bytes where pictures belong
    urls      where it can be fetched
    spare     a picture's bytes in a field of another name
    unproven  bytes where a picture belongs that begin as none that is known
    broken    whether there is base64 where a picture belongs that cannot be decoded
    withheld  whether a picture is there that moderation has spoilt, such as a blurred one
    revised   the prompt that was painted
    """

    origin: Origin
    data: bytes = b""
    urls: list[str] = field(default_factory=list)
    spare: bytes = b""
    unproven: bytes = b""
    broken: bool = False
    withheld: bool = False
    revised: str = ""
    _left: int = MOST_NODES

    def walk(self, value: Any, name: str = "", depth: int = 0, *, belongs: bool = True, inner: int = 0) -> None:
        """Look at a value and at what is in it; `belongs` is whether a picture belongs in its field."""
        self._left -= 1
        if self.data or self._left < 0 or depth > MOST_DEPTH:
            return
        if isinstance(value, str):
            self._look_at(value, name, depth, belongs, inner)
        elif isinstance(value, list):
            if not self._take_numbers(value):
                for item in value:
                    self.walk(item, name, depth + 1, belongs=belongs, inner=inner)
        elif isinstance(value, dict) and not _is_another(value):
            self._look_into(value, depth, inner)

    def _look_into(self, node: dict[str, Any], depth: int, inner: int) -> None:
        rows = fields.members(node)
        withheld = any(is_blocking(fields.joined(key), value) for key, value in rows if isinstance(value, str | bool))
        failing = bool(node.get("error")) or _is_refusal(node)
        for name, value in sorted(rows, key=lambda row: not fields.is_encoded(row[0])):
            if fields.joined(name) in fields.REVISED and isinstance(value, str):
                self.revised = self.revised or value
            elif fields.is_other(name):
                continue
            elif withheld and isinstance(value, str):  # the reason stands in the object that holds the picture
                self.withheld = self.withheld or begins_a_picture(value)
            elif isinstance(value, str) and failing and fields.is_bare_link(name):
                continue  # beside an error it leads to a page about it
            elif fields.joined(name) in POLLED and not (isinstance(value, str) and names_a_picture(value)):
                continue
            elif not (name == "urls" and isinstance(value, dict)):
                belongs = fields.is_encoded(name) or fields.is_picture(name)
                self.walk(value, name, depth + 1, belongs=belongs, inner=inner)

    def _look_at(self, text: str, name: str, depth: int, belongs: bool, inner: int) -> None:
        text = text.strip()
        encoded = fields.is_encoded(name)
        if len(text) >= LEAST_ENCODED and begins_a_picture(text):
            self._take(text, belongs, encoded)
        elif belongs and self._take_url(text, may_be_relative=fields.is_link(name)):
            pass
        elif encoded or text[:5].lower() == "data:":
            self._take(text, belongs, encoded)
        elif text[:1] in ("{", "[") and inner < MOST_INNER and len(text) <= LONGEST_INNER:
            for value in values.parse(text)[0]:
                self.walk(value, name, depth + 1, belongs=belongs, inner=inner + 1)
        elif belongs or fields.joined(name) in fields.TEXTS:
            self._look_through(text)

    def _look_through(self, text: str) -> None:
        """Look for a picture that is embedded in a text, or linked."""
        if self._take_url(text):
            return
        links = EMBEDDED.findall(text) or TAGGED.findall(text) or list(filter(_leads_to_picture, LINKED.findall(text)))
        for link in links[:MOST_URLS]:
            if link[:5].lower() == "data:":
                self._take(link, belongs=True, encoded=False)
            else:
                self._take_url(link)

    def _take(self, text: str, belongs: bool, encoded: bool) -> None:
        try:
            data = decode(text) if text else b""
        except BadAnswer:
            self.broken = True
            return
        if is_picture(data):
            self.data, self.spare = (data, b"") if belongs else (b"", self.spare or data)
        elif encoded:
            self.unproven = self.unproven or data

    def _take_url(self, text: str, *, may_be_relative: bool = False) -> bool:
        absolute = text[:7].lower() == "http://" or text[:8].lower() == "https://"
        if not absolute and not (may_be_relative and (text.startswith("/") or names_a_picture(text))):
            return False
        url = self.origin.absolute(text)
        if url and len(self.urls) < MOST_URLS and url not in self.urls:
            self.urls.append(url)
        return bool(url)

    def _take_numbers(self, items: list[Any]) -> bool:
        """Take a picture that is written as a list of bytes."""
        if len(items) < LEAST_ENCODED or any(type(item) is not int for item in items[:LEAST_ENCODED]):
            return False
        try:
            data = bytes(items)
        except (TypeError, ValueError):
            return True  # numbers of another kind: there is nothing to walk through
        if is_picture(data):
            self.data = data
        return True


def _is_another(node: dict[str, Any]) -> bool:
    """Return whether an object says that what it holds is not the picture: a preview, a mask, a thought."""
    if node.get("thought") is True:
        return True
    kinds = (
        value
        for key, value in fields.members(node)
        if fields.joined(key) in fields.TYPE_FIELDS and isinstance(value, str)
    )
    return any(not fields.OTHER_TYPES.isdisjoint(fields.words(kind)) for kind in kinds)


def _is_refusal(node: dict[str, Any]) -> bool:
    """Return whether an object looks like an error: a code, a sentence, and nothing that was painted."""
    named = {fields.joined(key) for key, _ in fields.members(node)}
    success = ("", "0", "200", "ok", "success", "succeeded", "none", "true")
    return "code" in named and bool(named & {"message", "msg"}) and str(node.get("code")).lower() not in success


def _leads_to_picture(link: str) -> bool:
    return link[:5].lower() == "data:" or names_a_picture(link)
