"""The `dalleserver` command."""

import os

import click

import dalle
from app.client import exits
from app.commands.group import Group

COMMANDS = {
    "archives": ("app.commands.kept.archives", "List and restore pictures that the older server has archived."),
    "cancel": ("app.commands.cancel", "Cancel an open run."),
    "costs": ("app.commands.costs", "Sum up what calls to the provider cost."),
    "databases": ("app.commands.databases", "Show the word databases, or check other ones."),
    "doctor": ("app.commands.doctor", "Check whether pictures can be made here."),
    "export": ("app.commands.kept.export", "Take the pictures of a series, or of some of its addresses, along."),
    "generate": ("app.commands.generate", "Make one picture, unless it exists."),
    "poll": ("app.commands.poll", "Follow a run to its end; start nothing."),
    "preview": ("app.commands.preview", "Show the texts for an address."),
    "remove": ("app.commands.remove", "Delete a finished picture."),
    "run": ("app.commands.run", "Start the service."),
    "runs": ("app.commands.runs", "List open and failed runs."),
    "series": ("app.commands.series", "Show, check and change series."),
    "settings": ("app.commands.settings", "Print every setting with its default, as an example file."),
    "show": ("app.commands.show", "Show attributes, texts and state of one picture."),
    "sign": ("app.commands.sign", "Sign a link that starts the making of one picture."),
    "storage": ("app.commands.storage", "Prepare, look at, and fill what several hosts share."),
    "verify": (
        "app.commands.kept.verify",
        "Read all that is kept, and hold it against each other.",
    ),
    "warm": ("app.commands.warm", "Make the pictures of many addresses."),
    "webhooks": ("app.commands.webhooks", "List, repeat and try what is sent to a receiver."),
}


@click.group(
    cls=Group,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Exit codes: {exits.CODES}",
)
@click.version_option(dalle.__version__, prog_name="dalleserver")
@click.option("-v", "--verbose", is_flag=True, help="Show log lines of this process.")
@click.option("--no-color", is_flag=True, help="Print no colours; NO_COLOR in the environment does the same.")
@click.pass_context
def main(context: click.Context, verbose: bool, no_color: bool) -> None:
    """Turns Ethereum addresses into pictures."""
    if no_color or os.environ.get("NO_COLOR"):  # any value counts (no-color.org)
        context.color = False


if __name__ == "__main__":
    main(prog_name="dalleserver")
