"""`dalleserver generate` and `dalleserver poll`: one key."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from app.client import exits, options, terminal
from app.client import signals as stops
from app.client.following import follow
from app.client.local import Desk
from dalle.key import Key
from dalle.storage.folder.atomic import write_atomic


@click.command()
@options.key
@options.where
@options.out
@click.option("--wait/--no-wait", default=True, help="Wait for the end of the run, or only start it.")
@options.timeout("Longest wait for a server, e.g. 5m; 0: no limit.")
@options.as_json
def generate(
    series: str,
    address: str,
    server: str | None,
    data_dir: str | None,
    out: str | None,
    wait: bool,
    timeout: float,
    as_json: bool,
) -> None:
    """Make one picture, unless it is there already.

    Without --server this process does the work; servers on the same data folder see it. With --no-wait and without
    --server the run is queued for a server on the same data folder.

    \b
    Examples:
      dalleserver generate simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --out vitalik.png
      dalleserver generate simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --server http://localhost:8080

    Exit codes: 0 the picture is there, or with --no-wait the run is accepted; 1 the run failed; 2 wrong arguments;
    3 somebody removed the picture at once; 4 not finished within --timeout; 5 the server or the data folder cannot be
    used; 130 interrupted.
    """
    if as_json and out == "-":
        raise click.UsageError("--json and --out - both want stdout")
    if timeout and not server:
        raise click.UsageError("--timeout is for --server: a run of this process cannot be left behind")
    desk = options.desk(server, data_dir, jobs=1 if wait else 0)
    key = desk.key(series, address)
    with stops.heard(stops.interrupt):
        try:
            report = desk.request(key)
            if wait:
                report = follow(desk, key, report, timeout=timeout)
            desk.close()
        except KeyboardInterrupt:
            leave(desk, f"The run goes on at the server. Come back with: {come_back(key, server, data_dir)}")
    if not wait and not report["done"]:
        if as_json:
            terminal.emit(report)
        else:
            click.echo(f"{key}: accepted. Come back with: {come_back(key, server, data_dir)}")
        return
    finish(desk, key, report, out=out, as_json=as_json)


@click.command()
@options.key
@options.where
@options.out
@click.option("--once", is_flag=True, help="Tell how it stands and do not wait.")
@options.timeout("Wait no longer than this, e.g. 5m; 0: no limit.")
@options.as_json
def poll(
    series: str,
    address: str,
    server: str | None,
    data_dir: str | None,
    out: str | None,
    once: bool,
    timeout: float,
    as_json: bool,
) -> None:
    """Follow a run to its end, starting nothing.

    \b
    Examples:
      dalleserver poll simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --once
      dalleserver poll simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --server http://localhost:8080 --out it.png

    Exit codes: 0 the picture is there; 1 the run failed; 2 wrong arguments; 3 there is neither picture nor run;
    4 still at work; 5 the server or the data folder cannot be used; 130 interrupted.
    """
    if as_json and out == "-":
        raise click.UsageError("--json and --out - both want stdout")
    desk = options.desk(server, data_dir, jobs=0)
    key = desk.key(series, address)
    try:
        report = desk.look(key)
        if not once:
            report = follow(desk, key, report, timeout=timeout)
    except KeyboardInterrupt:
        raise SystemExit(exits.INTERRUPTED) from None
    finish(desk, key, report, out=out, as_json=as_json)


def come_back(key: Key, server: str | None, data_dir: str | None) -> str:
    """The command that follows the run."""
    where = f" --server {server}" if server else f" --data-dir {data_dir}" if data_dir else ""
    return f"dalleserver poll {key.series} {key.address}{where}"


def leave(desk: Desk, remark: str) -> None:
    """Ctrl-C or SIGTERM: a server's run goes on by itself, one of this process to its end; a second leaves at once."""
    if not desk.remote:
        remark = "The run is finished first: its picture may be paid for already. Press Ctrl-C again to leave at once."
    click.echo(f"\n{remark}", err=True)
    desk.close()
    raise SystemExit(exits.INTERRUPTED)


def finish(desk: Desk, key: Key, report: dict[str, Any], *, out: str | None, as_json: bool) -> None:
    """Tell how a run stands, save the picture, and exit by it."""
    picture = desk.picture(key) if out and report and report["done"] and not report["error"] else None
    if picture is not None and out:
        save(picture, out)
    if as_json:
        terminal.emit(report)
    if not report:
        tell(f"{key}: there is neither a picture nor a run", as_json, "yellow", err=True)
        raise SystemExit(exits.NOTHING)
    if not report["done"]:
        tell(f"{key}: {report['currentPhase']}, {report['percent']:.0f} %", as_json, "yellow", err=False)
        raise SystemExit(exits.UNFINISHED)
    if report["error"]:
        tell(f"{key}: {report['errorCode']}: {report['error']}{rest(report)}", as_json, "red", err=True)
        raise SystemExit(exits.FAILED)
    if out != "-":
        tell(f"{key}: {out or desk.place(key)}", as_json, "green", err=False)


def save(picture: bytes, out: str) -> None:
    """Write the picture to its destination: whole or not at all, but into a pipe or a device, not in its place."""
    path = Path(out)
    if out == "-":
        sys.stdout.buffer.write(picture)
    elif path.exists() and not path.is_file():
        path.write_bytes(picture)
    else:
        write_atomic(path.resolve(), picture)


def tell(text: str, as_json: bool, color: str, *, err: bool) -> None:
    if not as_json:
        click.secho(text, fg=color, err=err)


def rest(report: dict[str, Any]) -> str:
    """When a failed key may be tried again."""
    left = report["retryAtNs"] / 1e9 - time.time()
    return f" (may be tried again in {terminal.time_left(left)})" if left > 0 else ""
