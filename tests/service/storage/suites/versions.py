"""What every `Storage` promises of versions: noted when a picture is published, and never of other bytes."""

import threading
from collections.abc import Callable
from multiprocessing.connection import Connection

from dalle.key import Key
from dalle.storage.blob import WIDTHS, Blob, Facts, OpenBlob
from dalle.storage.protocol import Entry, Storage
from dalle.storage.version import version_of
from tests.kit.processes import Child
from tests.service.storage.suites.engine import KEY, OTHER, Engine, Opener, picture, put_picture

PICTURES = {version_of(picture(number)): picture(number) for number in range(4)}
FIRST, SECOND, *_ = PICTURES
"""Versions; all of these pictures have the same size."""


def publish(storage: Storage, entry: Entry, version: str) -> None:
    blobs = {Blob.picture(entry.key): PICTURES[version]}
    blobs |= {Blob.thumbnail(entry.key, width): f"{version} {width}".encode() for width in WIDTHS}
    staged = [storage.blobs.stage(blob, data) for blob, data in blobs.items()]
    entry.publish(staged, Facts(version=version))


def put(storage: Storage, version: str, key: Key = KEY) -> None:
    with storage.guard(key) as entry:
        publish(storage, entry, version)


def noted(storage: Storage, key: Key = KEY) -> str:
    """Return the version that is noted of the finished picture; a reader may not know its size."""
    opened = storage.finished(key)
    if opened is None:
        return ""
    with opened.file:
        version = storage.noted_version(key, opened.modified_ns, opened.size)
        assert storage.noted_version(key, opened.modified_ns) == version
        return version


def is_right(storage: Storage, opened: OpenBlob) -> bool:
    """Return whether a version is noted of an open picture. It must be that of its bytes."""
    with opened.file:
        version = storage.noted_version(KEY, opened.modified_ns, opened.size)
        assert version in ("", version_of(opened.file.read())), "other bytes"
    return version != ""


def watch(storage: Storage, done: Callable[[], bool]) -> int:
    """Look all the time, at the picture and at the blobs of each version; return how many were right."""
    right = 0
    while not done():
        if opened := storage.finished(KEY):
            right += is_right(storage, opened)
        for version in PICTURES:
            data, small = (storage.blobs.get(blob(version)) for blob in (named, small_named))
            assert data is None or version_of(data) == version, "other bytes under a name"
            assert small in (None, f"{version} 64".encode()), "another thumbnail under a name"
    return right


def named(version: str) -> Blob:
    return Blob.version(KEY, version)


def small_named(version: str) -> Blob:
    return Blob.thumbnail(KEY, 64, version)


def watching(pipe: Connection, opener: Opener) -> None:
    storage = opener()
    pipe.send("ready")
    pipe.send(watch(storage, pipe.poll))


class VersionTests:
    def test_notes_the_version_that_is_published(self, engine: Engine) -> None:
        assert noted(engine.storage) == ""
        for version in (FIRST, SECOND, SECOND, FIRST):
            put(engine.storage, version)
            assert noted(engine.open()) == version
            opened = engine.storage.finished(KEY)
            assert opened
            with opened.file:
                assert engine.storage.version(KEY, opened) == version
                assert engine.storage.noted_version(KEY, opened.modified_ns + 1) == ""
                assert engine.storage.noted_version(KEY, opened.modified_ns, opened.size + 1) == ""
                assert engine.storage.noted_version(OTHER, opened.modified_ns, opened.size) == ""

    def test_computes_and_notes_a_version_that_is_not_noted(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, PICTURES[FIRST])
        assert noted(engine.storage) == ""
        opened = engine.storage.finished(KEY)
        assert opened
        with opened.file:
            assert engine.open().version(KEY, opened) == FIRST
            assert opened.file.read() == PICTURES[FIRST]
        assert noted(engine.storage) == FIRST

    def test_computes_the_version_of_the_picture_that_is_open(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, PICTURES[FIRST])
        opened = engine.storage.finished(KEY)
        assert opened
        put(engine.storage, SECOND)
        with opened.file:
            assert engine.storage.version(KEY, opened) == FIRST
        assert noted(engine.storage) == SECOND

    def test_computes_a_version_though_the_key_is_being_decided_about(self, engine: Engine) -> None:
        put_picture(engine.storage, KEY, PICTURES[FIRST])
        opened = engine.storage.finished(KEY)
        assert opened
        with opened.file, engine.open().guard(KEY):
            assert engine.storage.version(KEY, opened) == FIRST

    def test_forgets_the_version_of_a_picture_that_is_replaced_or_withdrawn(self, engine: Engine) -> None:
        put(engine.storage, FIRST, OTHER)
        put(engine.storage, FIRST)
        put_picture(engine.storage, KEY, PICTURES[SECOND])
        assert noted(engine.storage) == ""
        put(engine.storage, FIRST)
        with engine.storage.guard(KEY) as entry:
            entry.withdraw()
        put_picture(engine.storage, KEY, PICTURES[FIRST])
        assert noted(engine.open()) == ""
        put(engine.storage, FIRST)
        with engine.storage.guard(KEY) as entry:
            entry.forget_version()
            entry.forget_version()
        assert (noted(engine.open()), noted(engine.open(), OTHER)) == ("", FIRST)

    def test_knows_the_version_of_a_picture_that_is_back(self, engine: Engine) -> None:
        put(engine.storage, FIRST)
        with engine.storage.guard(KEY) as entry:
            entry.withdraw(keep=True)
        assert noted(engine.open()) == ""
        with engine.storage.guard(KEY) as entry:
            entry.restore_previous()
        assert noted(engine.open()) == FIRST
        with engine.storage.guard(KEY) as entry:
            entry.withdraw(keep=True)
            publish(engine.storage, entry, SECOND)
            entry.forget_previous()
        assert noted(engine.open()) == SECOND

    def test_takes_no_picture_for_another_of_the_same_size(self, engine: Engine) -> None:
        for _ in range(30):
            put(engine.storage, FIRST)
            first = engine.storage.finished(KEY)
            put(engine.storage, SECOND)
            assert first
            is_right(engine.storage, first)
            assert noted(engine.storage) == SECOND

    def test_never_calls_other_bytes_by_a_version_while_pictures_come_and_go(self, engine: Engine) -> None:
        done = threading.Event()
        counts: list[int] = []
        reader = threading.Thread(target=lambda: counts.append(watch(engine.open(), done.is_set)))
        with Child(watching, engine.opener) as child:
            assert child.receive() == "ready"
            reader.start()
            for number in range(80):
                with engine.storage.guard(KEY) as entry:
                    publish(engine.storage, entry, list(PICTURES)[number % 4])
                    if number % 3 == 2:
                        entry.withdraw(keep=number % 2 == 0)
                    if number % 6 == 5:
                        entry.restore_previous()
            done.set()
            child.send("done")
            reader.join()
            assert min(child.receive(), *counts) > 0
