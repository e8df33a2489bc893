"""The folder in which the workers of one service keep their counters, and the merging of dead workers' counters.

    /dev/shm/dalleserver-XXXXXXXX/      one for each gunicorn master, private to its user
        owner                           flocked by the master and its workers as long as one of them lives
        lock                            shared by scrapes, exclusive while dead workers are merged
        incidents                       the last errors of all workers (app.monitoring.incidents)
        <type>_<pid>.db                 prometheus_client's files of a living worker
        <type>_0.db                     the counters of all dead workers

It belongs to the master, not to the data folder: counters restart with the service, and a full or read-only data
folder must not hide the figures that report it. A folder in memory is preferred, because the files are mapped: on a
full disk a store into a mapped page kills the process.

Every dead worker leaves its files behind and each makes a scrape slower (87 ms with 200 of them), so the master
merges them into one set when a worker ends. A scrape during the merge would count twice: hence the lock.
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

from app.monitoring import merging

log = logging.getLogger(__name__)

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client's own name for it
PREFIX = "dalleserver-"
YOUNG = 60.0  # seconds during which a new folder may not have its owner's lock yet
PATIENCE = 1.0  # seconds that the master waits for running scrapes


def folder() -> Path | None:
    """Returns this service's folder, or None if the process counts alone."""
    path = os.environ.get(VARIABLE)
    return Path(path) if path else None


def enter() -> Path | None:
    """Makes prometheus_client count into the folder, even if it was imported before the folder existed.

    A folder that no master of ours made is not used: the variable may be set for other programs.
    """
    path = folder()
    if path is None or not (path / "owner").exists():
        return None
    if not values.ValueClass._multiprocess:
        # the package reads the variable only at its import; its README replaces this name in the same way
        values.ValueClass = values.MultiProcessValue()
    return path


def make(*, parent: Path | None = None, uid: int = -1, gid: int = -1) -> Path:
    """Makes the folder of a starting service: in `parent`, in memory, or in the folder for temporary files.

    Removes the folders of killed services. `uid` and `gid` are those of the workers.
    """
    parent = parent or next((place for place in (folder(), Path("/dev/shm")) if usable(place)), None)  # noqa: S108
    parent = parent or Path(tempfile.gettempdir())
    sweep(parent)
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    # kept open until this process ends; workers inherit it, executed programs do not
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
    """Removes our user's folders in `parent` whose service has ended."""
    for path in parent.glob(f"{PREFIX}????????"):
        with suppress(OSError):
            status = path.lstat()
            if status.st_uid != os.geteuid() or now() - status.st_mtime < YOUNG or not (path / "owner").is_file():
                continue
            with open(path / "owner", "rb") as owner:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path)


def drop(path: Path) -> None:
    """Removes the folder of a service that ends."""
    os.environ.pop(VARIABLE, None)
    shutil.rmtree(path, ignore_errors=True)


def master(path: Path) -> int:
    """Returns the pid of the process that made the folder."""
    return int((path / "owner").read_text())


def started(path: Path) -> float:
    """Returns when the service started, in Unix seconds."""
    return (path / "owner").stat().st_mtime


def workers(path: Path) -> list[int]:
    """Returns the pids of the living workers."""
    pids = {int(pid) for file in path.glob("counter_*.db") if (pid := file.stem.rpartition("_")[2]).isdigit()}
    return sorted(pid for pid in pids if pid and alive(pid))


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Prevents a merge while the files are read."""
    with open(path / "lock", "rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


@contextmanager
def writing(path: Path, patience: float = PATIENCE) -> Iterator[bool]:
    """Prevents scrapes. Yields False if one does not end: the master must not wait for a stopped worker."""
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
    """Returns the counters of all workers, living and dead."""
    with reading(path):
        return merging.families(path.glob("*.db"))


def merge_dead(path: Path, *, patience: float = PATIENCE) -> int:
    """Merges the counters of dead workers into one set; returns the number of files merged.

    The master calls this after it has waited for a worker. What fails now is merged by the next call.
    """
    dead = defaultdict(list)
    for file in path.glob("*_*.db"):
        pid = file.stem.rpartition("_")[2]
        if pid.isdigit() and pid != "0" and not alive(int(pid)):
            dead[merging.kind(file)].append(file)
    if not dead:
        return 0
    with writing(path, patience) as alone:
        if not alone:
            return 0
        for kind, files in dead.items():
            try:
                merge(files, path / f"{kind}_0.db")
            except (RuntimeError, ValueError, struct.error) as exc:
                # It would fail at every scrape and at the end of every other worker.
                log.error("counters of dead workers cannot be read and are dropped: %s: %s", kind, exc)
                for file in files:
                    file.unlink(missing_ok=True)
    return sum(map(len, dead.values()))


def merge(files: list[Path], into: Path) -> None:
    """Adds `files` to `into`, and removes them."""
    # may fail, so before a file is made
    totals = merging.total(file for file in (into, *files) if file.exists())
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
