"""`dalleserver databases`: look at the word databases and check another set."""

from pathlib import Path

import click

from app.client import exits, options, terminal
from app.client import words as library
from dalle.errors import CatalogError
from dalle.words.catalog import NAMES, Catalog


@click.group(short_help="Look at the word databases, or check others.")
def databases() -> None:
    """Look at the word databases, and check another set before it is used."""


@databases.command("list")
@options.data_dir
@options.as_json
def list_(data_dir: str | None, as_json: bool) -> None:
    """List the databases of this data folder's catalogue.

    \b
    Example:
      dalleserver databases list

    Exit codes: 0 listed; 5 the databases cannot be read.
    """
    tell(library.opened(options.configured(data_dir)).catalog, as_json=as_json)


@databases.command()
@click.argument("name", type=click.Choice(NAMES), metavar="NAME")
@click.option("--match", metavar="TEXT", default="", help="Only rows that contain this, as a series' filter would.")
@options.data_dir
@options.as_json
def show(name: str, match: str, data_dir: str | None, as_json: bool) -> None:
    """Show the rows of one database.

    \b
    Example:
      dalleserver databases show colors --match blue

    Exit codes: 0 shown; 2 there is no such database; 3 no row matches; 5 the databases cannot be read.
    """
    database = library.opened(options.configured(data_dir)).catalog.databases[name]
    found = [row for row in database.rows if match in ",".join(row)]
    if as_json:
        terminal.emit([dict(zip(database.columns, row, strict=True)) for row in found])
    elif found:
        terminal.table(found, database.columns)
    if not found:
        raise exits.Stop(f"{name}: no row contains '{match}'", exits.NOTHING)


@databases.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@options.as_json
def check(folder: Path, as_json: bool) -> None:
    """Check a folder of databases as TB_DALLE_DATABASES_DIR would read it.

    \b
    Example:
      dalleserver databases check my-databases

    Exit codes: 0 good; 1 it cannot be used; 2 wrong arguments.
    """
    try:
        catalog = Catalog.load(folder)
    except CatalogError as exc:
        if as_json:
            terminal.emit({"error": exc.details})
        raise exits.Stop(exc.details, exits.FAILED) from None
    tell(catalog, as_json=as_json)


def tell(catalog: Catalog, *, as_json: bool) -> None:
    if as_json:
        told = {name: {"rows": len(one.rows), "columns": list(one.columns)} for name, one in catalog.databases.items()}
        terminal.emit({"version": catalog.version, "sha256": catalog.sha256, "databases": told})
        return
    rows = [(name, len(one.rows), ", ".join(one.columns)) for name, one in catalog.databases.items()]
    terminal.table(rows, ("database", "rows", "columns"), numbers=[1])
    click.echo(f"\nversion {catalog.version}, sha256 {catalog.sha256}")
