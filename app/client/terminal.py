"""Output: tables, progress bars and colours on a terminal, plain lines elsewhere.

Results go to stdout, everything else to stderr.
"""

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click._termui_impl import ProgressBar

NARROW = 80
LEAST = 12


def is_watched() -> bool:
    """Returns whether stderr is a terminal: only there bars and remarks are printed."""
    return sys.stderr.isatty()


def columns() -> int:
    """Returns the width to fit into: the terminal's, or unlimited when stdout is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000


def remark(text: str) -> None:
    """Prints a line on a terminal, and nothing elsewhere."""
    if is_watched():
        click.echo(text, err=True)


def emit(value: Any) -> None:
    """Prints one JSON value, for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2 if sys.stdout.isatty() else None))


def shortened(text: str, width: int) -> str:
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def short_address(address: str) -> str:
    """0xd8da…6045"""
    return f"{address[:6]}…{address[-4:]}"


def table(
    rows: Sequence[Sequence[object]],
    heading: Sequence[str] = (),
    *,
    numbers: Sequence[int] = (),
    wrapped: bool = False,
) -> None:
    """Prints aligned columns. Where lines are too long for the terminal, the widest column is cut or `wrapped`.

    `numbers` are the columns that align to the right and keep their width.
    """
    lines = [[str(cell) for cell in row] for row in rows]
    if not lines:
        return
    every = [list(heading), *lines] if heading else lines
    widths, widest = fit(every, numbers)
    for index, line in enumerate(every):
        parts = textwrap.wrap(line[widest], widths[widest]) if wrapped else []
        first = [*line[:widest], parts[0] if parts else line[widest], *line[widest + 1 :]]
        click.secho(aligned(first, widths, numbers), bold=bool(heading) and index == 0)
        for part in parts[1:]:
            click.echo(" " * (sum(widths[:widest]) + 2 * widest) + part)


def fit(lines: Sequence[Sequence[str]], numbers: Sequence[int]) -> tuple[list[int], int]:
    """Returns the widths of all columns, and which one is the widest that is no number."""
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    widest = max((at for at in range(len(widths)) if at not in numbers), key=widths.__getitem__, default=0)
    if widest not in numbers:
        room = columns() - sum(widths) - 2 * (len(widths) - 1) + widths[widest]
        widths[widest] = min(widths[widest], max(room, LEAST))
    return widths, widest


def aligned(line: Sequence[str], widths: Sequence[int], numbers: Sequence[int]) -> str:
    """Returns one line of a table."""
    cells = [
        cell.rjust(width) if at in numbers else shortened(cell, width).ljust(width)
        for at, (cell, width) in enumerate(zip(line, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()


def flowing(text: str) -> str:
    """Returns the text with each line broken between words where it is too long."""
    width = columns()
    return "\n".join(textwrap.fill(line, width, break_on_hyphens=False) for line in text.splitlines())


def hanging(text: str, indent: int) -> str:
    """Returns the text in lines that fit, all but the first one indented."""
    return f"\n{' ' * indent}".join(textwrap.wrap(text, max(columns() - indent, LEAST), break_on_hyphens=False))


def count(number: int, noun: str) -> str:
    """1 picture, 2 pictures"""
    return f"{number} {noun if number == 1 else f'{noun}s'}"


def size(count: int) -> str:
    """812 bytes, 4.5 MB"""
    for unit, name in ((1_000_000_000, "GB"), (1_000_000, "MB"), (1000, "kB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return f"{count} bytes"


def duration(seconds: float) -> str:
    """45 seconds, 15 minutes, 24 hours, 3 days: rounded up, for sentences."""
    for unit, noun in ((86_400, "day"), (3600, "hour"), (60, "minute")):
        if seconds > 2 * unit:
            return count(math.ceil(seconds / unit), noun)
    return count(math.ceil(seconds), "second")


def time_left(seconds: float) -> str:
    """8s, 3m20s, 2h05m, 3d04h: in few letters, for tables and bars."""
    seconds = round(seconds)
    if seconds < 60:
        return f"{seconds}s"
    if seconds < 3600:
        return f"{seconds // 60}m{seconds % 60:02d}s"
    if seconds < 172_800:
        return f"{seconds // 3600}h{seconds % 3600 // 60:02d}m"
    return f"{seconds // 86_400}d{seconds % 86_400 // 3600:02d}h"


class Bar:
    """A progress bar on stderr; invisible unless stderr is a terminal."""

    def __init__(self, bar: "ProgressBar[str | None] | None") -> None:
        self._bar = bar

    def show(self, position: float, text: str) -> None:
        """Moves to a position and shows a text beside the bar."""
        if self._bar is None:
            return
        self._bar.pos = int(position)
        self._bar.current_item = text
        self._bar.render_progress()


@contextmanager
def bar(length: int, label: str, *, counts: bool = False) -> Iterator[Bar]:
    """Shows a bar of `length` steps, with percent or `counts`, and the text of `Bar.show`."""
    if not is_watched():
        yield Bar(None)
        return
    wide = shutil.get_terminal_size().columns >= NARROW
    with click.progressbar(
        length=length,
        label=label,
        width=30 if wide else 16,
        show_eta=False,
        show_percent=not counts,
        show_pos=counts,
        item_show_func=lambda text: text and f"{text:<16}",
        file=sys.stderr,
    ) as shown:
        yield Bar(shown)
