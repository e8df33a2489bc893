"""What every `Entry` promises of pictures: published whole, kept, and quarantined only while they are torn."""

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection

from dalle.storage.blob import EXTENSIONS, WIDTHS, Blob, Facts, Original, Stat
from dalle.storage.protocol import Storage
from tests.kit.processes import Child
from tests.service.storage.suites.engine import (
    KEY,
    MOST_WRITES,
    OTHER,
    Engine,
    Opener,
    journal,
    picture,
    publish,
    put_picture,
    report,
    seen,
)

PICTURE, TITLE = Blob.picture(KEY), Blob.text(KEY, "title")
THUMBNAILS = [Blob.thumbnail(KEY, width) for width in WIDTHS]
ORIGINAL = Original.of(KEY, "run1", 1, "raw")
LONG = 3600.0
"""Seconds after which no engine takes a picture for one that is still being written."""


def watch(storage: Storage, known: list[bytes], done: Callable[[], bool]) -> int:
    """Look all the time; return how many pictures were whole, and -1 if one was not."""
    whole = 0
    while not done():
        look = storage.look(KEY).picture
        if look:
            with look.file:
                data = look.file.read()
            if data not in known or look.size != len(data):
                return -1
        for bytes_seen in (seen(storage, KEY), storage.blobs.get(PICTURE)):
            if bytes_seen is not None and bytes_seen not in known:
                return -1
            whole += bytes_seen is not None
    return whole


def watching(pipe: Connection, opener: Opener, known: list[bytes]) -> None:
    storage = opener()
    pipe.send("ready")
    pipe.send(watch(storage, known, pipe.poll))


def quarantining(pipe: Connection, opener: Opener) -> None:
    storage = opener()
    pipe.send("ready")
    while not pipe.poll():
        quarantine(storage)


def quarantine(storage: Storage) -> bool:
    with storage.guard(KEY) as entry:
        return entry.quarantine_picture()


def deciding(pipe: Connection, opener: Opener, data: bytes, die: Callable[[], None]) -> None:
    """The end of a run and the begin of the next one, in one entry."""
    storage = opener()
    die()
    staged = [storage.blobs.stage(PICTURE, data), storage.blobs.stage(TITLE, b"run2")]
    with storage.guard(KEY) as entry:
        entry.save(journal("run2"), durable=True)
        entry.show(report("run2"))
        entry.enqueue("run2")
        entry.publish(staged, Facts())
    pipe.send("done")


class PublishingTests:
    def test_publishes_all_that_was_staged(self, engine: Engine) -> None:
        storage = engine.storage
        blobs = [PICTURE, *THUMBNAILS, TITLE, Blob.generated(KEY, "png")]
        for number in (1, 2):
            data = [picture(number), *(b"%d %d" % (number, at) for at in range(len(blobs) - 1))]
            staged = [storage.blobs.stage(blob, each) for blob, each in zip(blobs, data, strict=True)]
            with storage.guard(KEY) as entry:
                entry.publish(staged, Facts(title="The otter"))
                assert entry.has_picture()
            assert [engine.open().blobs.get(blob) for blob in blobs] == data
            assert seen(engine.open(), KEY) == picture(number)

    def test_publishes_a_generated_picture_as_the_only_one(self, engine: Engine) -> None:
        storage = engine.storage
        storage.blobs.put(Blob.generated(OTHER, "png"), b"other")
        for extension in (*EXTENSIONS, *EXTENSIONS):
            generated = Blob.generated(KEY, extension)
            parts = {PICTURE: picture(1), generated: extension.encode()}
            staged = [storage.blobs.stage(blob, data, durable=True) for blob, data in parts.items()]
            with storage.guard(KEY) as entry:
                entry.publish(staged, Facts())
            kept = {each: engine.open().blobs.get(Blob.generated(KEY, each)) for each in EXTENSIONS}
            assert kept == {**dict.fromkeys(EXTENSIONS), extension: extension.encode()}
        assert storage.blobs.get(Blob.generated(OTHER, "png")) == b"other"

    def test_says_when_something_durable_was_tidied_away_before_it_was_published(self, engine: Engine) -> None:
        storage, generated = engine.storage, Blob.generated(KEY, "png")
        for gone in (PICTURE, generated, THUMBNAILS[0]):
            staged = [storage.blobs.stage(blob, b"x", durable=blob != THUMBNAILS[0]) for blob in (PICTURE, generated)]
            staged.append(storage.blobs.stage(THUMBNAILS[0], b"small"))
            storage.blobs.discard([part for part in staged if part.blob == gone])
            with storage.guard(KEY) as entry, suppress(FileNotFoundError):
                entry.publish(staged, Facts())
                assert gone == THUMBNAILS[0]

    def test_discards_nothing_that_was_published(self, engine: Engine) -> None:
        staged = [engine.storage.blobs.stage(PICTURE, picture(1)), engine.storage.blobs.stage(TITLE, b"The otter")]
        with engine.storage.guard(KEY) as entry:
            entry.publish(staged, Facts())
        engine.storage.blobs.discard(staged)
        assert seen(engine.open(), KEY) == picture(1)
        assert engine.open().blobs.get(TITLE) == b"The otter"

    def test_publishes_what_another_worker_staged(self, engine: Engine) -> None:
        staged = engine.open().blobs.stage(PICTURE, picture(1), durable=True)
        with engine.storage.guard(KEY) as entry:
            entry.publish([staged], Facts())
        assert seen(engine.storage, KEY) == picture(1)

    def test_shows_a_picture_instead_of_the_report(self, engine: Engine) -> None:
        with engine.storage.guard(KEY) as entry:
            entry.show(report("run1"))
            publish(engine.storage, entry, picture(1))
        look = engine.open().look(KEY)
        assert look.picture
        with look.picture.file:
            assert (look.picture.file.read(), look.report) == (picture(1), b"")

    def test_shows_a_reader_the_old_picture_the_new_one_or_none(self, engine: Engine) -> None:
        known = [picture(number) for number in range(4)]
        done = threading.Event()
        counts: list[int] = []
        reader = threading.Thread(target=lambda: counts.append(watch(engine.open(), known, done.is_set)))
        with Child(watching, engine.opener, known) as child:
            assert child.receive() == "ready"
            reader.start()
            for number in range(60):
                with engine.storage.guard(KEY) as entry:
                    publish(engine.storage, entry, known[number % 4])
                    if number % 5 == 4:
                        entry.withdraw(keep=number % 2 == 0)
            done.set()
            child.send("done")
            reader.join()
            assert min(child.receive(), *counts) > 0

    def test_keeps_an_original_as_the_only_generated_picture(self, engine: Engine) -> None:
        storage, generated = engine.storage, Blob.generated(KEY, "webp")
        storage.blobs.put(Blob.generated(KEY, "png"), b"earlier")
        storage.blobs.put(Blob.generated(OTHER, "png"), b"other")
        storage.blobs.put(ORIGINAL, b"paid", durable=True)
        for opened in (storage, engine.open()):
            with opened.guard(KEY) as entry:
                entry.keep_original(ORIGINAL, generated)
                entry.keep_original(ORIGINAL, generated)
            kept = [opened.blobs.get(Blob.generated(KEY, extension)) for extension in EXTENSIONS]
            assert kept == [b"paid" if extension == "webp" else None for extension in EXTENSIONS]
            assert opened.blobs.originals(KEY) == []
            assert opened.blobs.get(ORIGINAL) is None
        assert storage.blobs.get(Blob.generated(OTHER, "png")) == b"other"

    def test_withdraws_a_picture_and_its_thumbnails(self, engine: Engine) -> None:
        put_picture(engine.storage, OTHER, picture(2))
        put_picture(engine.storage, KEY, picture(1))
        for blob in (*THUMBNAILS, TITLE):
            engine.storage.blobs.put(blob, b"x")
        with engine.storage.guard(KEY) as entry:
            assert entry.withdraw()
            assert not entry.has_picture()
            assert not entry.has_previous()
            assert not entry.withdraw()
        other = engine.open()
        assert (seen(other, KEY), seen(other, OTHER)) == (None, picture(2))
        assert [other.blobs.has(blob) for blob in (*THUMBNAILS, TITLE)] == [False] * len(WIDTHS) + [True]

    def test_forgets_thumbnails_and_no_picture(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        others = [Blob.thumbnail(OTHER, width) for width in WIDTHS]
        for blob in [*THUMBNAILS, *others]:
            engine.storage.blobs.put(blob, b"small")
        with engine.storage.guard(KEY) as entry:
            entry.forget_thumbnails()
            entry.forget_thumbnails()
        assert [engine.open().blobs.get(blob) for blob in THUMBNAILS] == [None] * len(WIDTHS)
        assert [engine.open().blobs.get(blob) for blob in others] == [b"small"] * len(WIDTHS)
        assert seen(engine.storage, KEY) == picture(1)

    def test_says_time_and_size_of_the_picture_that_a_reader_would_open(self, engine: Engine) -> None:
        def opened() -> Stat | None:
            found = engine.storage.finished(KEY)
            if found is None:
                return None
            found.close()
            return Stat(found.modified_ns, found.size)

        reader, known = engine.open(), []
        for number in (1, 2, 3):
            put_picture(engine.storage, KEY, picture(number))
            assert reader.stat(KEY) == opened()
            known.append(reader.stat(KEY))
        assert [stat.size for stat in known if stat] == [len(picture(1))] * 3
        assert len({stat.modified_ns for stat in known if stat}) == 3
        assert reader.stat(OTHER) is None
        engine.tear(KEY)
        assert (reader.stat(KEY), opened()) == (None, None)
        put_picture(engine.storage, KEY, picture(1))
        with engine.storage.guard(KEY) as entry:
            entry.withdraw()
        assert (reader.stat(KEY), opened()) == (None, None)

    def test_restores_the_previous_picture(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        with engine.storage.guard(KEY) as entry:
            assert not entry.has_previous()
            assert not entry.restore_previous()
            assert entry.withdraw(keep=True)
        assert seen(engine.storage, KEY) is None
        assert engine.storage.blobs.get(Blob.previous(KEY)) == picture(1)
        with engine.open().guard(KEY) as entry:
            assert entry.has_previous()
            assert not entry.withdraw(keep=True)
            assert entry.has_previous()
            assert entry.restore_previous()
            assert entry.has_picture()
            assert not entry.has_previous()
            assert not entry.restore_previous()
            assert not entry.forget_previous()
        assert seen(engine.storage, KEY) == picture(1)

    def test_forgets_the_previous_picture(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, picture(1))
        with engine.storage.guard(KEY) as entry:
            assert not entry.forget_previous()
            entry.withdraw(keep=True)
            publish(engine.storage, entry, picture(2))
            assert entry.has_previous()
            assert entry.forget_previous()
            assert not entry.has_previous()
            assert not entry.forget_previous()
        assert seen(engine.open(), KEY) == picture(2)
        assert engine.storage.blobs.get(Blob.previous(KEY)) is None

    # -- quarantine --------------------------------------------------------------------------------------------

    def test_quarantines_a_torn_picture_and_no_other(self, engine: Engine) -> None:
        assert not quarantine(engine.storage)
        put_picture(engine.storage, KEY, picture(1))
        engine.advance(LONG)
        assert not quarantine(engine.storage)
        assert seen(engine.storage, KEY) == picture(1)
        engine.tear(KEY)
        assert seen(engine.storage, KEY) is None
        assert engine.storage.look(KEY).picture is None
        assert quarantine(engine.open())
        assert not quarantine(engine.storage)
        with engine.storage.guard(KEY) as entry:
            assert not entry.has_picture()

    def test_quarantines_an_original_once(self, engine: Engine) -> None:
        engine.storage.blobs.put(ORIGINAL, b"no picture")
        second = Original.of(KEY, "run1", 1)  # the answer of the same attempt
        engine.storage.blobs.put(second, b"paid")
        with engine.storage.guard(KEY) as entry:
            assert entry.quarantine_original(ORIGINAL)
            assert not entry.quarantine_original(ORIGINAL)
            assert not entry.quarantine_original(Original.of(KEY, "run9", 1))
        blobs = engine.open().blobs
        assert (blobs.originals(KEY), blobs.get(ORIGINAL), blobs.get(second)) == ([second], None, b"paid")

    def test_keeps_a_picture_that_replaced_the_torn_one_that_a_reader_saw(self, engine: Engine) -> None:
        engine.tear(KEY)
        reader = engine.open()
        with reader.guard(KEY) as entry:
            assert entry.has_picture()
        assert reader.finished(KEY) is None  # torn: the reader decides to quarantine it
        put_picture(engine.storage, KEY, picture(1))
        engine.advance(LONG)
        assert not quarantine(reader)
        assert seen(reader, KEY) == picture(1)

    def test_loses_no_picture_to_those_who_quarantine(self, engine: Engine) -> None:
        engine.advance(LONG)
        done = threading.Event()

        def tidy() -> None:
            storage = engine.open()
            while not done.is_set():
                quarantine(storage)

        threads = [threading.Thread(target=tidy) for _ in range(2)]
        lost = []
        with Child(quarantining, engine.opener) as child:
            assert child.receive() == "ready"
            for thread in threads:
                thread.start()
            for number in range(60):
                engine.tear(KEY)
                put_picture(engine.storage, KEY, picture(number % 3))
                if seen(engine.storage, KEY) != picture(number % 3):
                    lost.append(number)
            done.set()
            for thread in threads:
                thread.join()
        assert lost == []

    # -- kill -9 -----------------------------------------------------------------------------------------------

    def test_is_whole_wherever_its_worker_was_killed(self, engine: Engine) -> None:
        states = set()
        for number in itertools.count(1):
            self._first_run(engine.storage)
            with Child(deciding, engine.opener, picture(2), engine.dying(number)) as child:
                killed = child.wait() != 0
            states.add(state(engine.storage))
            assert number < MOST_WRITES
            if not killed:
                break
        # Everything is there that the entry wrote before, and nothing that it wrote after.
        order = [("run2",) * done + ("run1",) * (5 - done) for done in range(6)]
        assert {order[0], order[5]} <= states <= set(order)

    def _first_run(self, storage: Storage) -> None:
        staged = [storage.blobs.stage(PICTURE, picture(1)), storage.blobs.stage(TITLE, b"run1")]
        with storage.guard(KEY, wait=False) as entry:
            entry.save(journal("run1"))
            entry.show(report("run1"))
            entry.drop()
            entry.publish(staged, Facts())


def state(storage: Storage) -> tuple[str, ...]:
    """Return of which run journal, report, ticket, picture and title are; each is whole."""
    with storage.guard(KEY, wait=False) as entry:
        read, shown = entry.journal(), entry.report()
    assert read in (journal("run1"), journal("run2"))
    title, tickets, data = storage.blobs.get(TITLE), storage.tickets(), seen(storage, KEY)
    assert read
    assert title
    return (
        read.run_id,
        {report("run1"): "run1", report("run2"): "run2"}[shown],
        tickets[0].run_id if tickets else "run1",
        {picture(1): "run1", picture(2): "run2"}[data or b""],
        title.decode(),
    )
