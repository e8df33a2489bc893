"""The `dalleserver` command."""

import os

import click

import dalle
from app.client import exits
from app.commands.costs import costs
from app.commands.databases import databases
from app.commands.doctor import doctor
from app.commands.generate import generate, poll
from app.commands.run import run
from app.commands.runs import remove, runs
from app.commands.series import series
from app.commands.show import preview, show
from app.commands.warm import warm


@click.group(
    cls=exits.Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=f"Exit codes: {exits.CODES}"
)
@click.version_option(dalle.__version__, prog_name="dalleserver")
@click.option("-v", "--verbose", is_flag=True, help="Show log lines of the work in this process.")
@click.option(
    "--no-color", is_flag=True, help="No colours, also on a terminal; NO_COLOR in the environment does it too."
)
@click.pass_context
def main(context: click.Context, verbose: bool, no_color: bool) -> None:
    """Turns Ethereum addresses into pictures."""
    if no_color or os.environ.get("NO_COLOR"):  # whatever it says (no-color.org)
        context.color = False


for command in (run, generate, warm, poll, show, preview, series, databases, remove, runs, costs, doctor):
    main.add_command(command)

if __name__ == "__main__":
    main(prog_name="dalleserver")
