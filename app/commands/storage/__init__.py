"""`dalleserver storage`: prepares, looks at, and fills what several hosts share."""

import click

from app.commands.group import Suggesting
from app.commands.storage.copy import copy
from app.commands.storage.schema import migrate, status


@click.group(cls=Suggesting)
def storage() -> None:
    """Prepare, look at, and fill what several hosts share."""


for command in (migrate, status, copy):
    storage.add_command(command)
