"""Options that several commands take, and what they lead to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from app import logs
from app.commands import library
from app.commands.desk import Desk, LocalDesk
from app.commands.remote import RemoteDesk
from app.config import Config, ConfigError, load
from dalle.errors import DalleError

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

as_json: Decorator = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
data_dir: Decorator = click.option("--data-dir", metavar="FOLDER", help="Data folder; else TB_DALLE_DATA_DIR.")
server: Decorator = click.option("--server", metavar="URL", help="Ask this server instead of working here.")


def series_names(context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """For the shell's completion: the series of the data folder."""
    try:
        names = library.opened(configured(context.params.get("data_dir"))).shelf.names()
    except (ConfigError, DalleError):
        return []
    return [name for name in names if name.startswith(begun)]


series: Decorator = click.argument("series", shell_complete=series_names)
some_series: Decorator = click.argument("series", nargs=-1, shell_complete=series_names)
all_series: Decorator = click.argument("series", nargs=-1, required=True, shell_complete=series_names)


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
