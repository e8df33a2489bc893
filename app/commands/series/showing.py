"""Shows series and checks new ones."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.client import exits, options, terminal
from app.client.target import Target
from app.client.words import words_of
from app.commands.series import remarks
from dalle.key import SERIES
from dalle.storage.open_file import read_bounded
from dalle.words.catalog import Catalog
from dalle.words.draft import Choice, Draft, Remark, choices, examine
from dalle.words.series import MOST_BYTES, Series, name_of


@click.command("list")
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
        every_one = [fields(each) for each in every]
        terminal.emit({"series": every_one, "hidden": words.shelf.hidden(), "problems": problems})
        return
    terminal.table([(each.name, each.purpose) for each in every], ("series", "purpose"), wrapped=True)
    if hidden := words.shelf.hidden():
        click.echo(f"hidden: {', '.join(hidden)}", err=True)
    for name, problem in problems.items():
        click.secho(f"{name}.json: {problem}", fg="yellow", err=True)


@click.command()
@click.argument("name", shell_complete=options.series_names)
@options.data_dir
@options.as_json
def show(name: str, data_dir: str | None, as_json: bool) -> None:
    """Show one series, and how many rows each of its filters matches.

    \b
    Example:
      dalleserver series show simple

    Exit codes: 0 shown; 2 unknown series; 5 the data folder cannot be read.
    """
    words = words_of(data_dir)
    shown = words.series(name_of(name))
    counted = choices(shown, words.catalog)
    if as_json:
        hits = {each.database: {hit.filter: hit.rows for hit in each.hits} for each in counted if each.hits}
        examples = {each.database: list(each.examples) for each in counted}
        rows = {each.database: each.rows for each in counted}
        terminal.emit(fields(shown) | {"rows": rows, "hits": hits, "examples": examples})
        return
    click.secho(shown.name, bold=True)
    if shown.purpose:
        click.echo(terminal.flowing(shown.purpose))
    limit = f"{shown.color_limit} of 3" if shown.color_limit else "all"
    click.echo(f"\nsuffix {shown.suffix}, colours in the texts: {limit}\n")
    lines = [(each.database, each.rows, each.of, filters_with_hits(each)) for each in counted]
    terminal.table(lines, ("database", "rows", "of", "filters, and the rows of each"), numbers=[1, 2])


def filters_with_hits(choice: Choice) -> str:
    """owl 12 | night 3"""
    shown = [f"{hit.filter} {'–' if hit.rows is None else hit.rows}" for hit in choice.hits]
    return " | ".join(shown) or "–"


@click.command()
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
    draft = examine_file(file, words.catalog)
    if as_json:
        terminal.emit({"errors": list(map(str, draft.errors)), "warnings": remarks.warnings(draft)})
    else:
        remarks.show(draft)
        if not draft.errors:
            name = name_of(draft.name)
            click.secho(
                f"{file.name} can be used: copy it to {words.storage.series.place}, "
                f"or use dalleserver series edit {name} --file {file}",
                fg="green",
            )
    if draft.errors:
        raise SystemExit(exits.FAILED)


def examine_file(file: Path, catalog: Catalog) -> Draft:
    """Returns a series file as it was examined, whatever its name."""
    name = file.name.removesuffix(".json")
    text = read_bounded(file, MOST_BYTES)
    if text is None:
        draft = Draft(name, b"", None, (Remark("", "it is not a file, but a pipe, a device or the like"),))
    else:
        draft = examine(name, text, catalog)
    if file.name.endswith(".json") and SERIES.fullmatch(name_of(name)):
        return draft
    misnamed = Remark("", "the file name must be 1 to 64 of a-z, 0-9 and -, then .json")
    return replace(draft, errors=(misnamed, *draft.errors))


def fields(series: Series) -> dict[str, Any]:
    """Returns the series as JSON."""
    filters = {name: list(texts) for name, texts in series.filters.items()}
    head = {"name": series.name, "suffix": series.suffix, "purpose": series.purpose, "colorLimit": series.color_limit}
    return head | filters
