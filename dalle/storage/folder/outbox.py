"""Events that wait for their delivery, as files.

    outbox/<due ns>.<attempts>.<status>.<id>.json            waits
    outbox/failed/<moment ns>.<attempts>.<status>.<id>.json  was given up at that moment

An event is written once. An attempt only renames its file, which a full disk permits; the time of the file stays that
of the event. Who delivers one holds a flock on it, so that it is free when its holder dies.
"""

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from dalle.atomic import make_folder, read_bytes, remove, write_atomic
from dalle.storage.codec import encode_json
from dalle.storage.event import Event, Parcel
from dalle.storage.folder.documents import COARSE_NS
from dalle.storage.folder.layout import Layout

DAY_NS = 86_400_000_000_000
WAITS_NS = 4 * DAY_NS
"""How long an event waits, however seldom it was sent."""
KEPT_NS = 30 * DAY_NS
MOST_KEPT = 500
"""How long events that were given up are kept, and how many."""
NAME = re.compile(r"([0-9]{20})\.([0-9]{1,6})\.([0-9]{1,3})\.([A-Za-z0-9_-]{1,128})\.json")


def name_of(parcel: Parcel) -> str:
    return f"{parcel.due_ns:020d}.{parcel.attempts}.{parcel.status}.{parcel.event_id}.json"


def parse(name: str) -> Parcel | None:
    """Return the parcel of that name, None for any other file."""
    match = NAME.fullmatch(name)
    return Parcel(int(match[1]), match[4], int(match[2]), int(match[3])) if match else None


class HeldFile:
    """Satisfies `HeldEvent`. What was renamed or removed meanwhile stays so."""

    def __init__(self, folder: Path, parcel: Parcel, event: Event) -> None:
        self._folder = folder
        self._parcel = parcel
        self._path = folder / name_of(parcel)
        self.event = event

    @property
    def attempts(self) -> int:
        return self._parcel.attempts

    def forget(self) -> None:
        remove(self._path)

    def postpone(self, due_ns: int, *, attempts: int, status: int = 0) -> None:
        parcel = replace(self._parcel, due_ns=due_ns, attempts=attempts, status=status)
        with suppress(FileNotFoundError):
            os.rename(self._path, self._folder / name_of(parcel))

    def give_up(self, now_ns: int, *, attempts: int, status: int = 0) -> None:
        give_up(self._path, replace(self._parcel, due_ns=now_ns, attempts=attempts, status=status))


class FolderOutbox:
    """Satisfies `Outbox`."""

    def __init__(self, layout: Layout, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._folder = layout.outbox
        self._failed = layout.outbox / "failed"
        self._now_ns = now_ns
        self._listed_ns = 0
        self._earliest_ns = 0

    def put(self, event: Event) -> None:
        value = {"id": event.id, "type": event.type, "timeNs": event.time_ns, "data": event.data}
        write_atomic(self._folder / name_of(Parcel(0, event.id)), encode_json(value), durable=True)

    def waiting(self) -> list[Parcel]:
        return parcels(self._folder)

    def given_up(self) -> list[Parcel]:
        return parcels(self._failed)

    def due(self, now_ns: int) -> list[Parcel]:
        """The folder is listed only when it has changed, or something is due: others ask every second."""
        try:
            changed_ns = self._folder.stat().st_mtime_ns
        except FileNotFoundError:
            return []
        if changed_ns == self._listed_ns and now_ns < self._earliest_ns:
            return []
        begun_ns, waiting = time.time_ns(), self.waiting()
        self._listed_ns = changed_ns if begun_ns - changed_ns > COARSE_NS else 0
        self._earliest_ns = waiting[0].due_ns if waiting else now_ns + DAY_NS
        return [parcel for parcel in waiting if parcel.due_ns <= now_ns]

    def read(self, parcel: Parcel) -> Event | None:
        for folder in (self._folder, self._failed):
            if event := decoded(read_bytes(folder / name_of(parcel))):
                return event
        return None

    @contextmanager
    def hold(self, parcel: Parcel) -> Iterator[HeldFile | None]:
        """A file that holds no event is given up."""
        path = self._folder / name_of(parcel)
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            yield None
            return
        try:
            data = read_bytes(path) if lock(descriptor) else None
            event = decoded(data)
            if data is not None and event is None:
                give_up(path, replace(parcel, due_ns=self._now_ns()))
            yield HeldFile(self._folder, parcel, event) if event else None
        finally:
            os.close(descriptor)

    def retry(self, event_ids: Collection[str] = ()) -> int:
        count = 0
        for parcel in self.waiting():
            if not event_ids or parcel.event_id in event_ids:
                with self.hold(parcel) as held:
                    count += held is not None and self._renew(self._folder, parcel)
        for parcel in self.given_up():
            if not event_ids or parcel.event_id in event_ids:
                count += self._renew(self._failed, parcel)
        return count

    def _renew(self, folder: Path, parcel: Parcel) -> bool:
        """Let a file be due at once, and its time to wait begin again; return whether it was there."""
        path, now_ns = folder / name_of(parcel), self._now_ns()
        with suppress(FileNotFoundError):
            os.utime(path, ns=(now_ns, now_ns))
            os.rename(path, self._folder / name_of(replace(parcel, due_ns=0, attempts=0)))
            return True
        return False

    def tidy(self) -> None:
        """Give up what has waited too long, and bound what was given up."""
        now_ns = self._now_ns()
        for parcel in self.waiting():
            with suppress(FileNotFoundError):
                if now_ns - os.stat(self._folder / name_of(parcel)).st_mtime_ns > WAITS_NS:
                    with self.hold(parcel) as held:
                        if held:
                            held.give_up(now_ns, attempts=parcel.attempts, status=parcel.status)
        kept = self.given_up()
        for place, parcel in enumerate(reversed(kept)):
            if place >= MOST_KEPT or now_ns - parcel.due_ns > KEPT_NS:
                remove(self._failed / name_of(parcel))


def parcels(folder: Path) -> list[Parcel]:
    """Return what is in a folder, in order: that of the names."""
    try:
        return [parcel for name in sorted(os.listdir(folder)) if (parcel := parse(name))]
    except FileNotFoundError:
        return []


def give_up(path: Path, parcel: Parcel) -> None:
    """Move a file to those that were given up."""
    failed = path.parent / "failed"
    make_folder(failed)
    with suppress(FileNotFoundError):
        os.rename(path, failed / name_of(parcel))


def lock(descriptor: int) -> bool:
    """Lock a file, unless another holder has; return whether it is locked now."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def decoded(data: bytes | None) -> Event | None:
    """Return the event that the bytes hold, None for anything else."""
    with suppress(ValueError, TypeError, KeyError, RecursionError):
        value = json.loads(data or b"")
        return Event(str(value["id"]), str(value["type"]), int(value["timeNs"]), dict(value["data"]))
    return None
