"""Services that pay a stub with short pauses, and three rounds with one of its answers."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from tests.kit.stub import Stub
from tests.service.answers.row import ATTEMPTS, BLOCKED, CONFIGURATION, ROUNDS, TRANSIENT, UNKNOWN, Row
from tests.service.paying import Paying

OPENED = 'dalleserver_circuit_breaker_transitions_total{state="OPEN"}'
CLOSED = 'dalleserver_circuit_breaker_state{state="CLOSED"}'
PAUSES = {
    f"PAUSE_{name}": f"{seconds * 1000:.0f}ms"
    for name, seconds in [
        ("TRANSIENT", TRANSIENT),
        ("UNKNOWN", UNKNOWN),
        ("BLOCKED", BLOCKED),
        ("CONFIGURATION", CONFIGURATION),
    ]
}
SETTINGS: dict[str, Any] = {
    **PAUSES,
    "WORKERS": 2,
    "IMAGE_SIZE": "256x256",
    "IMAGE_ATTEMPTS": ATTEMPTS,
    "IMAGE_TIMEOUT": "3s",
    "DOWNLOAD_TIMEOUT": "6s",
    "RUN_TIMEOUT": "12s",
    "BREAKER_FAILURES": 1,
    "BREAKER_PAUSE": "10ms",
}
LONGEST_PAUSE = 1.0  # seconds; after a longer one another round would only see the same failure


@contextmanager
def served(folder: Path, *, trusted: bool = True, **settings: object) -> Iterator[Paying]:
    """A service whose breaker opens at the first failure that counts. `trusted`: whether it knows the stub's host."""
    with Stub() as stub:
        stub.variables["TB_DALLE_PROVIDER_HOSTS"] = f"127.0.0.1:{stub.port}" if trusted else ""
        with Paying(folder, stub, **(SETTINGS | settings)) as service:
            yield service


@dataclass(frozen=True)
class Played:
    """What was seen of a row. `report` is the last one; `paid` and `asked` are the calls and the GETs."""

    path: str
    report: Any
    paid: list[dict[str, Any]]
    asked: list[dict[str, Any]]
    opened: int


def play(service: Paying, row: Row, *, rest: float = 0.02) -> Played:
    """Three rounds of `generate=1` with a new key, each to its end; the next one `rest` seconds after the pause."""
    series = service.data / "series"
    series.mkdir(exist_ok=True)
    (series / f"{row.name}.json").write_text(json.dumps({"purpose": "An answer of the provider."}))
    close_breaker(service)
    service.script({"rules": [row.rule]})
    before = service.metric(OPENED)
    path = f"/dalle/{row.name}/0x{token_hex(20)}"
    for _ in range(ROUNDS):
        answer = service.ask(f"{path}?generate=1")
        assert answer.status == 200, answer.text
        report = service.end(path)
        if report["errorCode"]:
            time.sleep(min(max(report["retryAtNs"] / 1e9 - time.time(), 0), LONGEST_PAUSE) + rest)
    calls = service.stub.client.ask("/calls?rows=1").json["rows"]
    paid = [call for call in calls if call["path"] == "images"]
    asked = [call for call in calls if call["path"] not in ("images", "models")]
    return Played(path, report, paid, asked, int(service.metric(OPENED) - before))


def close_breaker(service: Paying) -> None:
    """Good pictures until what a row before did is forgotten."""
    service.script({})
    for _ in range(5):
        if service.metric(CLOSED):
            return
        service.run()
    raise AssertionError("the breaker does not close")


def check(service: Paying, row: Row, seen: Played) -> None:
    """Raises AssertionError unless the row ended as it says."""
    end, report = row.end, seen.report
    attempts = service.journal(seen.path)["attempts"]
    found = (report["errorCode"], len(seen.paid), bool(seen.opened))
    assert found == (end.code, end.posts, end.trips), f"code, calls, breaker: {found}; {report.get('error')}"
    row.gets.check(seen.asked)
    assert [attempt["outcome"] or "accepted" for attempt in attempts] == [end.outcome] * end.posts
    picture = service.ask(seen.path)
    assert (picture.headers["content-type"] == "image/png") == (end.code == "")
    if end.pause:
        assert report["retryAfterSeconds"] == end.pause, report["error"]
    if row.original:
        (kept,) = (service.data / "output" / row.name / "generated").iterdir()
        assert sha256(kept.read_bytes()).hexdigest() == seen.paid[0]["sha256"], "not as it came"
    text = service.ask(f"{seen.path}?generate=1").text if end.code == "" else report["error"]
    assert row.says in text, text


def costs(service: Paying) -> dict[str, Any]:
    """What `dalleserver costs` says, by series."""
    command = [sys.executable, "-m", "app.cli", "costs", "--by", "series", "--json"]
    done = subprocess.run(
        [*command, "--data-dir", str(service.data)], env=service.environ, check=True, capture_output=True, timeout=60
    )
    return {line["series"]: line for line in json.loads(done.stdout)}


def check_costs(service: Paying, rows: list[Row]) -> None:
    """Raises AssertionError unless each of these rows is charged, or is not, as it says."""
    lines, wrong = costs(service), {}
    assert rows
    for row in rows:
        end, line = row.end, lines.get(row.name, {})
        expected = {"calls": end.posts, end.outcome: end.posts}
        found = {name: line.get(name) for name in expected}
        money = (line.get("usd", 0) > 0, line.get("atRisk", 0) > 0)
        if found != expected or money != (end.outcome == "accepted", end.outcome == "unknown"):
            wrong[row.name] = line
    assert not wrong, wrong
