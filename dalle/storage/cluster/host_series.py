"""Series files in a host's own folder, from the time when it was the only host: each content is taken once."""

import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from dalle.storage.cluster.series import ClusterSeries
from dalle.storage.finding import Finding
from dalle.storage.open_file import read_bounded
from dalle.words.series import MOST_BYTES, name_of

log = logging.getLogger(__name__)


def take(series: ClusterSeries, folder: Path) -> None:
    """Take the files of a folder into the database, unless that was done, by this host or another."""
    for name, content in files(folder):
        if series.take(name, content):
            log.info("series %s was taken from this host into the database", name)


def examine(folder: Path) -> Finding | None:
    """Return what to know of the files of a folder; None where there are none."""
    names = sorted(name for name, _ in files(folder))
    if not names:
        return None
    message = f"{', '.join(names)}: taken from this host's folder once, and edited in the database since"
    return Finding("series folder", "ok", message, f"remove {folder} when no other host needs it")


def files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file; one that cannot be read is left out."""
    for path in sorted(folder.glob("*.json")):
        with suppress(OSError):
            content = read_bounded(path, MOST_BYTES)
            if content is not None and not path.name.startswith("."):
                yield name_of(path.stem), content
