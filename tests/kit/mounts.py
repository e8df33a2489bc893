"""File systems of a test's own: a small one, which is filled up and freed again, and one with large inodes.

Only root can mount them.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

MOUNTS = ("unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt")
"""A command that succeeds where mounts are permitted."""


def full() -> AbstractContextManager[object]:
    """What ends in the block is that nothing more can be written."""
    return pytest.raises(OSError, match="No space left")


class SmallDisk:
    """`folder` is its root; `ballast` below it takes all that is left of its blocks or inodes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ballast = folder / "ballast"

    def fill(self) -> None:
        """Takes all blocks."""
        with self.ballast.open("wb") as file:
            for size in (1 << 20, 1 << 12):
                with full():
                    while True:
                        os.write(file.fileno(), b"\0" * size)

    def use_up_inodes(self) -> None:
        """Takes all inodes."""
        self.ballast.mkdir()
        with full():
            while True:
                (self.ballast / os.urandom(8).hex()).touch()

    def free(self) -> None:
        """Gives back what was taken."""
        if self.ballast.is_dir():
            for path in self.ballast.iterdir():
                path.unlink()
            self.ballast.rmdir()
        self.ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(folder: Path, *, size: str = "40m", inodes: int = 0) -> Iterator[SmallDisk]:
    """Mounts a file system on a folder that is made; `inodes`: at most so many, 0 for as many as it likes."""
    folder.mkdir()
    options = f"size={size}" + (f",nr_inodes={inodes}" if inodes else "")
    with ExitStack() as mounted:
        mount(mounted, folder, "tmpfs", "-o", options)
        yield SmallDisk(folder)


@contextmanager
def large_inodes(folder: Path, files: Path) -> Iterator[Path]:
    """Mounts an overlay in `folder` that has these files, with inodes above 2^63. Yields its root.

    An overlay marks the layer of a file in the highest bits of its inode.
    """
    first, upper, merged = layers = [folder / name for name in ("first", "upper", "merged")]
    with ExitStack() as mounted:
        for layer in layers:
            layer.mkdir(parents=True)
            if layer != merged:
                mount(mounted, layer, "tmpfs")
        options = f"xino=on,lowerdir={first}:{files},upperdir={upper}/changes,workdir={upper}/work"
        for name in ("changes", "work"):
            (upper / name).mkdir()
        mount(mounted, merged, "overlay", "-o", options)
        yield merged


def mount(until: ExitStack, folder: Path, kind: str, *options: str) -> None:
    """Mounts a file system on a folder, until the stack is left."""
    subprocess.run(["mount", "-t", kind, *options, kind, str(folder)], check=True, timeout=60)
    until.callback(subprocess.run, ["umount", "-l", str(folder)], check=True, timeout=60)
