"""The folder in which the workers of one service keep their counters, and what becomes of a dead worker's.

    /dev/shm/dalleserver-XXXXXXXX/      one for each gunicorn master, private to its user
        owner                           flocked by the master and its workers as long as one of them lives
        lock                            shared by scrapes, exclusive while a dead worker is merged
        incidents                       the last errors of all workers (app.monitoring.incidents)
        <type>_<pid>.db                 prometheus_client's files of a living worker
        <type>_0.db                     what all dead workers had counted

It belongs to the master, not to the data folder: counters start anew with the service, and a full or read-only
data folder must not take the figures away that tell of it. A folder in memory is preferred, since the files are
mapped: on a full disk a store into a mapped page kills the process.

Every dead worker leaves its files behind and each makes a scrape slower (87 ms with 200 of them), so the master
adds them to one set when a worker ends. A scrape that read in the middle would count twice: hence the lock.
"""

import fcntl
import logging
import os
import shutil
import struct
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prometheus_client import values
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict

from app.monitoring import merging as sums

log = logging.getLogger(__name__)

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own name for it
PREFIX = "dalleserver-"
YOUNG = 60.0  # seconds in which a folder may lack its owner's lock
PATIENCE = 1.0  # seconds that the master waits for running scrapes


def folder() -> Path | None:
    """This service's folder, or None when the process counts for itself alone."""
    path = os.environ.get(VARIABLE)
    return Path(path) if path else None


def enter() -> Path | None:
    """Let prometheus_client count into the folder from now on, even if it was imported before there was one.

    A folder that no master of ours made (the variable may be set for other programs) is not used.
    """
    path = folder()
    if path is None or not (path / "owner").exists():
        return None
    if not values.ValueClass._multiprocess:
        # the package reads the variable once, at its import; its README replaces this name in the same way
        values.ValueClass = values.MultiProcessValue()
    return path


def make(*, parent: Path | None = None, uid: int = -1, gid: int = -1) -> Path:
    """Make the folder of a starting service, in `parent`, in memory, or where temporary files go.

    Folders that services left which were killed are removed. `uid` and `gid` are those of the workers.
    """
    parent = parent or next((place for place in (folder(), Path("/dev/shm")) if usable(place)), None)  # noqa: S108
    parent = parent or Path(tempfile.gettempdir())
    sweep(parent)
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    # kept open until this process ends; workers inherit it, programs that are executed do not
    descriptor = os.open(path / "owner", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.write(descriptor, str(os.getpid()).encode())
    (path / "lock").touch()
    if os.geteuid() == 0 and uid > 0:
        for entry in (path, *path.iterdir()):
            os.chown(entry, uid, gid)
    os.environ[VARIABLE] = str(path)
    return path


def usable(place: Path | None) -> bool:
    return place is not None and place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def sweep(parent: Path, *, now: Callable[[], float] = time.time) -> None:
    """Remove our user's folders in `parent` that no service holds any more."""
    for path in parent.glob(f"{PREFIX}????????"):
        with suppress(OSError):
            seen = path.lstat()
            if seen.st_uid != os.geteuid() or now() - seen.st_mtime < YOUNG or not (path / "owner").is_file():
                continue
            with open(path / "owner", "rb") as owner:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)


def drop(path: Path) -> None:
    """Remove the folder of a service that ends."""
    os.environ.pop(VARIABLE, None)
    shutil.rmtree(path, ignore_errors=True)


def master(path: Path) -> int:
    """The pid of the process that made the folder."""
    return int((path / "owner").read_text())


def started(path: Path) -> float:
    """When the service started, in Unix seconds."""
    return (path / "owner").stat().st_mtime


def workers(path: Path) -> list[int]:
    """The pids of the living workers."""
    pids = {int(pid) for file in path.glob("counter_*.db") if (pid := file.stem.rpartition("_")[2]).isdigit()}
    return sorted(pid for pid in pids if pid and alive(pid))


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Keep the master from merging while the files are read."""
    with open(path / "lock", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def merging(path: Path, patience: float = PATIENCE) -> Iterator[bool]:
    """Keep scrapes out; False when a reader does not end, since the master must not wait for a stopped worker."""
    with open(path / "lock", "rb") as lock:
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    yield False
                    return
                time.sleep(0.002)
            else:
                yield True
                return


def counted(path: Path) -> list[Metric]:
    """What all workers have counted, the dead ones too."""
    with reading(path):
        return sums.families(path.glob("*.db"))


def bury(path: Path, *, patience: float = PATIENCE) -> int:
    """Add the counters of workers that are gone to those of the dead; gives the number of files merged.

    To be called by the master after a worker was waited for. What could not be done is done at the next call.
    """
    dead = defaultdict(list)
    for file in path.glob("*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and pid != "0" and not alive(int(pid)):
            dead[sums.kind(file)].append(file)
    if not dead:
        return 0
    with merging(path, patience) as alone:
        if not alone:
            return 0
        for kind, files in dead.items():
            try:
                merge(files, path / f"{kind}_0.db")
            except (RuntimeError, ValueError, struct.error) as exc:
                # It would fail at every scrape and at every other worker's end.
                log.error("figures of dead workers cannot be read and are given up: %s: %s", kind, exc)
                for file in files:
                    file.unlink(missing_ok=True)
    return sum(map(len, dead.values()))


def merge(files: list[Path], into: Path) -> None:
    """Add `files` to `into`, and remove them."""
    totals = sums.total(file for file in (into, *files) if file.exists())  # may fail: before a file is made
    together = MmapedDict(str(into))
    try:
        for key, value in totals.items():
            together.write_value(key, value, 0.0)
    finally:
        together.close()
    for file in files:
        file.unlink()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
