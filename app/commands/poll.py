"""`dalleserver poll`: follows the run of one picture."""

from contextlib import closing

import click

from app.client import exits, options
from app.client.following import follow
from app.client.result import finish
from app.client.target import Target


@click.command()
@options.key
@options.target
@options.out
@click.option("--once", is_flag=True, help="Print the present state and do not wait.")
@options.timeout("Longest time to wait, e.g. 5m; 0: no limit.")
@options.as_json
def poll(series: str, address: str, target: Target, out: str | None, once: bool, timeout: float, as_json: bool) -> None:
    """Follow a run to its end; start nothing.

    \b
    Examples:
      dalleserver poll simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --once
      dalleserver poll simple 0xd8da6bf26964af9d7eed9e03e53415d37aa96045 --server http://localhost:8080 --out it.png

    Exit codes: 0 the picture is finished; 1 the run failed; 2 wrong arguments; 3 no picture and no run found;
    4 not finished yet; 5 the server or the data folder cannot be used; 130 interrupted.
    """
    if as_json and out == "-":
        raise click.UsageError("--json and --out - cannot both write to stdout")
    with closing(target.open(jobs=0, existing=True)) as client:
        options.check_out(out)  # again: root has become the owner of the data folder
        key = client.key(series, address)
        try:
            report = client.report(key)
            if not once:
                report = follow(client, key, report, timeout=timeout)
        except KeyboardInterrupt:
            raise SystemExit(exits.INTERRUPTED) from None
        finish(client, key, report, out=out, as_json=as_json)
