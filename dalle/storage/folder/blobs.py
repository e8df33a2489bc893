"""The bytes of a data folder: whole files, written beside their place and renamed into it."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from typing import IO

from dalle import atomic
from dalle.key import ADDRESS, Key
from dalle.storage.blob import Blob, Content, OpenBlob, Original, Staged
from dalle.storage.folder.layout import Layout, parse_original
from dalle.storage.open_file import open_below, open_file

# No two pictures of a key may have the same time, by which their versions are known (`versions`): the clock of a file
# system ticks only every few milliseconds. So much earlier it is, that thumbnails, staged later, are never older.
EARLIER_NS = 20_000_000


class FolderBlobs:
    """Satisfies `Blobs`. `now_ns`: as exactly as the machine knows it."""

    def __init__(self, layout: Layout, *, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._layout = layout
        self._now_ns = now_ns

    def stage(self, blob: Blob, data: Content, *, durable: bool = False, modified_ns: int = 0) -> Staged:
        """A picture is staged outside of its folder: the index knows by the folder's time that others changed it."""
        path = self._layout.blob(blob)
        beside = path.parent if blob == Blob.picture(blob.key) else path
        if beside != path and not path.parent.is_dir():
            atomic.make_folder(path.parent, durable=durable)
        place = atomic.stage(beside.with_name(path.name), data, durable=durable)
        if beside != path or modified_ns:
            moment = modified_ns or self._now_ns() - EARLIER_NS
            with suppress(FileNotFoundError):  # swept away already: who publishes it notices
                os.utime(place, ns=(moment, moment))
        return Staged(blob, str(place), durable)

    def discard(self, staged: Iterable[Staged]) -> None:
        for part in staged:
            with suppress(OSError):
                atomic.remove(Path(part.place))

    def place(self, staged: Staged, noted: AbstractContextManager[None] | None = None) -> None:
        """Make staged bytes visible, inside `noted`."""
        path = self._layout.blob(staged.blob)
        with noted or nullcontext():
            atomic.replace(Path(staged.place), path)
        if staged.durable:
            atomic.sync_folder(path.parent)

    def put(self, blob: Blob, data: Content, *, durable: bool = False, modified_ns: int = 0) -> None:
        path = self._layout.blob(blob)
        if not modified_ns:
            atomic.write_atomic(path, data, durable=durable)
            return
        temporary = atomic.stage(path, data, durable=durable)
        os.utime(temporary, ns=(modified_ns, modified_ns))
        atomic.replace(temporary, path, durable=durable)

    def scratch(self) -> IO[bytes]:
        return atomic.scratch(self._layout.root)

    def get(self, blob: Blob) -> bytes | None:
        return atomic.read_bytes(self._layout.blob(blob))

    def open(self, blob: Blob) -> OpenBlob | None:
        return open_file(self._layout.blob(blob))

    def open_public(self, path: str) -> OpenBlob | None:
        series, slash, rest = path.partition("/")
        folder = os.path.basename(self._layout.series_folder(series)) if slash else series
        return open_below(self._layout.output, f"{folder}{slash}{rest}")

    def has(self, blob: Blob) -> bool:
        return self._layout.blob(blob).exists()

    def delete(self, blob: Blob) -> bool:
        return atomic.remove(self._layout.blob(blob))

    def originals(self, key: Key) -> list[Original]:
        names = (path.name for path in (self._layout.runs / key.series).glob(f"{key.address}.*.*.*"))
        present = (parse_original(key.series, name) for name in names)
        return sorted((original for original in present if original), key=lambda original: original.number)

    def locate(self, blob: Blob) -> str:
        return str(self._layout.blob(blob))

    def addresses(self) -> set[str]:
        stems = {path.stem for path in self._layout.output.glob("*/annotated/0x*.png")}
        return {stem for stem in stems if ADDRESS.fullmatch(stem)}

    def free_bytes(self) -> int:
        return shutil.disk_usage(self._layout.root).free
