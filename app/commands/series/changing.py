"""Hides, restores and deletes series. Their pictures stay as they are, and stay where they are."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from app.client import options, terminal
from app.client.exits import NOT_FOUND, Stop
from app.client.words import Words, words_of
from app.suggestion import question
from dalle.errors import InvalidSeries
from dalle.words.series import BadSeries, name_of

PICTURES = "its pictures stay where they are"

name_argument = click.argument("name", shell_complete=options.series_names)


@click.command()
@name_argument
@options.data_dir
def hide(name: str, data_dir: str | None) -> None:
    """Hide a series: it is neither listed nor painted until it is restored.

    Its pictures stay, and are shown and served. A built-in series can be hidden too.

    \b
    Example:
      dalleserver series hide simple

    Exit codes: 0 hidden; 2 unknown series, or a file that holds none; 5 the data folder cannot be written.
    """
    words, name = words_of(data_dir), name_of(name)
    with refusing(words, name, "hidden"):
        changed = words.editor.hide(name)
    click.echo(f"{name} is hidden: {PICTURES}." if changed else f"{name} was hidden already.")


@click.command()
@name_argument
@click.option("--version", "number", type=click.IntRange(min=1), help="Make the file what this version holds.")
@options.data_dir
def restore(name: str, number: int | None, data_dir: str | None) -> None:
    """Show a hidden series again, or bring back a deleted one or an earlier version.

    \b
    Examples:
      dalleserver series restore simple
      dalleserver series restore my-series --version 1

    Exit codes: 0 restored; 2 unknown series, or a file that holds none; 3 no such version; 5 the data folder cannot be
    written.
    """
    words, name = words_of(data_dir), name_of(name)
    if number is not None:
        try:
            words.editor.restore_version(name, number)
        except FileNotFoundError:
            hint = f"dalleserver series versions {name} lists those that are kept"
            raise Stop(f"version {number} of series {name} is not kept: {hint}", NOT_FOUND) from None
        click.echo(f"{name} is what version {number} holds.")
        return
    with refusing(words, name, "restored"):
        changed = words.editor.restore(name)
    click.echo(f"{name} is restored." if changed else f"{name} was not hidden.")


@click.command()
@name_argument
@options.data_dir
def delete(name: str, data_dir: str | None) -> None:
    """Delete the file of a series; what it held is kept as a version.

    Its pictures stay, and are shown and served. A built-in series that the file had replaced counts again.

    \b
    Example:
      dalleserver series delete my-series

    Exit codes: 0 deleted; 2 no such file; 5 the data folder cannot be written.
    """
    words, name = words_of(data_dir), name_of(name)
    if not words.editor.delete(name):
        if words.editor.built_in(name) is not None:
            raise InvalidSeries(f"Series '{name}' is built in and has no file: dalleserver series hide {name} hides it")
        raise unknown(words, name)
    click.echo(f"{name} is deleted: {PICTURES}. dalleserver series restore {name} brings it back.")


@click.command()
@name_argument
@options.data_dir
@options.as_json
def versions(name: str, data_dir: str | None, as_json: bool) -> None:
    """List what the file of a series held before it was changed or deleted: the last ten versions.

    \b
    Example:
      dalleserver series versions my-series

    Exit codes: 0 listed, even if there are none; 5 the data folder cannot be read.
    """
    words, name = words_of(data_dir), name_of(name)
    kept = words.storage.series.versions(name)
    if as_json:
        terminal.emit([{"version": each.number, "replacedNs": each.replaced_ns, "bytes": each.size} for each in kept])
        return
    now = time.time()
    rows = [(each.number, terminal.time_left(now - each.replaced_ns / 1e9), each.size) for each in kept]
    terminal.table(rows, ("version", "replaced, ago", "bytes"), numbers=[0, 1, 2])
    if not kept:
        terminal.remark(f"No earlier version of {name} is kept.")


@contextmanager
def refusing(words: Words, name: str, what: str) -> Iterator[None]:
    """Says of a series that is unknown, or whose file holds none, why it cannot be changed."""
    try:
        yield
    except FileNotFoundError:
        raise unknown(words, name) from None
    except BadSeries as exc:
        raise InvalidSeries(f"Series '{name}' cannot be {what}: {exc}") from None


def unknown(words: Words, name: str) -> InvalidSeries:
    known = [*words.shelf.names(), *words.shelf.hidden()]
    return InvalidSeries(f"Series '{name[:64]}' not found{question(name, known)}")
