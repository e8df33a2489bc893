"""The data folder of a command that only looks: it has to be there, and is not made."""

import click

from app.client.exits import Stop
from app.config import Config
from app.wiring import studio_settings
from dalle.engines import open_storage

REMEDY = "choose another with --data-dir or TB_DALLE_DATA_DIR"


def check_folder(config: Config, *, absent: str = "") -> None:
    """Checks that the data folder can be read. Raises Stop.

    With `absent` a folder that does not exist is a warning that ends in this text: what the command goes by then.
    """
    try:
        open_storage(studio_settings(config)).check(write=False)
    except FileNotFoundError:
        if not absent:
            raise Stop(f"the data folder {config.data_dir} does not exist: {REMEDY}") from None
        click.secho(f"The data folder {config.data_dir} does not exist: {absent}.", fg="yellow", err=True)
    except OSError as exc:
        raise Stop(f"the data folder {config.data_dir} cannot be read ({exc.strerror or exc}): {REMEDY}") from None
