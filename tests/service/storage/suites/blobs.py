"""What every `Blobs` promises."""

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from dalle.storage.blob import Blob, Facts, OpenBlob, Original
from dalle.storage.protocol import Blobs, Storage
from tests.kit.processes import Child
from tests.service.storage.suites.engine import KEY, OTHER, THIRD, Engine, Opener, key, picture, put_picture, seen

TITLE = Blob.text(KEY, "title")
VERSIONS = [b"%d" % number * 100_000 for number in range(10)]
EACH = [
    TITLE,
    Blob.attributes(KEY),
    Blob.thumbnail(KEY, 64),
    Blob.generated(KEY, "webp"),
    Original.of(KEY, "run1", 1),
    Blob.previous(KEY),
]


def content(opened: OpenBlob | None) -> bytes | None:
    if opened is None:
        return None
    with opened.file:
        data = opened.file.read()
    assert len(data) == opened.size
    return data


def time_of(opened: OpenBlob | None) -> int:
    """Return the time of a file, and close it; 0 without one."""
    if opened is None:
        return 0
    opened.close()
    return opened.modified_ns


def putting(pipe: Connection, opener: Opener) -> None:
    blobs = opener().blobs
    for _ in range(5):
        for version in VERSIONS:
            blobs.put(TITLE, version)


def reading(pipe: Connection, opener: Opener) -> None:
    """Read until the last version is there, and send whether each one was whole."""
    pipe.send(all_whole(opener().blobs, lambda: pipe.poll(0)))


def all_whole(blobs: Blobs, done: Callable[[], bool]) -> bool:
    ended = False
    while not ended:
        ended = done()
        data = blobs.get(TITLE)
        if data not in (None, *VERSIONS):
            return False
        if content(blobs.open(TITLE)) not in (None, *VERSIONS):
            return False
    return True


class BlobsTests:
    def test_puts_pieces_as_one(self, engine: Engine) -> None:
        engine.storage.blobs.put(TITLE, [b"one ", b"", b"two"], durable=True)
        assert engine.storage.blobs.get(TITLE) == b"one two"
        staged = engine.storage.blobs.stage(Blob.picture(KEY), (piece for piece in (picture(1)[:99], picture(1)[99:])))
        with engine.storage.guard(KEY) as entry:
            entry.publish([staged], Facts())
        assert seen(engine.storage, KEY) == picture(1)

    def test_opens_scratch_files_that_nobody_sees(self, engine: Engine) -> None:
        with engine.storage.blobs.scratch() as one, engine.storage.blobs.scratch() as other:
            assert (one.write(b"one"), other.write(b"other")) == (3, 5)
            one.seek(0)
            assert one.read(9) == b"one"
            assert engine.storage.blobs.originals(KEY) == []

    @pytest.mark.parametrize("blob", EACH, ids=lambda blob: blob.path or "original")
    def test_keeps_bytes_until_they_are_deleted(self, engine: Engine, blob: Blob) -> None:
        blobs, others = engine.storage.blobs, engine.open().blobs
        assert (others.get(blob), others.open(blob), others.has(blob), others.delete(blob)) == (
            None,
            None,
            False,
            False,
        )
        for data in (b"one \0\xff\r\n", b"", b"x" * 200_000):
            blobs.put(blob, data, durable=not data)
            assert (others.get(blob), content(others.open(blob)), others.has(blob)) == (data, data, True)
        assert others.delete(blob)
        assert (blobs.get(blob), blobs.open(blob), blobs.has(blob), blobs.delete(blob)) == (None, None, False, False)

    def test_keeps_apart_what_has_different_names(self, engine: Engine) -> None:
        names = [*EACH, Blob.text(OTHER, "title"), Blob.text(KEY, "terse"), Blob.thumbnail(KEY, 128)]
        for number, blob in enumerate(names):
            engine.storage.blobs.put(blob, b"%d" % number)
        assert [engine.storage.blobs.get(blob) for blob in names] == [b"%d" % number for number in range(len(names))]

    def test_knows_when_bytes_were_written(self, engine: Engine) -> None:
        before = engine.storage.now_ns() - 2 * 10**9
        engine.storage.blobs.put(TITLE, b"x")
        opened = engine.storage.blobs.open(TITLE)
        assert opened
        opened.close()
        assert before < opened.modified_ns < engine.storage.now_ns() + 2 * 10**9

    def test_keeps_the_time_of_what_is_copied(self, engine: Engine) -> None:
        moment, storage = 1_700_000_000_123_456_000, engine.storage
        for number, blob in enumerate(EACH):
            storage.blobs.put(blob, b"copy", modified_ns=moment + number)
        names = [Blob.picture(KEY), Blob.generated(KEY, "png"), Blob.text(KEY, "terse")]
        staged = [storage.blobs.stage(blob, picture(1), modified_ns=moment) for blob in names]
        with storage.guard(KEY) as entry:
            entry.publish(staged, Facts())
        times = [time_of(engine.open().blobs.open(blob)) for blob in (*EACH, *names)]
        kept = [moment + number for number, blob in enumerate(EACH) if blob != Blob.generated(KEY, "webp")]
        assert [time for time in times if time] == [*kept, *[moment] * len(names)]
        assert time_of(storage.finished(KEY)) == moment

    def test_does_not_disturb_a_reader(self, engine: Engine) -> None:
        blobs = engine.storage.blobs
        for change in (lambda: blobs.put(TITLE, b"new"), lambda: blobs.delete(TITLE)):
            blobs.put(TITLE, VERSIONS[1])
            opened = blobs.open(TITLE)
            assert opened
            change()
            assert content(opened) == VERSIONS[1]

    def test_shows_nobody_what_is_staged(self, engine: Engine) -> None:
        storage, blob = engine.storage, Blob.picture(KEY)
        staged = [storage.blobs.stage(blob, picture(1)), storage.blobs.stage(TITLE, b"x", durable=True)]
        assert unseen(engine.open())
        storage.blobs.discard(staged)
        storage.blobs.discard(staged)
        assert unseen(engine.open())

    def test_discards_staged_bytes_only(self, engine: Engine) -> None:
        storage, blob = engine.storage, Blob.picture(KEY)
        put_picture(storage, KEY, picture(1))
        first, second = storage.blobs.stage(blob, picture(2)), storage.blobs.stage(blob, picture(3))
        storage.blobs.discard([first])
        assert seen(storage, KEY) == picture(1)
        with storage.guard(KEY) as entry:
            entry.publish([second], Facts())
        storage.blobs.discard([second])
        assert seen(storage, KEY) == picture(3)

    def test_opens_what_is_public(self, engine: Engine) -> None:
        storage = engine.storage
        put_picture(storage, KEY, picture(1))
        storage.blobs.put(TITLE, b"The otter")
        assert content(storage.blobs.open_public(TITLE.path)) == b"The otter"
        assert content(storage.blobs.open_public(Blob.picture(KEY).path)) == picture(1)

    @pytest.mark.parametrize(
        "path",
        [
            *("", ".", "..", "/", "//", "simple", "simple/title", "simple/title/", "simple//title", "/etc/passwd"),
            *("../runs", "simple/../../runs", "simple/./title", ".hidden", "simple/.hidden", "\0", "simple/title/\0"),
            *(TITLE.path.replace("title", other) for other in ("./title", "/title", "title/", "title/../title")),
            *(f"/{TITLE.path}", f"{TITLE.path}/", f"{TITLE.path}\0", f"{TITLE.path}/.."),
            *("x" * 5000, "x/" * 3000, "\ud800", "simple/title/ü — 猫.txt", "simple/title/%2e%2e", "C:\\x", "\n"),
        ],
    )
    def test_opens_nothing_by_other_names(self, engine: Engine, path: str) -> None:
        engine.storage.blobs.put(TITLE, b"The otter")
        assert content(engine.storage.blobs.open_public(path)) is None

    def test_keeps_originals_private(self, engine: Engine) -> None:
        original = Original.of(KEY, "run1", 1)
        engine.storage.blobs.put(original, b"paid")
        for path in (original.name, original.path, f"{KEY.series}/{original.name}", f"../runs/simple/{original.name}"):
            assert content(engine.storage.blobs.open_public(path)) is None

    def test_lists_the_originals_of_a_key_oldest_attempt_first(self, engine: Engine) -> None:
        blobs = engine.storage.blobs
        assert blobs.originals(KEY) == []
        originals = [Original.of(KEY, f"{9 - number:x}", number) for number in (1, 2, 9, 10, 11)]
        for original in (*reversed(originals), Original.of(OTHER, "1", 1), Original.of(THIRD, "1", 1)):
            blobs.put(original, b"%d" % original.number)
        assert engine.open().blobs.originals(KEY) == originals
        blobs.delete(originals[0])
        assert blobs.originals(KEY) == originals[1:]
        raw = Original.of(KEY, originals[1].run_id, 2, "raw")
        blobs.put(raw, b"by version 1.0")
        assert set(blobs.originals(KEY)) == {raw, *originals[1:]}
        blobs.delete(raw)
        assert [blobs.get(original) for original in originals[1:]] == [b"2", b"9", b"10", b"11"]

    def test_knows_the_addresses_that_have_pictures(self, engine: Engine) -> None:
        storage = engine.storage
        assert storage.blobs.addresses() == set()
        for each in (KEY, THIRD, key(1)):
            put_picture(storage, each, picture(1))
        storage.blobs.put(Blob.text(OTHER, "title"), b"no picture")
        storage.blobs.stage(Blob.picture(OTHER), picture(1))
        assert engine.open().blobs.addresses() == {KEY.address, THIRD.address, key(1).address}
        with storage.guard(THIRD) as entry:
            entry.withdraw()
        assert storage.blobs.addresses() == {KEY.address, key(1).address}

    def test_has_room_and_names_for_operators(self, engine: Engine) -> None:
        free = engine.storage.blobs.free_bytes()
        assert free is None or free > 0
        assert len({engine.storage.blobs.locate(blob) for blob in EACH}) == len(EACH)

    def test_shows_threads_and_processes_no_part(self, engine: Engine) -> None:
        done = threading.Event()
        whole: list[bool] = []
        readers = [
            threading.Thread(target=lambda: whole.append(all_whole(engine.open().blobs, done.is_set))) for _ in range(2)
        ]
        with Child(reading, engine.opener) as reader, Child(putting, engine.opener) as writer:
            for thread in readers:
                thread.start()
            assert writer.wait() == 0
            done.set()
            reader.send("done")
            assert reader.receive()
            for thread in readers:
                thread.join()
        assert whole == [True, True]


def unseen(storage: Storage) -> bool:
    """Return whether a reader sees neither the key's picture nor its title."""
    names = [Blob.picture(KEY), TITLE]
    with storage.guard(KEY) as entry:
        there = entry.has_picture()
    blobs = storage.blobs
    return (
        not there
        and storage.look(KEY).picture is None
        and storage.finished(KEY) is None
        and not any(blobs.get(blob) or blobs.open(blob) or blobs.has(blob) for blob in names)
        and not any(blobs.open_public(blob.path) for blob in names)
        and blobs.addresses() == set()
    )
