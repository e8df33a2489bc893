"""A key at one moment: what its journal, its report and its pictures say together."""

from dataclasses import dataclass

from dalle.errors import FileSystemError
from dalle.storage.journal import Journal
from dalle.storage.protocol import Entry, Storage


@dataclass(frozen=True, slots=True)
class Present:
    """What was there while the key was guarded.

    trouble    why the journal cannot be read, None when it can be
    report     b"" without a whole one
    is_open    a run is open, or is being let go: what belongs to it may change at any moment
    """

    journal: Journal | None
    trouble: FileSystemError | None
    report: bytes
    is_open: bool
    has_picture: bool
    has_previous: bool

    @property
    def is_settled(self) -> bool:
        """Whether there is a journal that can be read, and nothing works on it."""
        return self.journal is not None and not self.is_open


def present(storage: Storage, entry: Entry) -> Present:
    """Return what there is; three small files are read."""
    journal, trouble = None, None
    try:
        journal = entry.journal()
    except FileSystemError as exc:
        trouble = exc
    is_open = entry.ticket() is not None or storage.is_claimed(entry.key)
    return Present(journal, trouble, entry.report(), is_open, entry.has_picture(), entry.has_previous())
