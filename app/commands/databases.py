"""`dalleserver databases`: shows the word databases and checks other ones."""

from pathlib import Path

import click

from app.client import exits, options, terminal
from app.client.words import words_of
from app.commands.group import Suggesting
from dalle.errors import CatalogError
from dalle.words.catalog import NAMES, Catalog


@click.group(cls=Suggesting)
def databases() -> None:
    """Show the word databases, or check other ones."""


@databases.command("list")
@options.data_dir
@options.as_json
def list_(data_dir: str | None, as_json: bool) -> None:
    """List the word databases of the data folder.

    \b
    Example:
      dalleserver databases list

    Exit codes: 0 listed; 5 the databases cannot be read.
    """
    print_catalog(words_of(data_dir).catalog, as_json=as_json)


@databases.command()
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
@click.option("--match", metavar="TEXT", default="", help="Only rows that contain this text, like a series' filter.")
@options.data_dir
@options.as_json
def show(name: str, match: str, data_dir: str | None, as_json: bool) -> None:
    """Show the rows of one database.

    \b
    Example:
      dalleserver databases show colors --match blue

    Exit codes: 0 shown; 2 unknown database; 3 no row matches; 5 the databases cannot be read.
    """
    database = words_of(data_dir).catalog.databases[name]
    rows = [row for row in database.rows if match in ",".join(row)]
    if as_json:
        terminal.emit([dict(zip(database.columns, row, strict=True)) for row in rows])
    elif rows:
        terminal.table(rows, database.columns)
    if not rows:
        raise exits.Stop(f"{name}: no row contains '{match}'", exits.NOT_FOUND)


@databases.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.as_json
def check(folder: Path, as_json: bool) -> None:
    """Check a folder of databases before TB_DALLE_DATABASES_DIR names it.

    \b
    Example:
      dalleserver databases check my-databases

    Exit codes: 0 it can be used; 1 it cannot be used; 2 wrong arguments.
    """
    try:
        catalog = Catalog.load(folder)
    except CatalogError as exc:
        if as_json:
            terminal.emit({"error": exc.details})
        raise exits.Stop(exc.details, exits.FAILED) from None
    print_catalog(catalog, as_json=as_json)


def print_catalog(catalog: Catalog, *, as_json: bool) -> None:
    databases = catalog.databases.items()
    if as_json:
        described = {name: {"rows": len(each.rows), "columns": list(each.columns)} for name, each in databases}
        terminal.emit({"version": catalog.version, "sha256": catalog.sha256, "databases": described})
        return
    rows = [(name, len(each.rows), ", ".join(each.columns)) for name, each in databases]
    terminal.table(rows, ("database", "rows", "columns"), numbers=[1])
    click.echo(f"\nversion {catalog.version}, sha256 {catalog.sha256}")
