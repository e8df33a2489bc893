"""`dalleserver series`: shows series, checks new ones, and changes them."""

import click

from app.commands.group import Suggesting
from app.commands.series.changing import delete, hide, restore, versions
from app.commands.series.editing import edit, new
from app.commands.series.showing import check, list_, show


@click.group(cls=Suggesting)
def series() -> None:
    """Show, check and change series."""


for command in (check, delete, edit, hide, list_, new, restore, show, versions):
    series.add_command(command)
