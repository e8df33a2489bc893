"""Whose the files of a data folder are, and who else may read them."""

import grp
import os
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from dalle.host.owner import Owner, owner_of
from dalle.storage.folder.layout import Layout

MOST_SHOWN = 3
OURS = (
    *("output", "runs", "locks", "queue", "provider", "metrics", "gallery", "outbox", "cache"),
    *("catalog.json", "catalog.json.guard"),
)
"""What the service writes. Series and databases are the operator's, who may be another user; and so may the rest be."""
ENTER, READ = 0o1, 0o4


def owner(layout: Layout) -> Owner:
    """Return whose the data folder is, or will be, and the umask that its files were made with."""
    belongs = owner_of(layout.root)
    for made in (layout.output, layout.root):
        with suppress(OSError):
            return replace(belongs, umask=~made.stat().st_mode & 0o077)
    return belongs


@dataclass(slots=True)
class Foreign:
    """Files in a data folder that do not belong to its owner. `shown`: the first of them, relative to the folder."""

    count: int = 0
    shown: list[str] = field(default_factory=list)
    uids: set[int] = field(default_factory=set)

    def add(self, name: str, uid: int) -> None:
        self.count += 1
        self.uids.add(uid)
        if len(self.shown) < MOST_SHOWN:
            self.shown.append(name)


def foreign(layout: Layout, belongs: Owner) -> Foreign:
    """Return what the service writes and belongs to others. Looks at every file that it can reach."""
    found = Foreign()
    for entry in everything(layout.root, OURS):
        with suppress(OSError):
            uid = entry.stat(follow_symlinks=False).st_uid
            if uid != belongs.uid:
                found.add(os.path.relpath(entry.path, layout.root), uid)
    return found


def everything(folder: Path | str, names: Collection[str] = ()) -> Iterator[os.DirEntry[str]]:
    """Yield all entries below a folder, each folder before what is in it; what cannot be entered is left out.

    `names`: of the first level those only, unless it is empty.
    """
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if names and entry.name not in names:
                continue
            yield entry
            if entry.is_dir(follow_symlinks=False):
                yield from everything(entry.path)


def closed_to_others(layout: Layout, umask: int) -> list[Path]:
    """Return the folders on the way to the pictures that a web server cannot enter, and what of them it cannot read.

    `umask`: what comes will be made with it; where it hides that, the output folder counts as closed.
    """
    output = layout.output
    present = [output, *(Path(entry.path) for entry in sample(output))] if output.exists() else []
    closed = [place for place in reversed(output.parents) if place.exists() and not is_open(place, ENTER)]
    closed += [place for place in present if not is_open(place, READ | ENTER if place.is_dir() else READ)]
    if output not in closed and hides(umask, layout.root):
        closed.append(output)
    return closed


def hides(umask: int, folder: Path) -> bool:
    """Return whether new files below a folder cannot be read by a web server, as `is_open` sees it."""
    if not umask & (READ | ENTER):
        return False
    return bool(umask >> 3 & (READ | ENTER)) or not (folder.exists() and is_shared(folder.stat()))


def sample(output: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the folders of a few series, and a few of their files."""
    for series in few(output):
        yield series
        for kind in few(series.path):
            yield kind
            yield from (file for file in few(kind.path) if file.is_file(follow_symlinks=False))


def few(folder: Path | str) -> list[os.DirEntry[str]]:
    """Return the first entries of a folder that are not hidden; none where it is none."""
    with suppress(OSError), os.scandir(folder) as entries:
        named = (entry for entry in entries if not entry.name.startswith("."))
        return [entry for entry, _ in zip(named, range(64), strict=False)]
    return []


def is_open(place: Path, needed: int) -> bool:
    """Return whether a web server, as another user, may use a place: as anybody, or as a member of its group."""
    try:
        status = place.stat()
    except OSError:
        return True  # this process may not read it: nothing is known
    mode = status.st_mode
    return mode & needed == needed or (mode >> 3 & needed == needed and is_shared(status))


def is_shared(status: os.stat_result) -> bool:
    """Return whether the group of a file is more than its owner's own."""
    belongs = Owner(status.st_uid, status.st_gid)
    if belongs.account and belongs.account.pw_gid != belongs.gid:
        return True
    with suppress(KeyError):
        return bool(grp.getgrgid(belongs.gid).gr_mem)
    return False
