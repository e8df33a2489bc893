"""The tables of the database: what is applied, and what is not yet."""

from typing import TYPE_CHECKING

import click

from app.client import exits, options, terminal
from app.client.target import configuration
from app.config import ConfigError
from app.wiring import studio_settings
from dalle.engines import open_cluster

if TYPE_CHECKING:
    from dalle.storage.cluster.schema import Schema


@click.command()
def migrate() -> None:
    """Apply what the tables of the database lack.

    Hosts do that when they start, one after the other. A role that may not make tables can be used by the hosts when
    this command was run before, by another role.

    \b
    Example:
      dalleserver storage migrate

    Exit codes: 0 everything is applied; 2 TB_DALLE_DATABASE_URL is not set; 5 the database cannot be used.
    """
    steps = schema().migrate()
    for step in steps:
        click.echo(step.name)
    if not steps:
        terminal.remark("Nothing was lacking.")


@click.command()
@options.as_json
def status(as_json: bool) -> None:
    """List the steps of the database's tables, applied or not.

    \b
    Examples:
      dalleserver storage status
      dalleserver storage status --json

    Exit codes: 0 everything is applied; 1 something is not; 2 TB_DALLE_DATABASE_URL is not set; 5 the database cannot
    be used.
    """
    rows = schema().status()
    if as_json:
        terminal.emit([{"step": name, "applied": applied} for name, applied in rows])
    else:
        terminal.table([(name, "applied" if applied else "lacking") for name, applied in rows], ("step", "state"))
    raise SystemExit(exits.DONE if all(applied for _, applied in rows) else exits.FAILED)


def schema() -> "Schema":
    """Returns the schema of the configured database. Raises ConfigError."""
    settings = studio_settings(configuration(None))
    if settings.shared is None:
        raise ConfigError("expected TB_DALLE_DATABASE_URL and TB_DALLE_BUCKET_URL: a data folder has no tables")
    return open_cluster(settings).schema
