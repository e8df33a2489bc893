"""`/preview/zip`: the pictures that a visitor has selected, as a zip file that is made while it is sent.

Nothing of it is kept and no more than a piece of it is in memory: the worker asks for the next piece when the client
has taken the last one, which costs no thread meanwhile. Pictures are compressed already, so they are stored as they
are, and the length is known before the first byte is sent. zipfile of the standard library writes the format.
"""

import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from flask import Blueprint, Response, request

from app.web import replies
from dalle.errors import InvalidRequest, MissingParameter, NotFound
from dalle.key import Key
from dalle.storage.blob import OpenBlob
from dalle.studio import Studio

blueprint = Blueprint("selection", __name__)

MOST = 100
"""Pictures at once: their addresses fit into a request line, which has at most 8,190 bytes."""
LARGEST = 1_000_000_000
"""Bytes of all of them."""
PIECE = 1 << 16  # bytes
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""That zip files know."""
LOCAL, DESCRIPTOR, CENTRAL, END = 30, 16, 46, 22
"""Bytes of a zip file besides names and content: three of each file, and one at the end."""


@dataclass(frozen=True, slots=True)
class Member:
    """A picture of a zip file: as it was when the length of the file was computed."""

    key: Key
    size: int
    modified_ns: int

    @property
    def name(self) -> str:
        return f"{self.key}.png"

    def is_still(self, picture: OpenBlob) -> bool:
        """Return whether an open picture is the one whose size was announced."""
        return (picture.size, picture.modified_ns) == (self.size, self.modified_ns)


@blueprint.get("/preview/zip", endpoint="zip")
def download() -> Response:
    members = selected(replies.studio(), keys(request.args.getlist("p")))
    headers = {
        "Content-Type": "application/zip",
        "Content-Length": str(length(members)),
        "Content-Disposition": f'attachment; filename="{filename(members)}"',
        "Cache-Control": "no-store",
        "Accept-Ranges": "none",
        "X-Accel-Buffering": "no",  # nginx would stop reading at 64 MB, until a slow client has taken all of that
    }
    return replies.Whole(stream(replies.studio(), members), headers=headers, direct_passthrough=True)


def keys(values: Sequence[str]) -> list[Key]:
    """Returns the keys of `series/address`, or of several addresses of a series between commas, each once.

    Raises MissingParameter, InvalidRequest.
    """
    found: dict[Key, None] = {}
    for value in values:
        series, _, addresses = value.partition("/")
        for address in addresses.split(","):
            key = Key.of(series, address)
            if key is None:
                raise InvalidRequest(f"p={value[:64]}: expected a series, a slash, and addresses between commas")
            found[key] = None
    if not found:
        raise MissingParameter("p is missing: select pictures, as p=simple/0x…")
    if len(found) > MOST:
        raise InvalidRequest(f"p: {len(found)} pictures, and at most {MOST} can be downloaded at once")
    return list(found)


def selected(studio: Studio, wanted: Sequence[Key]) -> list[Member]:
    """Returns the pictures of these keys. Raises NotFound for one that has none, InvalidRequest if it is too much."""
    members = []
    for key in wanted:
        picture = studio.ready(key)
        if picture is None:
            raise NotFound(f"there is no picture of {key.address} in series {key.series}")
        picture.close()
        members.append(Member(key, picture.size, picture.modified_ns))
    total = sum(member.size for member in members)
    if total > LARGEST:
        limit = f"at most {LARGEST / 1e6:,.0f} MB can be downloaded at once"
        raise InvalidRequest(f"p: these pictures have {total / 1e6:,.0f} MB, and {limit}")
    return members


def filename(members: Sequence[Member]) -> str:
    series = {member.key.series for member in members}
    count = f"{len(members)}-picture{'s'[: len(members) != 1]}"
    return f"{series.pop() if len(series) == 1 else 'dalleserver'}-{count}.zip"


def length(members: Sequence[Member]) -> int:
    """Returns how many bytes `stream` yields."""
    names = sum(len(member.name) for member in members)
    content = sum(member.size for member in members)
    return content + 2 * names + len(members) * (LOCAL + DESCRIPTOR + CENTRAL) + END


class Sink:
    """Where the zip file is written to: what was not taken out yet. It cannot be sought in, so nothing is rewritten."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """zipfile calls it."""

    def take(self) -> bytes:
        data = b"".join(self._written)
        self._written.clear()
        return data


def stream(studio: Studio, members: Sequence[Member]) -> Iterator[bytes]:
    """Yields the zip file. Raises ConnectionAbortedError where a picture is not the announced one any more.

    The response has begun then, and its length is known: a client sees that it is not whole.
    """
    sink = Sink()
    with zipfile.ZipFile(cast("BinaryIO", sink), "w") as archive:
        for member in members:
            picture = studio.ready(member.key)
            if picture is None:
                raise ConnectionAbortedError(f"{member.key}: the picture was removed while it was downloaded")
            with picture.file as file:
                if not member.is_still(picture):
                    raise ConnectionAbortedError(f"{member.key}: the picture was replaced while it was downloaded")
                with archive.open(entry(member), "w") as target:
                    while piece := file.read(PIECE):
                        target.write(piece)
                        yield sink.take()
    yield sink.take()


def entry(member: Member) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(member.name, max(EARLIEST, time.gmtime(member.modified_ns // 10**9)[:6]))
    info.external_attr = 0o100644 << 16
    return info
