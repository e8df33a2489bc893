"""A data folder is copied into a cluster, and back."""

from pathlib import Path

import pytest

from dalle.copying.copier import Copier
from dalle.storage.attempt import Attempt
from dalle.storage.blob import Blob, Facts, OpenBlob, Original
from dalle.storage.codec import image_line
from dalle.storage.event import Event
from dalle.storage.local.done import Done
from dalle.storage.protocol import Storage
from dalle.storage.version import version_of
from tests.cluster.storage.engine import ClusterEngine, ClusterTests
from tests.service.storage.folder_engine import FolderEngine
from tests.service.storage.suites.engine import KEY, OTHER, THIRD, journal, key, picture, report

ORIGINAL = Original.of(OTHER, "run2", 1)
TEXTS = [Blob.text(KEY, "title"), Blob.text(KEY, "terse"), Blob.attributes(KEY)]
EVENT = Event("event-1", "run.completed", 7, {"series": "simple"})
FOURTH = key(4)
"""Nothing is kept of it but how its run failed, before anything was sent."""
SERIES = b'{"name": "mine"}\n'


def attempt(run_id: str, **fields: object) -> Attempt:
    known = {"outcome": "accepted", "billed": "yes", "cost": 0.25, "ended_ns": 1_700_000_002 * 10**9}
    return Attempt(
        1,
        run_id,
        "openai",
        True,
        "gpt-image-1",
        "1024x1024",
        "high",
        0.25,
        1_700_000_001 * 10**9,
        **{**known, **fields},  # type: ignore[arg-type]
    )


def fill(storage: Storage) -> None:
    """A picture that was made again, a run whose answer is still there, and a failure of long ago."""
    with storage.guard(KEY) as entry:
        entry.publish([storage.blobs.stage(Blob.picture(KEY), picture(1))], Facts())
        entry.withdraw(keep=True)
    for blob in TEXTS:
        storage.blobs.put(blob, blob.path.encode())
    parts = {Blob.picture(KEY): picture(2), Blob.generated(KEY, "webp"): b"as it came"}
    staged = [storage.blobs.stage(blob, data, durable=True) for blob, data in parts.items()]
    made = journal("run1", state="completed", published=True, attempts=[attempt("run1", used=True)])
    with storage.guard(KEY) as entry:
        entry.publish(staged, Facts("The otter", "openai", 150, 150, version_of(picture(2))))
        entry.save(made, durable=True)
        entry.note_call(image_line(made, made.attempts[0]))
        entry.show(report("run1"))
    storage.blobs.put(ORIGINAL, b"paid", durable=True)
    for each, number in ((OTHER, 2), (THIRD, 3)):
        failed = journal(
            f"run{number}", each, state="failed", error="x", ended_ns=10**18, attempts=[attempt(f"run{number}")]
        )
        with storage.guard(each) as entry:
            entry.save(failed)
            entry.note_call(image_line(failed, failed.attempts[0]))
    with storage.guard(FOURTH) as entry:
        entry.save(journal("run4", FOURTH, state="failed", error="refused", ended_ns=10**18))
    with storage.documents.edit("budget") as budget:
        budget["day"] = "2026-11-30"
    storage.series.write("mine", SERIES)
    storage.outbox.put(EVENT)


def seen(opened: OpenBlob | None) -> tuple[bytes, int] | None:
    """Return bytes and time."""
    if opened is None:
        return None
    with opened.file as file:
        return file.read() or b"", opened.modified_ns


def kept(storage: Storage) -> dict[str, object]:
    """Return all that a copy has to bring over."""
    blobs = [Blob.picture(KEY), Blob.previous(KEY), Blob.generated(KEY, "webp"), *TEXTS, ORIGINAL]
    found = storage.pictures.find(KEY.series, KEY.address)
    (parcel,) = storage.outbox.waiting()
    with storage.guard(KEY) as entry:
        shown = entry.report()
    finished = storage.finished(KEY)
    assert finished
    with finished.file:
        version = storage.noted_version(KEY, finished.modified_ns, finished.size)
    return {
        "blobs": [seen(storage.blobs.open(blob)) for blob in blobs],
        "journals": [storage.journal(each) for each in (KEY, OTHER, THIRD, FOURTH)],
        "calls": sorted(map(str, storage.calls.since(0))),
        "expenses": dict(storage.calls.expenses()),
        "report": shown,
        "version": version,
        "title": found.title if found else None,
        "failed": {each.key for each in storage.failed_journals()},
        "budget": storage.documents.read("budget"),
        "series": storage.series.read("mine")[0],
        "event": storage.outbox.read(parcel),
        "addresses": storage.blobs.addresses(),
    }


class TestClusterCopying(ClusterTests):
    @pytest.fixture
    def folder(self, tmp_path: Path) -> FolderEngine:
        engine = FolderEngine(tmp_path / "from")
        fill(engine.storage)
        return engine

    def test_copies_a_folder_into_a_cluster_and_back(
        self, engine: ClusterEngine, folder: FolderEngine, tmp_path: Path
    ) -> None:
        tally = Copier(folder.storage, engine.storage, engine.open(), Done(tmp_path / "there")).copy()
        assert (tally.problems, tally.keys, tally.pictures, tally.journals, tally.calls) == ([], 4, 1, 4, 3)
        assert (tally.spent, tally.blobs) == (750_000, 7)
        assert kept(engine.storage) == kept(folder.storage)
        back = FolderEngine(tmp_path / "back")
        tally = Copier(engine.storage, back.storage, back.open(), Done(tmp_path / "back.jsonl")).copy()
        assert (tally.problems, tally.keys) == ([], 4)
        assert kept(back.storage) == kept(folder.storage)

    def test_goes_on_where_it_was_interrupted(
        self, engine: ClusterEngine, folder: FolderEngine, tmp_path: Path
    ) -> None:
        class Interrupted(Exception):
            pass

        def interrupt(number: int, total: int) -> None:
            if number == 2:
                raise Interrupted

        path = tmp_path / "done"
        with pytest.raises(Interrupted):
            Copier(folder.storage, engine.storage, engine.open(), Done(path)).copy(interrupt)
        path.write_bytes(path.read_bytes() + b'["sim')  # killed while it wrote
        tally = Copier(folder.storage, engine.storage, engine.open(), Done(path)).copy()
        assert (tally.problems, tally.skipped, tally.keys) == ([], 2, 2)
        assert kept(engine.storage) == kept(folder.storage)
        again = Copier(folder.storage, engine.storage, engine.open(), Done(path)).copy()
        assert (again.problems, again.skipped, again.keys, again.calls) == ([], 4, 0, 3)

    def test_copies_again_what_has_changed_since(
        self, engine: ClusterEngine, folder: FolderEngine, tmp_path: Path
    ) -> None:
        path = tmp_path / "done"
        Copier(folder.storage, engine.storage, engine.open(), Done(path)).copy()
        with folder.storage.guard(THIRD) as entry:
            entry.save(journal("run9", THIRD, state="failed", error="y", ended_ns=10**18))
        tally = Copier(folder.storage, engine.storage, engine.open(), Done(path)).copy()
        assert (tally.problems, tally.skipped, tally.keys) == ([], 3, 1)
        assert engine.storage.journal(THIRD) == folder.storage.journal(THIRD)

    def test_says_what_is_not_as_it_was_written(
        self, engine: ClusterEngine, folder: FolderEngine, tmp_path: Path
    ) -> None:
        """As if the bucket kept other bytes: the witness reads another cluster."""
        other = FolderEngine(tmp_path / "other")
        tally = Copier(folder.storage, engine.storage, other.storage, Done(tmp_path / "done")).copy()
        assert len(tally.problems) == 6  # four keys, and the calls of two series
        assert tally.keys == 0
        assert not (tmp_path / "done").exists()
