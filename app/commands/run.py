"""`dalleserver run`: the service itself."""

import errno
import os
import socket
import sys
from pathlib import Path

import click

from app.config import Config, ConfigError, load

FLAGS = {
    "port": "TB_DALLE_PORT",
    "host": "TB_DALLE_HOST",
    "lock_ttl": "TB_DALLE_LOCK_TTL",
    "data_dir": "TB_DALLE_DATA_DIR",
    "workers": "TB_DALLE_WORKERS",
}


@click.command()
@click.option("--port", help="TCP port to bind.")
@click.option("--host", help="Address to bind.")
@click.option("--lock-ttl", help="Longest silence of a run before others take it over, e.g. 5m.")
@click.option("--data-dir", help="Data folder.")
@click.option("--workers", help="Worker processes.")
def run(**flags: str | None) -> None:
    """Start the service.

    \b
    Example:
      dalleserver run --port 8080 --workers 2

    Exit code: 2 when it cannot start as it is configured.
    """
    given = {FLAGS[name]: value for name, value in flags.items() if value is not None}
    try:
        config = load(given)
    except ConfigError as exc:
        raise stop(str(exc)) from None
    check_folder(config.data_dir)
    check_port(config)
    os.environ.update(given)
    os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "python:app.serving"])  # noqa: S606


def check_folder(folder: Path) -> None:
    """Stop when the data folder cannot be made or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as exc:
        raise stop(
            f"the data folder {folder} is not writable ({exc.strerror}): "
            "choose another with --data-dir or TB_DALLE_DATA_DIR, or change its owner"
        ) from None


def check_port(config: Config) -> None:
    """Stop when somebody else listens already: gunicorn would only repeat itself."""
    if config.bind:
        return
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                raise stop(f"port {config.port} is taken: choose another, e.g. make run PORT=8081") from None
            raise stop(f"cannot bind {config.host}:{config.port}: {exc.strerror}") from None


def stop(message: str) -> SystemExit:
    """Exit code 2: the service cannot start as it is configured."""
    click.echo(message, err=True)
    return SystemExit(2)
