"""The texts and attributes of a key: they can be read, and are those of its journal."""

import json
from collections.abc import Iterator
from functools import partial

from dalle.audit.present import Present
from dalle.progress.legacy import PROMPTS
from dalle.storage.blob import TEXTS, Blob
from dalle.storage.codec import encode_json
from dalle.storage.inventory import Fault, Holding
from dalle.storage.protocol import Blobs, Entry

AGAIN = "--fix writes it again from the journal"
LOST = "restore it from a backup"


class Texts:
    """Checks the texts of one storage. A run writes them before its key is guarded: those of open ones are left out."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs

    def faults(self, holding: Holding, now: Present) -> Iterator[Fault]:
        """Yield what is wrong: of a key without a journal only what is there counts."""
        if now.is_open:
            return
        key, journal = holding.key, now.journal
        is_ours = journal is not None and journal.state == "completed" and now.has_picture
        for kind in TEXTS:
            blob = Blob.text(key, kind)
            meant = str(journal.dress.get(PROMPTS.get(kind, ""), "")) if journal and is_ours else ""
            if why := self._fault(blob, meant):
                yield self._named(blob, why, f"{meant}\n".encode() if meant else b"")
        blob = Blob.attributes(key)
        dress = encode_json(journal.dress) if journal and is_ours and journal.dress.get("attributes") else b""
        if why := self._fault_of_attributes(blob, expected=bool(dress)):
            yield self._named(blob, why, dress)

    def _named(self, blob: Blob, why: str, content: bytes) -> Fault:
        mend = partial(self._write, blob, content) if content else None
        code = "missing-text" if why == "is missing" else "torn-text"
        return Fault(code, "error", str(blob.key), f"{blob.path} {why}", AGAIN if content else LOST, mend)

    def _fault(self, blob: Blob, meant: str) -> str:
        """Return what is wrong with a text; one that an operator has changed is right."""
        try:
            data = self._blobs.get(blob)
        except OSError as exc:
            return f"cannot be read ({exc.strerror or exc})"
        if data is None:
            return "is missing" if meant else ""
        try:
            text = data.decode().strip()
        except ValueError:
            return "is no text"
        if "\0" in text:
            return "is no text"
        if meant and meant.strip() != text and meant.strip().startswith(text):
            return "is torn"
        return ""

    def _fault_of_attributes(self, blob: Blob, *, expected: bool) -> str:
        try:
            data = self._blobs.get(blob)
            if data is None:
                return "is missing" if expected else ""
            json.loads(data)
        except OSError as exc:
            return f"cannot be read ({exc.strerror or exc})"
        except (ValueError, RecursionError):
            return "is torn"
        return ""

    def _write(self, blob: Blob, content: bytes, _: Entry) -> None:
        self._blobs.put(blob, content)
