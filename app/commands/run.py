"""`dalleserver run`: the service itself."""

import os
import sys

import click

from app import environment
from app.client import options
from app.server import preflight

FLAGS = {
    "port": "TB_DALLE_PORT",
    "host": "TB_DALLE_HOST",
    "lock_ttl": "TB_DALLE_LOCK_TTL",
    "data_dir": "TB_DALLE_DATA_DIR",
    "workers": "TB_DALLE_WORKERS",
}


@click.command()
@click.option("--port", callback=options.filled, help="TCP port to bind.")
@click.option("--host", callback=options.filled, help="Address to bind.")
@click.option(
    "--lock-ttl", callback=options.filled, help="Longest silence of a run before others take it over, e.g. 5m."
)
@click.option("--data-dir", callback=options.filled, help="Data folder.")
@click.option("--workers", callback=options.filled, help="Worker processes.")
def run(**flags: str | None) -> None:
    """Start the service.

    Every setting has a variable too, and most have only that: README.md and .env.example list them.

    \b
    Example:
      dalleserver run --port 8080 --workers 2

    Exit codes: 0 stopped; 2 it cannot start as it is configured.
    """
    given = {FLAGS[name]: value for name, value in flags.items() if value is not None}
    config = environment.load(given)
    preflight.check_folder(config)
    preflight.check_words(config)
    preflight.check_bind_addresses(config)
    for sentence in environment.unknown_variables():
        click.echo(sentence, err=True)
    os.environ.update(given)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:app.serving"])  # noqa: S606
