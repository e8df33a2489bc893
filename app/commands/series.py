"""`dalleserver series`: look at series and check new ones."""

import json
from pathlib import Path
from typing import Any

import click

from app.client import exits, options, terminal
from app.client import words as library
from app.client.remote import RemoteDesk
from dalle.key import SERIES
from dalle.words.catalog import NAMES, Catalog
from dalle.words.series import BadSeries, Series

KNOWN = {"suffix", "purpose", "last", "deleted", "colorLimit", "modifiedAt", *NAMES}
FEW = 3


@click.group(short_help="Look at series, or check new ones.")
def series() -> None:
    """Look at series, and check new ones before they are used."""


@series.command("list")
@options.where
@options.as_json
def list_(server: str | None, data_dir: str | None, as_json: bool) -> None:
    """List the series that can be painted, and the files that cannot be used.

    \b
    Example:
      dalleserver series list

    Exit codes: 0 listed; 5 the server or the data folder cannot be used.
    """
    if server:
        names = RemoteDesk(server).series()
        terminal.emit(names) if as_json else click.echo("\n".join(names))
        return
    books = library.opened(options.configured(data_dir))
    found = [books.series(name) for name in books.shelf.names()]
    problems = books.shelf.problems()
    if as_json:
        terminal.emit({"series": [described(one) for one in found], "problems": problems})
        return
    terminal.table([(one.name, one.purpose) for one in found], ("series", "purpose"), wrapped=True)
    for name, problem in problems.items():
        click.secho(f"{name}.json: {problem}", fg="yellow", err=True)


@series.command()
@click.argument("name", shell_complete=options.series_names)
@options.data_dir
@options.as_json
def show(name: str, data_dir: str | None, as_json: bool) -> None:
    """Show one series and how many rows its filters leave.

    \b
    Example:
      dalleserver series show simple

    Exit codes: 0 shown; 2 there is no such series; 5 the data folder cannot be read.
    """
    books = library.opened(options.configured(data_dir))
    one = books.series(name.lower())
    left = rows(one, books.catalog)
    if as_json:
        terminal.emit(described(one) | {"rows": left})
        return
    click.secho(one.name, bold=True)
    if one.purpose:
        click.echo(terminal.flowing(one.purpose))
    limit = f"{one.color_limit} of 3" if one.color_limit else "all"
    click.echo(f"\nsuffix {one.suffix}, colours in the texts: {limit}\n")
    whole = books.catalog.databases
    table = [
        (database, count, len(whole[database].rows), " | ".join(one.filters.get(database, ())) or "–")
        for database, count in left.items()
    ]
    terminal.table(table, ("database", "rows", "of", "filters"), numbers=[1, 2])


@series.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@options.data_dir
@options.as_json
def check(file: Path, data_dir: str | None, as_json: bool) -> None:
    """Check a series file: would it be used, and does every filter find something?

    \b
    Example:
      dalleserver series check my-series.json

    Exit codes: 0 good, perhaps with warnings; 1 it cannot be used, or a filter leaves nothing; 2 wrong arguments.
    """
    books = library.opened(options.configured(data_dir))
    errors, warnings = verdict(file, books.catalog)
    if as_json:
        terminal.emit({"errors": errors, "warnings": warnings})
    else:
        for text in errors:
            click.secho(f"error: {text}", fg="red")
        for text in warnings:
            click.secho(f"warning: {text}", fg="yellow")
        if not errors:
            click.secho(f"{file.name} is good: copy it to {books.store.series}", fg="green")
    if errors:
        raise SystemExit(exits.FAILED)


def verdict(file: Path, catalog: Catalog) -> tuple[list[str], list[str]]:
    """Errors and warnings about a series file."""
    name = file.name.removesuffix(".json")
    errors: list[str] = []
    warnings: list[str] = []
    if not file.name.endswith(".json") or not SERIES.fullmatch(name):
        errors.append("the file's name must be 1 to 64 of a-z, 0-9 and -, then .json")
    text = file.read_bytes()
    try:
        one = Series.parse(name, text)
    except BadSeries as exc:
        return [*errors, str(exc)], warnings
    warnings += [f'"{key}" is not known and is ignored' for key in json.loads(text) if key not in KNOWN]
    for database, filters in one.filters.items():
        every = [",".join(row) for row in catalog.databases[database].rows]
        idle = [wanted for wanted in filters if not any(wanted in row for row in every)]
        left = len(catalog.choose(database, filters))
        if not left:
            errors.append(f"{database}: no row contains {' or '.join(map(repr, filters))}")
        elif idle:
            warnings.append(f"{database}: no row contains {' or '.join(map(repr, idle))}")
        if 0 < left < FEW:
            warnings.append(f"{database}: only {left} {'row is' if left == 1 else 'rows are'} left")
    if one.deleted:
        warnings.append("it is marked as deleted, so it is neither listed nor painted")
    if not one.purpose:
        warnings.append('it has no "purpose": one sentence for the people who choose')
    return errors, warnings


def rows(one: Series, catalog: Catalog) -> dict[str, int]:
    """Database → rows that the series leaves to choose from."""
    return {name: len(catalog.choose(name, one.filters.get(name, ()))) for name in NAMES}


def described(one: Series) -> dict[str, Any]:
    filters = {name: list(wanted) for name, wanted in one.filters.items()}
    return {"name": one.name, "suffix": one.suffix, "purpose": one.purpose, "colorLimit": one.color_limit} | filters
