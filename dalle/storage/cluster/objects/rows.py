"""The statements about blobs: which object, or which bytes, a name has."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from dalle.storage.blob import Blob, Original
from dalle.storage.cluster.objects.depot import Stored
from dalle.storage.cluster.objects.names import IN_DATABASE, Place, kind_of, place_of

Statement = tuple[str, Sequence[Any]]

OBJECT = "o.name, o.size, o.modified_ns, o.sha256"
ABSENT = "NULL::bytea, NULL::bigint"
FIND_PICTURE = f"""
    SELECT {OBJECT}, {ABSENT} FROM pictures p JOIN objects o ON o.name = p.object WHERE p.series = %s AND p.name = %s
"""
FIND_VERSION = f"{FIND_PICTURE} AND p.version = %s"
FIND_PREVIOUS = FIND_PICTURE.replace("pictures", "previous")
FIND_BLOB = f"""
    SELECT {OBJECT}, b.data, b.modified_ns FROM blobs b LEFT JOIN objects o ON o.name = b.object WHERE b.path = %s
"""
FIND_ORIGINAL = f"""
    SELECT {OBJECT}, {ABSENT} FROM originals r JOIN objects o ON o.name = r.object
    WHERE (r.series, r.address, r.run_id, r.number, r.kind) = (%s, %s, %s, %s, %s)
"""
FIND_REPORT = "SELECT NULL, NULL, NULL, NULL, body, shown_ns FROM reports WHERE series = %s AND address = %s"

PUT_TEXT = """
    INSERT INTO blobs (path, series, address, kind, data, modified_ns)
    VALUES (%s, %s, %s, %s, %s, coalesce(%s, now_ns()))
    ON CONFLICT (path) DO UPDATE SET object = NULL, data = EXCLUDED.data, modified_ns = EXCLUDED.modified_ns
"""
PUT_OBJECT = """
    INSERT INTO blobs (path, series, address, kind, object, modified_ns) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (path) DO UPDATE SET object = EXCLUDED.object, data = NULL, modified_ns = EXCLUDED.modified_ns
"""
PUT_PREVIOUS = """
    INSERT INTO previous SELECT %s, %s, name, modified_ns, size, true, '', 0, 0, '', '', '', 0, now_ns()
    FROM objects WHERE name = %s
    ON CONFLICT (series, name) DO UPDATE SET object = EXCLUDED.object, modified_ns = EXCLUDED.modified_ns,
        size = EXCLUDED.size, whole = true, version = '', width = 0, height = 0, title = '', painter = '', words = '',
        painting = 0, kept_ns = EXCLUDED.kept_ns
"""
PUT_ORIGINAL = """
    INSERT INTO originals VALUES (%s, %s, %s, %s, %s, %s, now_ns())
    ON CONFLICT (series, address, run_id, number, kind) DO UPDATE SET object = EXCLUDED.object,
        arrived_ns = EXCLUDED.arrived_ns
"""
PUT_WAITING = f"""
    WITH object AS (
        INSERT INTO objects (name, size, sha256, modified_ns, free_ns) VALUES (%s, %s, %s, %s, now_ns())
        ON CONFLICT (name) DO NOTHING
    ) {PUT_ORIGINAL}
"""
DELETE_PREVIOUS = "DELETE FROM previous WHERE series = %s AND name = %s RETURNING 1"
DELETE_BLOB = "DELETE FROM blobs WHERE path = %s RETURNING 1"
DELETE_ORIGINAL = """
    DELETE FROM originals WHERE (series, address, run_id, number, kind) = (%s, %s, %s, %s, %s) RETURNING 1
"""
ORIGINALS = "SELECT run_id, number, kind FROM originals WHERE series = %s AND address = %s"
ADDRESSES = "SELECT DISTINCT name FROM pictures WHERE name ~ '^0x[0-9a-f]{40}$'"
ARRIVED = """
    SELECT series, address, run_id, number, kind, arrived_ns FROM originals WHERE arrived_ns >= %s
    ORDER BY arrived_ns LIMIT %s
"""


class Found(NamedTuple):
    """What a name has: an object, or bytes of a time."""

    object: Stored | None
    data: bytes | None
    modified_ns: int


def found(rows: list[tuple[Any, ...]]) -> Found | None:
    """Return the answer to one of the statements of `finding`."""
    if not rows:
        return None
    *row, data, modified_ns = rows[0]
    return Found(Stored(*row) if row[0] is not None else None, data, modified_ns or row[2])


def finding(blob: Blob) -> Statement:
    """Return the statement that finds what a blob has."""
    if isinstance(blob, Original):
        return FIND_ORIGINAL, numbers(blob)
    place = place_of(blob.path)
    return finding_place(place) if place else (FIND_BLOB, (blob.path,))


def finding_place(place: Place) -> Statement:
    """Return the statement that finds what a public path has."""
    if place.kind == "annotated" and place.path == f"{place.series}/annotated/{place.name}.png":
        return FIND_PICTURE, (place.series, place.name)
    if place.kind == "former" and place.path == f"{place.series}/former/{place.name}.png":
        return FIND_PREVIOUS, (place.series, place.name)
    if place.kind == "progress" and place.path == f"{place.series}/progress/{place.name}.json":
        return FIND_REPORT, (place.series, place.name)
    if place.version and place.path == f"{place.series}/versions/{place.name}.png":
        return FIND_VERSION, (place.series, place.address, place.version)
    return FIND_BLOB, (place.path,)


def deleting(blob: Blob) -> Statement:
    """Return the statement that deletes a blob, but for a finished picture: `Entry.withdraw` does that."""
    if isinstance(blob, Original):
        return DELETE_ORIGINAL, numbers(blob)
    if blob == Blob.previous(blob.key):
        return DELETE_PREVIOUS, (blob.key.series, blob.key.address)
    return DELETE_BLOB, (blob.path,)


def naming(blob: Blob, stored: Stored) -> Statement:
    """Return the statement by which a blob has an object from now on."""
    key = blob.key
    if isinstance(blob, Original):
        return PUT_ORIGINAL, (*numbers(blob), stored.name)
    if blob == Blob.previous(key):
        return PUT_PREVIOUS, (key.series, key.address, stored.name)
    return PUT_OBJECT, (blob.path, key.series, key.address, kind_of(blob), stored.name, stored.modified_ns)


def texting(blob: Blob, data: bytes, modified_ns: int = 0) -> Statement:
    """Return the statement by which a blob has these bytes from now on."""
    return PUT_TEXT, (blob.path, blob.key.series, blob.key.address, kind_of(blob), data, modified_ns or None)


def is_text(blob: Blob) -> bool:
    """Return whether the database itself keeps a blob."""
    return not isinstance(blob, Original) and kind_of(blob) in IN_DATABASE


def numbers(original: Original) -> tuple[str, str, str, int, str]:
    """Return the values that identify an original, in the order of their columns."""
    return original.key.series, original.key.address, original.run_id, original.number, original.kind
