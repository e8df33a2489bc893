"""The pictures of a key, read from their first byte to their last; and what calls brought that is still kept."""

from collections.abc import Iterable, Iterator
from functools import partial
from hashlib import sha256
from typing import Any

from dalle.audit.present import Present
from dalle.audit.soundness import fault_of_png
from dalle.key import Key
from dalle.pictures.previous import Previous
from dalle.storage.blob import Blob, OpenBlob, Original
from dalle.storage.inventory import Fault, Holding
from dalle.storage.protocol import Blobs, Entry, Storage
from dalle.storage.version import DIGITS

YOUNG_NS = 10_000_000_000
"""A damaged file that is younger may still be being written."""
PIECE = 1 << 16  # bytes


class Pictures:
    """Checks pictures; the previous ones that are due when it begins count as left behind."""

    def __init__(self, storage: Storage, previous: Previous) -> None:
        self._storage = storage
        self._previous = previous
        self._left = set(previous.due())
        self._torn: set[str] = set()

    def faults(self, holding: Holding, now: Present) -> Iterator[Fault]:
        """Yield what is wrong."""
        key = holding.key
        if now.has_picture:
            yield from self._of_finished(key)
        if now.has_previous and not now.is_open and key in self._left:
            message = "the picture before was kept while another one was made, and that run is over"
            cure = "--fix deletes it if there is a new one, and restores it otherwise, as the service does"
            yield Fault("previous-picture", "warning", str(key), message, cure, self._previous.settle_in)
        for blob in holding.blobs:
            if blob.is_generated:
                yield from self._of_generated(key, blob)
        if now.is_settled:
            yield from self._of_missing(key, now)
        if not now.is_open and not now.trouble:
            for original in holding.originals:
                yield from self._of_original(key, original, now)

    def faults_of_others(self, names: Iterable[str]) -> Iterator[Fault]:
        """Yield what is wrong with finished pictures whose names are no addresses."""
        for name in names:
            if "/annotated/" in name and (opened := self._storage.blobs.open_public(name)):
                with opened.file:
                    why = fault_of(opened, sha256())
                if why:
                    self._torn.add(name)
                if why and self._storage.now_ns() - opened.modified_ns >= YOUNG_NS:
                    cure = "restore it from a backup, or delete it"
                    yield Fault("damaged-picture", "error", name, f"the picture is damaged: {why}", cure)

    def torn(self, series: str) -> int:
        """Return how many pictures of a series were torn or damaged so that a gallery leaves them out."""
        return sum(name.startswith(f"{series}/") for name in self._torn)

    def _of_finished(self, key: Key) -> Iterator[Fault]:
        opened = self._storage.blobs.open(Blob.picture(key))
        if opened is None:
            return
        digest = sha256()
        with opened.file:
            why = fault_of(opened, digest)
        if not why:
            noted = self._storage.noted_version(key, opened.modified_ns, opened.size)
            if noted not in ("", digest.hexdigest()[:DIGITS]):
                message = "its picture is not the one that was published, and has its time and size"
                cure = "restore it from a backup; --fix forgets the version that it is not"
                yield Fault("changed-picture", "error", str(key), message, cure, without_version)
        else:
            self._torn.add(str(key))
            if self._storage.now_ns() - opened.modified_ns >= YOUNG_NS:
                yield self._damaged(key, why)

    def _damaged(self, key: Key, why: str) -> Fault:
        again = f"restore it from a backup, or make another one: dalleserver generate {key.series} {key.address}"
        whole = self._storage.finished(key)
        if whole is None:
            cure = f"--fix moves it away, as the service does; then {again}"
            return Fault("torn-picture", "error", str(key), f"its picture is torn: {why}", cure, quarantine)
        whole.close()
        return Fault("damaged-picture", "error", str(key), f"its picture is damaged: {why}", f"{again} --pay-again")

    def _of_generated(self, key: Key, blob: Blob) -> Iterator[Fault]:
        """Providers send pictures that are cut, which are kept as they came: only what cannot be read is wrong."""
        opened = self._storage.blobs.open(blob)
        if opened is None:
            return
        why = "" if opened.size else "it is empty"
        with opened.file as file:
            try:
                while file.read(PIECE):
                    pass
            except OSError as exc:
                why = f"it cannot be read ({exc.strerror or exc})"
        if why:
            message = f"{blob.path}, the picture without its caption, is damaged: {why}"
            yield Fault("damaged-original", "error", str(key), message, "restore it from a backup")

    def _of_missing(self, key: Key, now: Present) -> Iterator[Fault]:
        journal = now.journal
        path = str(journal.dress.get("generatedPath", "")) if journal else ""
        is_ours = journal and journal.state == "completed" and now.has_picture
        if is_ours and path and not self._storage.blobs.has(Blob(key, path)):
            message = f"{path}, the picture without its caption, is missing"
            yield Fault("missing-original", "warning", str(key), message, "restore it from a backup")

    def _of_original(self, key: Key, original: Original, now: Present) -> Iterator[Fault]:
        if not self._storage.blobs.has(original):
            return
        attempts = now.journal.attempts if now.journal else []
        attempt = next((each for each in attempts if original.is_of(each.run_id, each.number)), None)
        if attempt is None:
            message = f"{original.name} was brought by a call that its journal does not know"
            cure = f"look at it ({self._storage.blobs.locate(original)}), and delete it if it is not needed"
            yield Fault("unknown-answer", "warning", str(key), message, cure)
        elif attempt.used and original.kind == "answer":
            message = f"{original.name} is still kept, and its picture is there"
            remove = partial(discard, self._storage.blobs, original)
            yield Fault("leftover-answer", "warning", str(key), message, "--fix deletes it", remove)


def fault_of(opened: OpenBlob, digest: Any) -> str:
    """Return what is wrong with an open picture; the digest is fed with its bytes."""

    def read(size: int) -> bytes:
        data = opened.file.read(size) or b""
        digest.update(data)
        return data

    try:
        return fault_of_png(read)
    except OSError as exc:
        return f"it cannot be read ({exc.strerror or exc})"


def quarantine(entry: Entry) -> None:
    entry.quarantine_picture()


def without_version(entry: Entry) -> None:
    entry.forget_version()


def discard(blobs: Blobs, original: Original, _: Entry) -> None:
    blobs.delete(original)
