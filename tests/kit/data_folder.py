"""A data folder as a test looks into it: the engine's layout, and journals read from it."""

from pathlib import Path

from dalle.atomic import read_bytes, write_atomic
from dalle.key import Key
from dalle.storage.blob import Blob, Original, OriginalKind, TextKind
from dalle.storage.codec import decode_journal, encode_journal
from dalle.storage.folder.layout import Layout
from dalle.storage.journal import Journal


class DataFolder(Layout):
    """Paths of what the service writes; what a test puts there by hand."""

    __slots__ = ()

    def text(self, key: Key, kind: TextKind) -> Path:
        return self.blob(Blob.text(key, kind))

    def generated(self, key: Key, extension: str = "png") -> Path:
        return self.blob(Blob.generated(key, extension))

    def thumbnail(self, key: Key, width: int) -> Path:
        return self.blob(Blob.thumbnail(key, width))

    def original(self, key: Key, run_id: str, number: int, kind: OriginalKind = "answer") -> Path:
        return self.blob(Original.of(key, run_id, number, kind))

    def read_journal(self, key: Key) -> Journal:
        data = read_bytes(self.journal(key))
        assert data is not None
        return decode_journal(data)

    def write_journal(self, journal: Journal) -> None:
        write_atomic(self.journal(journal.key), encode_journal(journal))


def put_bytes(path: Path, data: bytes) -> None:
    """Write a file, and its folders where they are missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
