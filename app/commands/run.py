"""`dalleserver run`: starts the service."""

import os
import sys

import click

from app import environment, privileges
from app.client import options
from app.client.target import act_as_owner
from app.server import preflight

VARIABLES = {
    "port": "TB_DALLE_PORT",
    "host": "TB_DALLE_HOST",
    "lock_ttl": "TB_DALLE_LOCK_TTL",
    "data_dir": "TB_DALLE_DATA_DIR",
    "workers": "TB_DALLE_WORKERS",
}


@click.command()
@click.option("--port", metavar="PORT", callback=options.not_empty, help="TCP port to bind.")
@click.option("--host", metavar="HOST", callback=options.not_empty, help="Address to bind, e.g. 0.0.0.0 or ::1.")
@click.option(
    "--lock-ttl",
    metavar="TIME",
    callback=options.not_empty,
    help="Longest silence of a run before another worker takes it over, e.g. 5m.",
)
@options.data_dir
@click.option("--workers", metavar="NUMBER", callback=options.not_empty, help="Worker processes.")
def run(**flags: str | None) -> None:
    """Start the service.

    The options override environment variables; `dalleserver settings` lists those. Started by root, the service works
    as the owner of the data folder.

    \b
    Example:
      dalleserver run --port 8080 --workers 2

    Exit codes: 0 stopped; 2 wrong arguments or configuration.
    """
    settings = {VARIABLES[name]: value for name, value in flags.items() if value is not None}
    config = environment.load(settings)
    if act_as_owner(config):
        settings["TB_DALLE_DATA_DIR"] = str(config.data_dir)  # the default one depends on the user
        privileges.require_same(config, settings)
    preflight.check_storage(config)
    preflight.check_words(config)
    preflight.check_bind_addresses(config)
    for warning in environment.unknown_variables():
        click.echo(warning, err=True)
    os.environ.update(settings)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:app.serving"])  # noqa: S606
