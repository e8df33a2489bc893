"""What things are called: objects in the bucket, and the public paths of blobs."""

import re
import secrets
from typing import NamedTuple

from dalle.key import ADDRESS, SERIES, Key
from dalle.storage.blob import TEXTS, Blob, Original
from dalle.storage.version import VERSION

MOST_PATH = 1024
IN_DATABASE = {*TEXTS, "selector"}
"""Kinds of blobs that are small, and read by programs."""
VERSION_NAME = re.compile(rf"(?P<address>{ADDRESS.pattern})\.(?P<version>{VERSION.pattern})")

VERSION_PATH = re.compile(
    rf"(?P<series>{SERIES.pattern})/versions/(?P<width>[0-9]+/)?{VERSION_NAME.pattern}\.(?P<extension>png|webp)"
)


class Place(NamedTuple):
    """A public path, parsed. kind: its second part, which decides where it is kept; name: without the ending."""

    path: str
    series: str
    kind: str
    name: str

    @property
    def version(self) -> str:
        """The version of a picture that the path names, "" for any other path."""
        found = VERSION_NAME.fullmatch(self.name)
        return found["version"] if found and self.kind == "versions" and self.path.endswith(".png") else ""

    @property
    def address(self) -> str:
        """The address that the path names, or what is in its place."""
        return self.name.partition(".")[0]


def place_of(path: str) -> Place | None:
    """Return the parts of a public path; None for one that names nothing."""
    series, _, rest = path.partition("/")
    kind, _, file = rest.partition("/")
    name = file.rpartition("/")[2].rpartition(".")[0]
    if not (series and kind and name) or len(path) > MOST_PATH or not path.isprintable():
        return None
    try:
        path.encode()
    except UnicodeEncodeError:  # half a character
        return None
    return Place(path, series, kind, name)


def kind_of(blob: Blob) -> str:
    """Return the second part of a blob's path."""
    return blob.path.split("/")[1]


def owner_of(blob: Blob) -> str:
    """Return what a blob's objects are versions of, for the cache."""
    return f"originals/{blob.key.series}/{blob.name}" if isinstance(blob, Original) else owner_of_path(blob.path)


def owner_of_path(path: str) -> str:
    """Return the same for a public path: a picture and what it is called by its version are one."""
    if found := VERSION_PATH.fullmatch(path):
        kind, width = ("thumbs", found["width"]) if found["width"] else ("annotated", "")
        return f"{found['series']}/{kind}/{width}{found['address']}.{found['extension']}"
    return path


def new_name(blob: Blob) -> str:
    """Return the name of an object that no other has, or will have: it also says what the object is for."""
    token = secrets.token_hex(8)
    if isinstance(blob, Original):
        address, run_id, number, kind = blob.name.split(".")
        return f"{blob.key.series}/originals/{address}.{run_id}.{number}.{token}.{kind}"
    folder, _, file = blob.path.rpartition("/")
    stem, _, extension = file.rpartition(".")
    return f"{folder}/{stem}.{token}.{extension}"


def is_key(series: str, name: str) -> bool:
    return bool(SERIES.fullmatch(series) and ADDRESS.fullmatch(name))


def key_of(series: str, name: str) -> Key | None:
    """Return the key of a row, None where something else has a row."""
    return Key(series, name) if is_key(series, name) else None
