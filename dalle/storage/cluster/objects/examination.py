"""What `doctor` says about the bucket and this host's part of it."""

import secrets
import time
from collections.abc import Iterator

from dalle.storage.cluster.buckets.bucket import Bucket
from dalle.storage.cluster.objects.spool import Spool, require_disk
from dalle.storage.finding import Finding

SLOW = 1.0  # seconds
PROBES = ".probes"


def examine(bucket: Bucket, spool: Spool, *, read_only: bool) -> Iterator[Finding]:
    """Yield the findings; with `read_only` nothing is written."""
    yield disk(spool)
    yield waiting(spool)
    yield from reachable(bucket, read_only=read_only)


def disk(spool: Spool) -> Finding:
    try:
        require_disk(spool.folder)
    except OSError as exc:
        return Finding("spool", "error", str(exc.strerror), "let TB_DALLE_DATA_DIR be a folder on a disk")
    return Finding("spool", "ok", f"answers that were paid for can wait in {spool.folder}")


def waiting(spool: Spool) -> Finding:
    number = spool.count()
    if number:
        answers = "1 answer that was paid for waits" if number == 1 else f"{number} answers that were paid for wait"
        text = f"{answers} for the bucket or the database"
        return Finding("spool", "warning", text, "see below why; they are brought in by the service of this host")
    return Finding("spool", "ok", "no answer waits")


def reachable(bucket: Bucket, *, read_only: bool) -> Iterator[Finding]:
    name = f"{PROBES}/{secrets.token_hex(8)}"
    try:
        began = time.monotonic()
        bucket.size(name)
        seconds = time.monotonic() - began
        yield timed(f"{bucket.url} answers", seconds)
        if read_only:
            return
        began = time.monotonic()
        bucket.put(name, b"dalleserver doctor")
        seconds = time.monotonic() - began
        bucket.delete([name])
        yield timed(f"{bucket.url} takes an object, and deletes it,", seconds)
        yield conditional(bucket, name)
    except OSError as exc:
        todo = "look at the URL, its credentials, and whether the bucket exists and may be read, written and listed"
        yield Finding("bucket", "error", str(exc.strerror or exc), todo)


def timed(what: str, seconds: float) -> Finding:
    text = f"{what} in {seconds * 1000:.0f} ms"
    if seconds <= SLOW:
        return Finding("bucket", "ok", text)
    return Finding("bucket", "warning", text, "use one that is nearer to the hosts")


def conditional(bucket: Bucket, name: str) -> Finding:
    if bucket.refuses_second(f"{name}.txt"):
        return Finding("bucket", "ok", "it refuses to write an object twice")
    text = "it ignores the condition that an object is new; that does no harm, since no name is used twice"
    return Finding("bucket", "ok", text)
