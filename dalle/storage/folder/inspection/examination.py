"""What a person may need to know about a data folder: access, owners, web server, locks."""

import fcntl
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from dalle.atomic import open_lock, remove
from dalle.host.owner import own_name, user_name
from dalle.host.trouble import DENIED, FULL
from dalle.storage.finding import Finding
from dalle.storage.folder.inspection import ownership
from dalle.storage.folder.inspection.probing import Probing
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.older.findings import found

CURE = "choose another data folder, or change its owner"
SHARED = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph", "glusterfs")


def examine(layout: Layout, *, read_only: bool) -> Iterator[Finding]:
    """Yield what was found, with what to do about it."""
    yield from access(layout, read_only=read_only)
    yield public(layout)
    if not read_only:
        yield locks(layout)
    yield from found(layout)


def access(layout: Layout, *, read_only: bool) -> Iterator[Finding]:
    """The data folder can be written, or read when TB_DALLE_READ_ONLY is set."""
    root, user = layout.root, own_name()
    if read_only:
        readable = os.access(root, os.R_OK | os.X_OK)
        message = f"{root} is {'readable' if readable else 'not readable'} for {user}; TB_DALLE_READ_ONLY is set"
        yield Finding("data folder", "ok" if readable else "error", message, "" if readable else CURE)
        return
    try:
        root.mkdir(parents=True, exist_ok=True)
        refused = Probing(layout).look()
    except OSError as exc:
        refused = exc
    if refused and refused.errno in FULL:
        yield Finding("data folder", "error", f"{root} is full ({refused.strerror})", "free some space, or inodes")
    elif refused:
        place = refused.filename if refused.filename and os.path.exists(refused.filename) else root
        message = f"{place} is not writable for {user} ({refused.strerror})"
        yield Finding("data folder", "error", message, cure(layout, refused))
    else:
        yield Finding("data folder", "ok", f"{root} is writable for {user}")
    if os.access(root, os.R_OK | os.X_OK, effective_ids=True):
        yield owners(layout)


def cure(layout: Layout, refused: OSError) -> str:
    """Returns what to do where the data folder cannot be written."""
    owner = ownership.owner(layout)
    if refused.errno not in DENIED or not layout.root.exists():
        return CURE
    if owner.uid == os.geteuid():
        return f"as root: {chown(layout)}"
    return f"{layout.root} belongs to {owner.name}: {owner.sudo} dalleserver doctor"


def chown(layout: Layout) -> str:
    """Returns the command that makes the owner of the data folder that of all its files."""
    return f"chown -R {ownership.owner(layout).chown} {shlex.quote(str(layout.root))}"


def owners(layout: Layout) -> Finding:
    """Everything that the service writes belongs to the owner of the data folder: what `sudo` has made does not."""
    owner = ownership.owner(layout)
    foreign = ownership.foreign(layout, owner)
    if not foreign.count:
        return Finding("owner", "ok", f"everything that the service writes belongs to {owner.name}")
    users = ", ".join(user_name(uid) for uid in sorted(foreign.uids))
    files = f"{foreign.count} {'file or folder' if foreign.count == 1 else 'files and folders'}"
    shown = ", ".join(foreign.shown) + (" …" if foreign.count > len(foreign.shown) else "")
    message = f"{files} belong to {users}, and the data folder to {owner.name}: {shown}"
    return Finding("owner", "error", message, f"as root: {chown(layout)}")


def public(layout: Layout, *, umask: int = 0) -> Finding:
    """A web server, which is another user, can read the output folder; `umask`: of what will be made."""
    output = layout.output
    closed = ownership.closed_to_others(layout, umask)
    if not closed:
        return Finding("public files", "ok", f"other users can read {output}")
    above = [shlex.quote(str(place)) for place in closed if output.is_relative_to(place) and place != output]
    commands = [f"chmod o+x {' '.join(above)}"] if above else []
    if len(closed) > len(above):
        commands.append(f"umask 022 for the service, and chmod -R o+rX {shlex.quote(str(output))}")
    todo = f"needed only if a web server sends the files itself: {'; '.join(commands)}"
    return Finding("public files", "warning", f"other users cannot read {closed[0]}", todo)


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
        if exc.errno in DENIED:
            todo = cure(layout, exc)
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
