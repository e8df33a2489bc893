"""An answer as it came, before it is understood, and the form in which it is kept: an HTTP message."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

from dalle.errors import BadAnswer
from dalle.painters.openai.answers import encodings
from dalle.painters.openai.spool import Spool

KEPT = (
    "content-type",
    "content-encoding",
    "location",
    "operation-location",
    "retry-after",
    "retry-after-ms",
    "x-request-id",
)
"""The headers that matter for reading an answer; of the others only the ids of the call are kept."""
ID = re.compile(
    r"(?:(?:^|[_-])(?:request|call|trace|generation|correlation|transaction|log)|amzn-request|tt-?log|^helicone)[_-]?id$"
)
"""Names of headers that identify the call: x-litellm-call-id, x-portkey-trace-id, apim-request-id, x-generation-id …"""
OTHER_IDS = frozenset({"cf-ray", "x-vercel-id", "x-amz-cf-id"})
FIRST_IDS = ("x-request-id", "x-litellm-call-id")
"""Those that are looked for first: the provider's, then that of the gateway that is used most."""
MOST_IDS = 8
LONGEST_ID = 200
URL, WHOLE, LENGTH = "x-dalle-url", "x-dalle-whole", "content-length"
LONGEST_VALUE = 8000
LONGEST_HEAD = 1 << 17


@dataclass(frozen=True)
class Pieces:
    """The form in which an answer is kept, any number of times over."""

    head: bytes
    body: bytes | Spool

    def __iter__(self) -> Iterator[bytes]:
        yield self.head
        yield from (self.body,) if isinstance(self.body, bytes) else self.body


@dataclass(frozen=True)
class Received:
    """An answer of the provider.

    headers  by lower-case names
    body     as it came: its content encoding is not undone; a large one is in a scratch file
    whole    False if the connection broke, or a bound was reached, before the end
    url      where it came from
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | Spool = field(default=b"", repr=False)
    whole: bool = True
    url: str = ""

    @classmethod
    def of(cls, response: Any, body: bytes | Spool, *, whole: bool = True) -> Self:
        """Return what matters of a response of the HTTP library, whose `body` was read undecoded."""
        headers = {name: clean(response.headers[name]) for name in KEPT if name in response.headers}
        headers |= ids_of(response.headers)
        return cls(int(response.status_code), headers, body, whole, clean(str(response.url)))

    def content(self, most: int) -> bytes:
        """Return the body without its content encodings; of a cut one, what can be read.

        Raises BadAnswer for an unknown encoding, and for more than `most` bytes.
        """
        return encodings.undo(self.headers.get("content-encoding", ""), bytes(self.body), most)

    def encode(self) -> bytes:
        """Return the form to keep as a whole."""
        return b"".join(self.pieces())

    def pieces(self) -> Pieces:
        """Return the form to keep. The query of the URL is left out: it may contain a key."""
        phrase = next((status.phrase for status in HTTPStatus if status == self.status), "")
        headers = {name: clean(self.headers[name]) for name in KEPT if name in self.headers}
        headers |= ids_of(self.headers)
        headers |= {LENGTH: str(len(self.body)), WHOLE: "yes" if self.whole else "no"}
        if url := without_query(self.url):
            headers[URL] = url
        lines = [f"HTTP/1.1 {self.status:03} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join(lines).encode(errors="replace") + b"\r\n\r\n"
        return Pieces(head, self.body)

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Return what `encode` kept; a body of another length is not whole. Raises BadAnswer for anything else."""
        end = data.find(b"\r\n\r\n", 0, LONGEST_HEAD)
        first, *lines = data[: max(end, 0)].decode(errors="replace").split("\r\n")
        status = re.fullmatch(r"HTTP/1\.[01] ([1-5][0-9]{2})( .*)?", first)
        if not status:
            raise BadAnswer("the kept answer is damaged")
        rows = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in rows}
        body = data[end + 4 :]
        whole = headers.get(WHOLE) != "no" and headers.get(LENGTH, str(len(body))) == str(len(body))
        kept = {name: value for name, value in headers.items() if name in KEPT} | ids_of(headers)
        return cls(int(status[1]), kept, body, whole, headers.get(URL, ""))


def ids_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the ids by which provider and gateways find the call in their logs, by the names of their headers.

    The most telling one comes first.
    """
    found = {
        name.lower(): text
        for name, value in headers.items()
        if (ID.search(name.lower()) or name.lower() in OTHER_IDS) and (text := clean(value)[:LONGEST_ID])
    }
    names = [*(name for name in FIRST_IDS if name in found), *(name for name in found if name not in FIRST_IDS)]
    return {name: found[name] for name in names[:MOST_IDS]}


def clean(value: str) -> str:
    """Return a header's value as one line of bounded length."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", value[:LONGEST_VALUE]).strip()


def without_query(url: str) -> str:
    """Return a URL without user, query and fragment; nothing for one that cannot be parsed."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return clean(urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", "")))
