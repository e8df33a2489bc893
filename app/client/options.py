"""Options and arguments that several commands have."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from app.client.target import Target, read_configuration
from app.client.words import open_words
from app.config import ConfigError
from app.settings import duration
from dalle.errors import DalleError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def not_empty(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuses an empty text: it comes from a variable that is not set, and means something else than no option."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty")
    return value


def seconds(_context: click.Context, _option: click.Parameter, value: str) -> float:
    """Reads a duration as the configuration does."""
    try:
        return duration(value)
    except ValueError as exc:
        raise click.BadParameter(f"{value}: expected {exc}") from None


def writable(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuses a file that could not be written, before a run is started."""
    check_out(value)
    return not_empty(_context, _option, value)


def check_out(value: str | None) -> None:
    """Raises BadParameter unless the file of --out can be written by the present user."""
    if value and value != "-":
        path = Path(value)
        if path.is_dir():
            raise click.BadParameter(f"{value} is a folder: expected a file, or - for stdout", param_hint="'--out'")
        if not path.parent.is_dir() or not os.access(path if path.exists() else path.parent, os.W_OK):
            raise click.BadParameter(f"{value}: {path.parent} is not a writable folder", param_hint="'--out'")


def series_names(context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    """Completes names of series in the data folder."""
    try:
        names = open_words(read_configuration(context.params.get("data_dir"))).shelf.names()
    except (ConfigError, DalleError):
        return []
    return [name for name in names if name.startswith(incomplete)]


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
data_dir = click.option("--data-dir", metavar="FOLDER", callback=not_empty, help="Data folder; else TB_DALLE_DATA_DIR.")
server = click.option("--server", metavar="URL", callback=not_empty, help="Use this server instead of this process.")
series = click.argument("series", shell_complete=series_names)
some_series = click.argument("series", nargs=-1, shell_complete=series_names)
all_series = click.argument("series", nargs=-1, required=True, shell_complete=series_names)
out = click.option("--out", metavar="FILE", callback=writable, help="Write the picture here; - is stdout.")


def key(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the arguments series and address."""
    return series(click.argument("address")(command))


def target(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds --server and --data-dir, which the command receives together as `target`."""

    @wraps(command)
    def call(*args: Any, server: str | None, data_dir: str | None, **values: Any) -> Any:
        return command(*args, target=Target(server, data_dir), **values)

    return server(data_dir(call))


def timeout(sentence: str) -> Decorator:
    """Adds --timeout, in seconds; 0: no limit."""
    return click.option("--timeout", default="0", metavar="TIME", callback=seconds, help=sentence)
