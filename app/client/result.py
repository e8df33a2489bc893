"""Prints how a run ended, saves its picture and ends the command with the exit code for it."""

import sys
import time
from pathlib import Path

import click

from app.client import exits, terminal
from app.client.client import Client, Fields
from app.client.following import activity
from dalle.atomic import write_atomic
from dalle.key import Key


def finish(client: Client, key: Key, report: Fields, *, out: str | None, as_json: bool) -> None:
    """Ends the command by the report of the key; a finished picture is written to `out`."""
    if out and report and report["done"] and not report["error"]:
        save(client.picture(key), out)
    if as_json:
        terminal.emit(report)
    code, text, color = outcome(key, report)
    if code == exits.DONE:
        text = f"{key}: {out or client.location(key)}"
    if not as_json and (code, out) != (exits.DONE, "-"):
        click.secho(text, fg=color, err=code in (exits.NOT_FOUND, exits.FAILED))
    if code != exits.DONE:
        raise SystemExit(code)


def outcome(key: Key, report: Fields) -> tuple[int, str, str]:
    """Returns exit code, sentence and colour for a report."""
    if not report:
        return exits.NOT_FOUND, f"{key}: no picture and no run found", "yellow"
    if not report["done"]:
        return exits.UNFINISHED, f"{key}: {activity(report)}, {report['percent']:.0f} %", "yellow"
    if report["error"]:
        return exits.FAILED, f"{key}: {report['errorCode']}: {report['error']}{retry(report)}", "red"
    return exits.DONE, "", "green"


def retry(report: Fields) -> str:
    """Returns when a failed key may be tried again, "" when it may be now."""
    left = report["retryAtNs"] / 1e9 - time.time()
    return f" (may be tried again in {terminal.duration(left)})" if left > 0 else ""


def save(picture: bytes, out: str) -> None:
    """Writes the picture to a file (whole or not at all), or into stdout, a pipe or a device, without replacing it."""
    path = Path(out)
    if out == "-":
        sys.stdout.buffer.write(picture)
    elif path.exists() and not path.is_file():
        path.write_bytes(picture)
    else:
        write_atomic(path.resolve(), picture)
