"""The storage of a command that only looks: it has to be there, and is not made."""

import click

from app.client.exits import Stop
from app.config import Config
from app.wiring import SHARED_CURE, studio_settings
from dalle.engines import open_storage

REMEDY = "choose another with --data-dir or TB_DALLE_DATA_DIR"


def check_folder(config: Config, *, absent: str = "") -> None:
    """Checks that the data folder, or what several hosts share, can be read. Raises Stop.

    With `absent` a folder that does not exist is a warning that ends in this text: what the command goes by then.
    """
    settings = studio_settings(config)
    try:
        open_storage(settings).check(write=False)
    except OSError as exc:
        if settings.shared:
            raise Stop(f"database or bucket cannot be used ({exc.strerror or exc}): {SHARED_CURE}") from None
        if not isinstance(exc, FileNotFoundError):
            raise Stop(f"the data folder {config.data_dir} cannot be read ({exc.strerror or exc}): {REMEDY}") from None
        if not absent:
            raise Stop(f"the data folder {config.data_dir} does not exist: {REMEDY}") from None
        click.secho(f"The data folder {config.data_dir} does not exist: {absent}.", fg="yellow", err=True)
