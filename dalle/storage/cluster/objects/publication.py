"""The pictures of one key inside of an entry: rows that name objects. The bytes were staged before."""

import errno
from collections.abc import Sequence

from dalle.key import Key
from dalle.storage.blob import Blob, Facts, Original, Staged
from dalle.storage.cluster.database.line import Row
from dalle.storage.cluster.database.transaction import Transaction
from dalle.storage.cluster.objects.depot import Stored
from dalle.storage.cluster.objects.names import kind_of
from dalle.storage.cluster.objects.rows import Statement, is_text, numbers
from dalle.storage.cluster.objects.spool import Spool
from dalle.storage.cluster.pictures.words import clean, pieces_of, words_of

MOST_TITLE = 200  # characters
TORN_AFTER_NS = 5_000_000_000  # that a torn picture was left alone before it is quarantined

HOLD = """
    SELECT name, size, modified_ns, sha256 FROM objects
    WHERE name = ANY(%s) AND free_ns IS NOT NULL AND NOT doomed ORDER BY name FOR UPDATE
"""
FACTS = "object, modified_ns, size, whole, version, width, height, title, painter, words, painting"
TITLE = FACTS.split(", ").index("title")
REPLACE = ", ".join(f"{column} = EXCLUDED.{column}" for column in FACTS.split(", "))
FIND = """
    INSERT INTO grams SELECT id, %s FROM picture ON CONFLICT (id) DO UPDATE SET pieces = EXCLUDED.pieces
"""
PUBLISH = f"""
    WITH picture AS (
        INSERT INTO pictures (series, name, {FACTS})
        SELECT %s, %s, name, modified_ns, size, whole, %s, %s, %s, %s, %s, %s, %s FROM objects WHERE name = %s
        ON CONFLICT (series, name) DO UPDATE SET {REPLACE} RETURNING id
    ) {FIND}
"""
PUBLISH_TEXT = """
    INSERT INTO blobs (path, series, address, kind, data, modified_ns)
    SELECT %s, %s, %s, %s, data, modified_ns FROM objects WHERE name = %s
    ON CONFLICT (path) DO UPDATE SET object = NULL, data = EXCLUDED.data, modified_ns = EXCLUDED.modified_ns
"""
PUBLISH_OBJECTS = """
    INSERT INTO blobs (path, series, address, kind, object, modified_ns)
    SELECT path, %s, %s, kind, object, modified_ns
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::bigint[]) AS named (path, kind, object, modified_ns)
    ON CONFLICT (path) DO UPDATE SET object = EXCLUDED.object, data = NULL, modified_ns = EXCLUDED.modified_ns
"""
WITHDRAW = f"DELETE FROM pictures WHERE series = %s AND name = %s RETURNING {FACTS}"
EXPECTED = "DELETE FROM vanished WHERE series = %s AND name = %s"
KEEP = f"""
    INSERT INTO previous (series, name, {FACTS}, kept_ns) VALUES ({", ".join(["%s"] * 13)}, now_ns())
    ON CONFLICT (series, name) DO UPDATE SET {REPLACE}, kept_ns = EXCLUDED.kept_ns
"""
TAKE_BACK = f"DELETE FROM previous WHERE series = %s AND name = %s RETURNING {FACTS}"
RESTORE = f"""
    WITH picture AS (
        INSERT INTO pictures (series, name, {FACTS}) VALUES ({", ".join(["%s"] * 13)})
        ON CONFLICT (series, name) DO UPDATE SET {REPLACE} RETURNING id
    ) {FIND}
"""
HAS_PICTURE = "SELECT 1 FROM pictures WHERE series = %s AND name = %s"
HAS_PREVIOUS = "SELECT 1 FROM previous WHERE series = %s AND name = %s"
FORGET = "DELETE FROM blobs WHERE series = %s AND address = %s AND kind = ANY(%s)"
FORGET_GENERATED = "DELETE FROM blobs WHERE series = %s AND address = %s AND kind = 'generated' AND path <> %s"
FORGET_VERSION = "UPDATE pictures SET version = '' WHERE series = %s AND name = %s"
TAKE_ORIGINAL = """
    DELETE FROM originals WHERE (series, address, run_id, number, kind) = (%s, %s, %s, %s, %s) RETURNING object
"""
TAKE_TORN = """
    DELETE FROM pictures WHERE series = %s AND name = %s AND NOT whole AND modified_ns <= now_ns() - %s
    RETURNING object
"""
QUARANTINE = "INSERT INTO quarantined (series, address, name, object, at_ns) VALUES (%s, %s, %s, %s, now_ns())"
FIND_OBJECT = "SELECT name, size, modified_ns, sha256 FROM objects WHERE name = %s"


class KeyPictures:
    """The methods of `Entry` that are about pictures; the key's row is locked."""

    def __init__(self, key: Key, transaction: Transaction, spool: Spool) -> None:
        self._key = key
        self._transaction = transaction
        self._spool = spool
        self._pair = key.series, key.address

    def has_picture(self) -> bool:
        return bool(self._transaction.look(HAS_PICTURE, self._pair))

    def has_previous(self) -> bool:
        return bool(self._transaction.look(HAS_PREVIOUS, self._pair))

    def publish(self, staged: Sequence[Staged], facts: Facts) -> None:
        rows = self._transaction.run(HOLD, ([part.place for part in staged],))
        held = {row[0]: Stored(*row) for row in rows}
        for part in staged:
            if part.place not in held and (part.durable or part is staged[0]):
                raise FileNotFoundError(errno.ENOENT, "what was staged was tidied away", part.place)
        parts = [(part.blob, held[part.place]) for part in staged if part.place in held]
        named = [(blob, stored) for blob, stored in parts if blob != Blob.picture(self._key) and not is_text(blob)]
        for blob, stored in parts:
            if blob == Blob.picture(self._key):
                self._write([(FORGET, (*self._pair, ["versions"])), publishing(self._key, stored.name, facts)])
            elif is_text(blob):
                self._write([(PUBLISH_TEXT, (blob.path, *self._pair, kind_of(blob), stored.name))])
        self._name([*named, *self._versions(named, facts.version)])

    def _versions(self, named: Sequence[tuple[Blob, Stored]], version: str) -> list[tuple[Blob, Stored]]:
        """Return the thumbnails among what was named, by their version."""
        small = [(blob.path.split("/"), stored) for blob, stored in named if version and kind_of(blob) == "thumbs"]
        return [(Blob.thumbnail(self._key, int(path[2]), version), stored) for path, stored in small]

    def _name(self, named: Sequence[tuple[Blob, Stored]]) -> None:
        """Let blobs have these objects from now on, in one journey; a generated picture is the only one."""
        if not named:
            return
        columns = (
            [blob.path for blob, _ in named],
            [kind_of(blob) for blob, _ in named],
            [stored.name for _, stored in named],
            [stored.modified_ns for _, stored in named],
        )
        self._write([(PUBLISH_OBJECTS, (*self._pair, *columns))])
        if generated := [blob.path for blob, _ in named if blob.is_generated]:
            self._write([(FORGET_GENERATED, (*self._pair, generated[-1]))])

    def keep_original(self, original: Original, generated: Blob) -> None:
        for (name,) in self._transaction.run(TAKE_ORIGINAL, numbers(original)):
            row = self._transaction.look(FIND_OBJECT, (name,))[0]
            self._name([(generated, Stored(*row))])
        self._write([(FORGET_GENERATED, (*self._pair, generated.path))])

    def withdraw(self, *, keep: bool = False) -> bool:
        rows = self._transaction.run(WITHDRAW, self._pair)
        kept = [(KEEP, (*self._pair, *row)) for row in rows] if keep else []
        self._write([*kept, (EXPECTED, self._pair), (FORGET, (*self._pair, ["thumbs", "versions"]))])
        return bool(rows)

    def forget_thumbnails(self) -> None:
        self._write([(FORGET, (*self._pair, ["thumbs"]))])

    def forget_version(self) -> None:
        self._write([(FORGET_VERSION, self._pair), (FORGET, (*self._pair, ["versions"]))])

    def restore_previous(self) -> bool:
        rows = self._transaction.run(TAKE_BACK, self._pair)
        self._write([(RESTORE, (*self._pair, *row, pieces_of(*self._pair, row[TITLE]))) for row in rows])
        return bool(rows)

    def forget_previous(self) -> bool:
        return bool(self._transaction.run(TAKE_BACK, self._pair))

    def quarantine_picture(self) -> bool:
        """The row that its disappearance leaves lets the caretaker clear away what belonged to it."""
        return self._quarantine(self._transaction.run(TAKE_TORN, (*self._pair, TORN_AFTER_NS)), "torn")

    def quarantine_original(self, original: Original) -> bool:
        waited = self._spool.has(original)
        if waited:
            self._transaction.after(lambda: self._spool.refuse(original))
        taken = self._transaction.run(TAKE_ORIGINAL, numbers(original))
        return self._quarantine(taken, original.name) or waited

    def _quarantine(self, rows: Sequence[Row], name: str) -> bool:
        self._write([(QUARANTINE, (*self._pair, name, *row)) for row in rows])
        return bool(rows)

    def _write(self, statements: Sequence[Statement]) -> None:
        """Run statements at once, one after the other."""
        for statement in statements:
            self._transaction.run(*statement)


def publishing(key: Key, name: str, facts: Facts) -> Statement:
    """Return the statement by which an object is the finished picture of a key."""
    series, address, title = clean(key.series), clean(key.address), clean(facts.title)[:MOST_TITLE]
    size, words = (facts.width, facts.height), words_of(series, address, title)
    about = facts.version, *size, title, clean(facts.painter), words, facts.painting
    return PUBLISH, (series, address, *about, name, pieces_of(series, address, title))
