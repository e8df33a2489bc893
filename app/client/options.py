"""Options that several commands take, and what they lead to."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from app import logs
from app.client import words as library
from app.client.local import Desk, LocalDesk
from app.client.remote import RemoteDesk
from app.config import Config, ConfigError
from app.environment import load
from app.settings import duration
from dalle.errors import DalleError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def together(*options: Decorator) -> Decorator:
    """Several options as one, in this order."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


def filled(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse an empty text: it comes from a variable that is not set, and leads elsewhere than was meant."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty")
    return value


def seconds(_context: click.Context, _option: click.Parameter, value: str) -> float:
    """A duration as the configuration reads it."""
    try:
        return duration(value)
    except ValueError as exc:
        raise click.BadParameter(f"{value}: expected {exc}") from None


def destination(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """Refuse a file that could not be written, before anything is begun."""
    if value and value != "-":
        path = Path(value)
        place = path if path.exists() else path.parent
        if path.is_dir():
            raise click.BadParameter(f"{value} is a folder: expected a file, or - for stdout")
        if not os.access(place, os.W_OK) or not path.parent.is_dir():
            raise click.BadParameter(f"{value}: {path.parent} is no folder that can be written to")
    return filled(_context, _option, value)


def series_names(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """For the shell's completion: the series of the data folder."""
    try:
        names = library.opened(configured(context.params.get("data_dir"))).shelf.names()
    except (ConfigError, DalleError):
        return []
    return [name for name in names if name.startswith(begun)]


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
data_dir = click.option("--data-dir", metavar="FOLDER", callback=filled, help="Data folder; else TB_DALLE_DATA_DIR.")
server = click.option("--server", metavar="URL", callback=filled, help="Ask this server instead of working here.")
where = together(server, data_dir)
series = click.argument("series", shell_complete=series_names)
some_series = click.argument("series", nargs=-1, shell_complete=series_names)
all_series = click.argument("series", nargs=-1, required=True, shell_complete=series_names)
key = together(series, click.argument("address"))
out = click.option("--out", metavar="FILE", callback=destination, help="Write the picture here; - is stdout.")


def timeout(sentence: str) -> Decorator:
    """How long to wait, in seconds; 0: without a limit."""
    return click.option("--timeout", default="0", metavar="TIME", callback=seconds, help=sentence)


def configured(data_dir: str | None) -> Config:
    """The configuration, for a command that works here; its log lines do not disturb what it prints."""
    config = load({"TB_DALLE_DATA_DIR": str(Path(data_dir).expanduser().absolute())} if data_dir else {})
    context = click.get_current_context(silent=True)
    verbose = bool(context and context.find_root().params.get("verbose"))
    logs.configure(level="info" if verbose else "error", form="text", secrets=[config.api_key])
    return config


def desk(server: str | None, data_dir: str | None, *, jobs: int | None = None) -> Desk:
    """Where to ask: the server, or this process with `jobs` runs at once (None: as configured; 0: none)."""
    if server:
        if data_dir:
            raise click.UsageError("--data-dir is for work in this process: leave it out beside --server")
        return RemoteDesk(server)
    return LocalDesk(configured(data_dir), jobs)
