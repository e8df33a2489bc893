"""`dalleserver settings`: prints every setting."""

import click

from app.client import options, terminal
from app.example import every_setting, example


@click.command()
@options.as_json
def settings(as_json: bool) -> None:
    """Print every setting with its default, as an example file.

    Each is a variable of the environment, or a line of the file .env in the folder where the service starts.

    \b
    Example:
      dalleserver settings > .env

    Exit code: 0 printed.
    """
    if as_json:
        rows = every_setting()
        terminal.emit([{"name": row.name, "default": row.default, "meaning": row.sentence} for row in rows])
    else:
        click.echo(example(), nl=False)
