"""`dalleserver sign`: signs links that start a run."""

import math
import re
import time
from datetime import UTC, datetime

import click

from app import links
from app.client import exits, terminal
from app.client.target import read_configuration
from app.settings import duration

LONGEST = 3650  # days
TIME = "a duration longer than 0, such as 30m, 1h or 7d"


def lifetime(_context: click.Context, _option: click.Parameter, value: str) -> int:
    """Reads how long a link is good, in seconds: a duration of the settings, which may begin with days."""
    days, rest = re.match(r"(?:([0-9]{1,6})d)?(.*)", value, re.DOTALL).groups("")  # type: ignore[union-attr]
    try:
        seconds = 86_400 * int(days or 0) + (duration(rest) if rest or not days else 0)
    except ValueError:
        seconds = 0
    if not seconds:
        raise click.BadParameter(f"{value}: expected {TIME}")
    if seconds > LONGEST * 86_400:
        raise click.BadParameter(f"{value}: expected at most {LONGEST}d")
    return math.ceil(seconds)


@click.command()
@click.argument("url", required=False)
@click.option(
    "--for",
    "seconds",
    default="1h",
    show_default=True,
    metavar="TIME",
    callback=lifetime,
    help="How long it is good, such as 30m, 1h or 7d.",
)
@click.option("--nginx", is_flag=True, help="Print the line by which nginx knows the secret, instead of a link.")
def sign(url: str | None, seconds: int, nginx: bool) -> None:
    """Sign a link that starts the making of one picture.

    URL is that of the picture, https://host/dalle/<series>/<address>, or its path alone. Where nginx asks for signed
    links (docs/deploy.md), who has this one can start the run and follow it, without a password and until the link
    expires. It cannot be changed to do anything else. The secret is TB_DALLE_LINK_SECRET. No server is asked.

    \b
    Examples:
      dalleserver sign https://pictures.example.org/dalle/simple/0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --for 7d
      dalleserver sign --nginx > link-secret.conf

    Exit codes: 0 printed; 2 wrong arguments, or no secret is set.
    """
    if bool(url) is nginx:
        raise click.UsageError("expected either a URL or --nginx")
    secret = read_configuration(None).link_secret
    if not secret:
        raise exits.Stop("no secret is set: see TB_DALLE_LINK_SECRET", exits.MISUSED)
    if url is None or nginx:
        click.echo(links.nginx(secret))
        return
    expires = math.ceil(time.time()) + seconds
    try:
        link = links.signed(url, secret, expires)
    except ValueError as exc:
        raise click.BadParameter(f"{url}: expected {exc}", param_hint="'URL'") from None
    click.echo(link)
    terminal.remark(f"It is good until {datetime.fromtimestamp(expires, UTC):%Y-%m-%d %H:%M:%S} UTC.")
