"""Where a command works: in this process, on a data folder, or through a server."""

import os
import shlex
import sys
from dataclasses import dataclass

import click

from app import logs, privileges
from app.client.client import Client
from app.client.data_folder import check_folder
from app.config import Config
from app.environment import load
from dalle.host.owner import ROOT, own_name


@dataclass(frozen=True, slots=True)
class Target:
    """The values of --server and --data-dir, None without the option."""

    server: str | None
    data_dir: str | None

    def open(self, *, jobs: int | None = None, existing: bool = False) -> Client:
        """Returns a client; `jobs` runs at once in this process (None: as configured; 0: none).

        `existing`: the data folder has to be there already. Raises UsageError, and Stop for a folder that is not.
        """
        # Flask, Pillow and the painters cost 300 ms, which no command needs that asks a server.
        if self.server:
            from app.client.remote import RemoteClient  # noqa: PLC0415

            if self.data_dir:
                raise click.UsageError("--data-dir is for work in this process: leave it out with --server")
            return RemoteClient(self.server)
        from app import wiring  # noqa: PLC0415
        from app.client.local import LocalClient  # noqa: PLC0415

        config = configuration(self.data_dir)
        if existing:
            check_folder(config)
        return LocalClient(wiring.studio(config, jobs=jobs), config)

    @property
    def options(self) -> str:
        """The options as they were typed, with a space before them."""
        return f" --server {self.server}" if self.server else f" --data-dir {self.data_dir}" if self.data_dir else ""


def configuration(data_dir: str | None) -> Config:
    """`read_configuration`; from then on root works as the owner of the data folder. Raises ConfigError."""
    config = read_configuration(data_dir)
    act_as_owner(config)
    return config


def read_configuration(data_dir: str | None) -> Config:
    """Returns the configuration of this process, and sets up its logging: errors only, unless --verbose was given."""
    config = load({"TB_DALLE_DATA_DIR": data_dir} if data_dir else {})
    context = click.get_current_context(silent=True)
    verbose = bool(context and context.find_root().params.get("verbose"))
    logs.configure(level="info" if verbose else "error", form="text", secrets=config.secrets)
    return config


def act_as_owner(config: Config) -> bool:
    """Makes a command of root one of the owner of the data folder, and says so; returns whether it did.

    Raises ConfigError.
    """
    if os.geteuid() != ROOT:
        return False
    from app.wiring import studio_settings  # noqa: PLC0415 — as above
    from dalle.engines import open_storage  # noqa: PLC0415

    owner = open_storage(studio_settings(config)).owner
    if not privileges.give_up(owner, shlex.join(["dalleserver", *sys.argv[1:]])):
        return False
    click.echo(f"Working as {own_name()}, the owner of {config.data_dir}, and not as root.", err=True)
    return True
