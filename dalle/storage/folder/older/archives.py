"""Pictures that were deleted in the older server, which moves them to `archives/<series>/<kind>/`."""

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dalle.atomic import make_folder, sync_folder
from dalle.storage.folder.layout import Layout
from dalle.storage.picture import Archived

PICTURES = "annotated"
NAME = re.compile(r"[^/.\0][^/\0]*")


class FolderArchives:
    """Satisfies `Archives`."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def list(self) -> list[Archived]:
        archived = []
        for folder in self._layout.archives.glob(f"*/{PICTURES}"):
            for path in folder.glob("[!.]*.png"):
                with suppress(FileNotFoundError):
                    status = path.stat()
                    archived.append(Archived(folder.parent.name, path.stem, status.st_mtime_ns, status.st_size))
        return sorted(archived, key=lambda each: (each.series, -each.modified_ns, each.name))

    def restore(self, series: str, name: str) -> bool:
        """The picture comes last: it is shown when all that belongs to it is there."""
        if not NAME.fullmatch(series) or not NAME.fullmatch(name):
            return False
        picture = self._layout.archives / series / PICTURES / f"{name}.png"
        if not picture.is_file():
            return False
        target = Path(self._layout.series_folder(series))
        present = target / PICTURES / picture.name
        if present.exists() and not os.path.samefile(picture, present):
            raise FileExistsError(f"{series}/{name} has a picture already")
        for path in [*self._beside(series, name), picture]:
            move(path, target / path.parent.name / path.name)
        return True

    def _beside(self, series: str, name: str) -> Iterator[Path]:
        """Yield what else was archived of the picture."""
        for path in sorted((self._layout.archives / series).glob("*/*")):
            if path.stem == name and path.parent.name != PICTURES and path.is_file():
                yield path


def move(path: Path, target: Path) -> None:
    """Move a file, but over no other one; what a killed process has begun is ended."""
    if not target.parent.is_dir():
        make_folder(target.parent, durable=True)
    try:
        os.link(path, target)
    except FileExistsError:
        if not os.path.samefile(path, target):
            return
    except OSError:  # a file system without hard links
        os.rename(path, target)
        return
    sync_folder(target.parent)
    path.unlink()
