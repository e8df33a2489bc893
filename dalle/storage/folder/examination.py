"""What a person may need to know about a data folder: access, permissions, web server, locks."""

import fcntl
import os
import pwd
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dalle.atomic import open_lock, remove, write_atomic
from dalle.storage.finding import Finding
from dalle.storage.folder.layout import Layout

CURE = "choose another data folder, or change its owner"
SHARED = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph", "glusterfs")


def examine(layout: Layout, *, read_only: bool) -> Iterator[Finding]:
    """Yield what was found, with what to do about it."""
    yield from access(layout, read_only=read_only)
    yield public(layout)
    if not read_only:
        yield locks(layout)


def access(layout: Layout, *, read_only: bool) -> Iterator[Finding]:
    """The data folder can be written, or read when TB_DALLE_READ_ONLY is set."""
    root, user = layout.root, user_name()
    if read_only:
        readable = os.access(root, os.R_OK | os.X_OK)
        message = f"{root} is {'readable' if readable else 'not readable'} for {user}; TB_DALLE_READ_ONLY is set"
        yield Finding("data folder", "ok" if readable else "error", message, "" if readable else CURE)
        return
    probe = root / f".doctor-{os.getpid()}"
    try:
        write_atomic(probe, b"doctor", durable=True)
        remove(probe)
    except OSError as exc:
        yield Finding("data folder", "error", f"{root} is not writable for {user} ({exc.strerror})", CURE)
        return
    yield Finding("data folder", "ok", f"{root} is writable for {user}")
    yield permissions(root, user)


def permissions(root: Path, user: str) -> Finding:
    """All folders in the data folder can be written."""
    folders = [root, *(path for path in root.iterdir() if path.is_dir())] if root.is_dir() else []
    closed = [path.name for path in folders if not os.access(path, os.R_OK | os.W_OK | os.X_OK)]
    if closed:
        todo = f"as root: chown -R {user} {root}"
        return Finding("permissions", "error", f"not writable for {user}: {', '.join(closed)}", todo)
    return Finding("permissions", "ok", f"all of its folders are writable for {user}")


def user_name() -> str:
    """Returns the name of this process's user, or the number of a user without a name."""
    with suppress(KeyError):
        return pwd.getpwuid(os.getuid()).pw_name
    return str(os.getuid())


def public(layout: Layout) -> Finding:
    """A web server, which is another user, can read the output folder."""
    output = layout.output
    closed = [path for path in (output, *output.parents) if path.exists() and not path.stat().st_mode & 0o001]
    if not closed:
        return Finding("public files", "ok", f"other users can enter {output}")
    todo = f"needed only if a web server sends the files itself: chmod o+x {' '.join(map(str, closed))}"
    return Finding("public files", "warning", f"other users cannot enter {closed[0]}", todo)


def locks(layout: Layout) -> Finding:
    """Two processes cannot hold one lock at once, and a released lock is free. Tried with a second process."""
    path = layout.locks / f"doctor-{os.getpid()}"
    todo = "put the data folder on a local disk: claims need a file system with flock"
    try:
        descriptor = open_lock(path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shared = can_be_locked_by_another_process(path)
        finally:
            os.close(descriptor)
        released = can_be_locked_by_another_process(path)
        remove(path)
    except OSError as exc:
        return Finding("locks", "error", f"cannot be taken: {exc.strerror}", todo)
    if shared:
        return Finding("locks", "error", "two processes held one lock at once", todo)
    if not released:
        return Finding("locks", "error", "a lock stays taken after its holder has released it", todo)
    kind = file_system(path)
    if kind.startswith(SHARED):
        message = f"two processes exclude each other, but {kind} is shared with other machines"
        return Finding("locks", "warning", message, "use this data folder on one machine only, or test both together")
    return Finding("locks", "ok", f"two processes exclude each other on this file system ({kind})")


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Returns the type of the file system below a path, "unknown" when the system does not say."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    types = {line[1]: line[2] for line in lines if path.is_relative_to(line[1])}
    return types[max(types, key=len)] if types else "unknown"


def can_be_locked_by_another_process(path: Path) -> bool:
    child = os.fork()
    if child == 0:
        code = 1
        try:
            fcntl.flock(open_lock(path), fcntl.LOCK_EX | fcntl.LOCK_NB)
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
