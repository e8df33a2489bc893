"""`dalleserver series`: shows series and checks new ones."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.client import exits, options, terminal
from app.client.group import Suggesting
from app.client.target import Target
from app.client.words import words_of
from app.suggestion import question
from dalle.key import SERIES
from dalle.storage.open_file import read_bounded
from dalle.words.catalog import NAMES, Catalog
from dalle.words.series import MOST_BYTES, BadSeries, Series

KEYS = {"suffix", "purpose", "last", "deleted", "colorLimit", "modifiedAt", *NAMES}
FEW = 3
"""Rows that are too few for pictures that differ."""
MOST_SHOWN = 10


@click.group(cls=Suggesting)
def series() -> None:
    """Show series, or check new ones."""


@series.command("list")
@options.target
@options.as_json
def list_(target: Target, as_json: bool) -> None:
    """List all series, and the files that cannot be used.

    \b
    Example:
      dalleserver series list

    Exit codes: 0 listed; 5 the server or the data folder cannot be used.
    """
    if target.server:
        names = replace(target, data_dir=None).open().series()
        terminal.emit(names) if as_json else click.echo("\n".join(names))
        return
    words = words_of(target.data_dir)
    every = [words.series(name) for name in words.shelf.names()]
    problems = words.shelf.problems()
    if as_json:
        terminal.emit({"series": [fields(each) for each in every], "problems": problems})
        return
    terminal.table([(each.name, each.purpose) for each in every], ("series", "purpose"), wrapped=True)
    for name, problem in problems.items():
        click.secho(f"{name}.json: {problem}", fg="yellow", err=True)


@series.command()
@click.argument("name", shell_complete=options.series_names)
@options.data_dir
@options.as_json
def show(name: str, data_dir: str | None, as_json: bool) -> None:
    """Show one series and how many rows match its filters.

    \b
    Example:
      dalleserver series show simple

    Exit codes: 0 shown; 2 unknown series; 5 the data folder cannot be read.
    """
    words = words_of(data_dir)
    shown = words.series(name.lower())
    counts = {database: len(words.catalog.choose(database, shown.filters.get(database, ()))) for database in NAMES}
    if as_json:
        terminal.emit(fields(shown) | {"rows": counts})
        return
    click.secho(shown.name, bold=True)
    if shown.purpose:
        click.echo(terminal.flowing(shown.purpose))
    limit = f"{shown.color_limit} of 3" if shown.color_limit else "all"
    click.echo(f"\nsuffix {shown.suffix}, colours in the texts: {limit}\n")
    rows = [
        (
            database,
            count,
            len(words.catalog.databases[database].rows),
            " | ".join(shown.filters.get(database, ())) or "–",
        )
        for database, count in counts.items()
    ]
    terminal.table(rows, ("database", "rows", "of", "filters"), numbers=[1, 2])


@series.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.data_dir
@options.as_json
def check(file: Path, data_dir: str | None, as_json: bool) -> None:
    """Check a series file before it is used.

    It has to be a file that the service would read, and each of its filters has to match a row.

    \b
    Example:
      dalleserver series check my-series.json

    Exit codes: 0 it can be used, perhaps with warnings; 1 it cannot be used, or no row matches; 2 wrong arguments.
    """
    words = words_of(data_dir)
    errors, warnings = examine(file, words.catalog)
    if as_json:
        terminal.emit({"errors": errors, "warnings": warnings})
    else:
        for text in errors:
            click.secho(f"error: {text}", fg="red")
        for text in warnings:
            click.secho(f"warning: {text}", fg="yellow")
        if not errors:
            click.secho(f"{file.name} can be used: copy it to {words.storage.series.place}", fg="green")
    if errors:
        raise SystemExit(exits.FAILED)


def examine(file: Path, catalog: Catalog) -> tuple[list[str], list[str]]:
    """Returns errors and warnings about a series file."""
    errors: list[str] = []
    name = file.name.removesuffix(".json")
    if not file.name.endswith(".json") or not SERIES.fullmatch(name):
        errors.append("the file name must be 1 to 64 of a-z, 0-9 and -, then .json")
    text = read_bounded(file, MOST_BYTES)
    if text is None:
        return [*errors, "it is not a file, but a pipe, a device or the like"], []
    if len(text) > MOST_BYTES:
        return [*errors, f"it is larger than {MOST_BYTES // 1_000_000} MB"], []
    try:
        parsed = Series.parse(name, text)
    except BadSeries as exc:
        return [*errors, str(exc)], []
    warnings = examine_keys([key for key in json.loads(text) if key not in KEYS])
    for database, filters in parsed.filters.items():
        unmatched, doubtful = examine_filters(database, filters, catalog)
        errors += unmatched
        warnings += doubtful
    if parsed.deleted:
        warnings.append("it is marked as deleted, so it is neither listed nor painted")
    if not parsed.purpose:
        warnings.append('it has no "purpose": one sentence, shown in lists')
    return errors, warnings


def examine_keys(unknown: list[str]) -> list[str]:
    """Returns warnings about unknown keys."""
    shown = [
        f"{json.dumps(key[:64], ensure_ascii=False)} is an unknown key and is ignored{question(key[:64], KEYS)}"
        for key in unknown[:MOST_SHOWN]
    ]
    more = len(unknown) - len(shown)
    return [*shown, f"{more} more unknown {'key is' if more == 1 else 'keys are'} ignored"] if more else shown


def examine_filters(database: str, filters: tuple[str, ...], catalog: Catalog) -> tuple[list[str], list[str]]:
    """Returns errors and warnings about the filters of one database."""
    count = len(catalog.choose(database, filters))
    if not count:
        return [f"{database}: no row contains {any_of(filters)}"], []
    warnings = []
    rows = [",".join(row) for row in catalog.databases[database].rows]
    idle = [text for text in filters if not any(text in row for row in rows)]
    if idle:
        warnings.append(f"{database}: no row contains {any_of(idle)}")
    if count < FEW:
        warnings.append(f"{database}: only {count} {'row matches' if count == 1 else 'rows match'}")
    return [], warnings


def any_of(texts: Sequence[str]) -> str:
    """Returns texts as a list for people: the first ones of many."""
    shown = [repr(text[:64]) for text in texts[:MOST_SHOWN]]
    more = len(texts) - len(shown)
    return " or ".join([*shown, f"{more} more"] if more else shown)


def fields(series: Series) -> dict[str, Any]:
    """Returns the series as JSON."""
    filters = {name: list(texts) for name, texts in series.filters.items()}
    head = {"name": series.name, "suffix": series.suffix, "purpose": series.purpose, "colorLimit": series.color_limit}
    return head | filters
