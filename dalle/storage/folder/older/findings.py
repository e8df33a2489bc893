"""What `doctor` says about the files of the older server in a data folder."""

import shlex
import tempfile
from collections.abc import Iterator
from pathlib import Path

from dalle.storage.finding import Finding
from dalle.storage.folder.layout import Layout
from dalle.storage.folder.older.hidden import SUFFIX
from dalle.storage.folder.series.place import Place

CHECK = "older server"
FALLBACK = "dalleserver-fallback-*"
"""Where it went on, without a word, when it could not write the data folder."""


def found(layout: Layout, temporary: Path | None = None) -> Iterator[Finding]:
    """Yield a line for each kind of its files that is there; none in a folder that it has never seen."""
    for look in (series, hidden, seeds, archives, history):
        try:
            yield from look(layout)
        except OSError as exc:
            yield Finding(CHECK, "warning", f"its files cannot be looked through ({exc.strerror})")
    for folder in sorted((temporary or Path(tempfile.gettempdir())).glob(FALLBACK)):
        yield Finding(
            CHECK,
            "warning",
            f"{folder} may have pictures of days when it could not write its data folder",
            f"cp -rn {shlex.quote(str(folder))}/output/. {shlex.quote(str(layout.output))}, then remove it",
        )


def series(layout: Layout) -> Iterator[Finding]:
    theirs, ours = (Place(str(path)).files()[0].keys() for path in (layout.user_series, layout.series))
    if theirs:
        shadowed = sorted(theirs & ours)
        ending = f"; {', '.join(shadowed)} from series/, which counts first" if shadowed else ""
        yield ok(f"{counted(len(theirs - ours), 'series is', 'series are')} read from user-series/{ending}")


def hidden(layout: Layout) -> Iterator[Finding]:
    for folder in sorted(layout.output.glob(f"*{SUFFIX}")):
        name = folder.name.removesuffix(SUFFIX)
        if layout.hidden.series_of(folder.name):
            yield ok(f"output/{folder.name}/ is read as the pictures of {name}")
        else:
            message = f"output/{folder.name}/ is not shown, because output/{name}/ is there too"
            yield Finding(CHECK, "warning", message, f"move its pictures to output/{name}/, or remove it")


def seeds(layout: Layout) -> Iterator[Finding]:
    if number := count(layout.output, "*/metadata/*.json"):
        yield ok(
            f"{counted(number, 'picture is', 'pictures are')} named by a seed: shown in the gallery, below /files/"
        )


def archives(layout: Layout) -> Iterator[Finding]:
    if number := count(layout.archives, "*/annotated/*.png"):
        shown = "dalleserver archives list shows them"
        yield ok(f"{counted(number, 'picture is', 'pictures are')} archived and not shown: {shown}")


def history(layout: Layout) -> Iterator[Finding]:
    if layout.older_averages.is_file():
        used = not layout.document("averages").is_file()
        state = "has the averages of the phases until the first run has ended" if used else "is not needed any more"
        yield ok(f"metrics/{layout.older_averages.name} {state}")


def count(folder: Path, pattern: str) -> int:
    return sum(1 for _ in folder.glob(pattern))


def counted(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def ok(message: str) -> Finding:
    return Finding(CHECK, "ok", message)
