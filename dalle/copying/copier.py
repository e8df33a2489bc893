"""Brings what a storage keeps into another, key by key: bytes first, then all that is known of them in one commit."""

from collections.abc import Callable, Iterator
from hashlib import sha256

from dalle.copying.tally import Tally
from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.pictures.paintings import painting_height
from dalle.storage.blob import Blob, Facts, OpenBlob, Original, Staged
from dalle.storage.inventory import Holding
from dalle.storage.journal import Journal
from dalle.storage.local.done import Done
from dalle.storage.protocol import Entry, Storage

CHUNK = 1 << 16  # bytes
DOCUMENTS = ("budget", "averages", "models", "catalog")
"""Those that are worth keeping: the others say what happened in the last minutes."""


class Changed(Exception):
    """What was read from the target is not what was written."""


class Copier:
    """Copies from `source` to `target`; neither is in use meanwhile.

    `witness` reads what the target has, as another host does: it shares no cache with it.
    """

    def __init__(self, source: Storage, target: Storage, witness: Storage, done: Done) -> None:
        self._source = source
        self._target = target
        self._witness = witness
        self._done = done
        self._seen: set[Key] = set()
        self.tally = Tally()

    def copy(self, progress: Callable[[int, int], None] = lambda done, total: None) -> Tally:
        """Copy everything that is not there yet. `progress`: is called with numbers of keys."""
        self._series()
        self._documents()
        self._events()
        with self._source.inventory() as inventory:
            total = len(inventory)
            for number, holding in enumerate(inventory, 1):
                self._key(holding)
                progress(number, total)
            for journal in self._source.failed_journals():  # of keys of which nothing else is kept
                if journal.key not in self._seen:
                    self._key(Holding(journal.key))
            self.tally.problems += [f"{name} is named by no key, and was not copied" for name in inventory.others()]
        self._compare_calls()
        return self.tally

    # -- one key -----------------------------------------------------------------------------------------------

    def _key(self, holding: Holding) -> None:
        key = holding.key
        self._seen.add(key)
        try:
            journal = self._source.journal(key)
            if self._done.has(key) and self._target.journal(key) == journal:
                self.tally.skipped += 1
                return
            sums = self._bring(holding, journal)
            self._verify(key, journal, sums)
        except (FileSystemError, Changed, FileNotFoundError) as exc:
            text = exc.private if isinstance(exc, FileSystemError) and exc.private else str(exc)
            self.tally.problems.append(f"{key}: {text}")
            return
        self._done.add(key)
        self.tally.keys += 1
        self.tally.blobs += len(sums)
        self.tally.pictures += Blob.picture(key) in sums
        self.tally.journals += journal is not None

    def _bring(self, holding: Holding, journal: Journal | None) -> dict[Blob, bytes]:
        """Return the checksums of what was brought over."""
        key, picture = holding.key, Blob.picture(holding.key)
        sums: dict[Blob, bytes] = {}
        staged: list[Staged] = []
        for blob in (*holding.blobs, *holding.originals):
            with_picture = blob == picture or (blob.is_generated and picture in holding.blobs)
            place = self._place(blob, staged=with_picture)
            if place is None:
                continue
            sums[blob], part = place
            if part:
                staged.append(part)
        staged.sort(key=lambda part: part.blob != picture)
        with self._target.guard(key) as entry:
            self._note(entry, holding, journal)
            if staged:
                entry.publish(staged, self._facts(key))
        return sums

    def _place(self, blob: Blob, *, staged: bool) -> tuple[bytes, Staged | None] | None:
        """Write the bytes of a blob with their time; return their checksum. None for one that is gone."""
        opened = self._source.blobs.open(blob)
        if opened is None:
            return None
        with opened.file as file:
            data = b"".join(pieces(file.read))
        self.tally.size += len(data)
        part, blobs = None, self._target.blobs
        if staged:
            part = blobs.stage(blob, data, durable=True, modified_ns=opened.modified_ns)
        else:
            blobs.put(blob, data, durable=True, modified_ns=opened.modified_ns)
        return sha256(data).digest(), part

    def _note(self, entry: Entry, holding: Holding, journal: Journal | None) -> None:
        for line in holding.calls:
            entry.note_call(line, repeated=True)
        if journal:
            entry.save(journal, durable=True)
            if journal.state == "failed":
                entry.note_failure(journal.run_id, journal.ended_ns)
        with self._source.guard(holding.key) as original:
            report = original.report()
        if report:
            entry.show(report)

    def _facts(self, key: Key) -> Facts:
        known = self._source.pictures.find(key.series, key.address)
        opened = self._source.finished(key)
        version = ""
        if opened:
            with opened.file:
                version = self._source.version(key, opened)
        if known is None:
            return Facts(version=version)
        painting = painting_height(known, self._source.blobs.open)
        return Facts(known.title, known.painter, known.width, known.height, version, painting)

    def _verify(self, key: Key, journal: Journal | None, sums: dict[Blob, bytes]) -> None:
        """Raise Changed unless another host reads what was written."""
        if self._witness.journal(key) != journal:
            raise Changed("the journal that was written is not the one that is read")
        for blob, expected in sums.items():
            opened = self._witness.blobs.open(blob)
            if opened is None or digest(opened) != expected:
                name = blob.name if isinstance(blob, Original) else blob.path
                raise Changed(f"{name}: what was written is not what is read")

    # -- what belongs to no key --------------------------------------------------------------------------------

    def _series(self) -> None:
        names, _ = self._source.series.names()
        present, _ = self._target.series.names()
        for name in names:
            content, _ = self._source.series.read(name)
            if name not in present or self._target.series.read(name)[0] != content:
                self._target.series.write(name, content)

    def _documents(self) -> None:
        for name in DOCUMENTS:
            if content := self._source.documents.read(name):
                with self._target.documents.edit(name, durable=True) as document:
                    document.clear()
                    document.update(content)

    def _events(self) -> None:
        waiting = {parcel.event_id for parcel in self._target.outbox.waiting()}
        for parcel in self._source.outbox.waiting():
            if parcel.event_id not in waiting and (event := self._source.outbox.read(parcel)):
                self._target.outbox.put(event)

    def _compare_calls(self) -> None:
        """Compare the sums of both call logs: no paid call may be lost, or be there twice."""
        before, after = self._source.calls.expenses(), self._witness.calls.expenses()
        self.tally.count_calls(after.values())
        for group in sorted({*before, *after}):
            if before.get(group) != after.get(group):
                where = f"{group.kind} calls of {group.series or 'no series'} on day {group.day}"
                self.tally.problems.append(f"{where}: the call logs differ")


def digest(opened: OpenBlob) -> bytes:
    """Return the SHA-256 of a file, and close it."""
    sums = sha256()
    with opened.file as file:
        for piece in pieces(file.read):
            sums.update(piece)
    return sums.digest()


def pieces(read: Callable[[int], bytes | None]) -> Iterator[bytes]:
    while piece := read(CHUNK):
        yield piece
