"""Measures what a long history costs: `python -m bench.history FOLDER [--calls MB] [--failures N] [--locks N] …`.

A new folder is filled with calls of twenty months, failed runs with old notes of them, files in `locks`, texts, and one
huge journal. Then each row is a process of its own: seconds, processor time and the most memory that it had. With no
sizes it shows what the rows cost without a history. The folder is not removed.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from multiprocessing import Process
from pathlib import Path
from typing import Any

from dalle.compose import Studio
from dalle.key import Key
from dalle.progress.journals import Journals
from dalle.storage.attempt import Attempt
from dalle.storage.codec import encode_journal, encode_json
from dalle.storage.folder.engine import FolderStorage
from dalle.storage.folder.layout import Layout
from dalle.storage.journal import Journal
from tests.kit.service import Service

SERIES = ("amber", "blue", "cyan", "dune", "ember")
DAY_NS = 86_400_000_000_000
MONTHS = 20
HUGE = Key("simple", f"0x{'5a' * 20}")


def address(number: int) -> str:
    return f"0x{number:040x}"


# -- the folder ------------------------------------------------------------------------------------------------------


def fill_calls(layout: Layout, megabytes: int) -> None:
    attempt = Attempt(1, "0123456789abcdef", "openai", True, "gpt-image-2", "1024x1024", "low", 0.006, 0)
    fields = {"ended_ns": 1, "outcome": "accepted", "billed": "yes", "cost": 0.006, "request_id": "req_0123456789ab"}
    for name, value in fields.items():
        setattr(attempt, name, value)
    line = encode_json({"address": address(7), "kind": "image", **vars_of(attempt)})
    number = max(1, megabytes * 1_000_000 // (len(line) + 40))
    step, now = MONTHS * 30 * DAY_NS // number, time.time_ns()
    rest = line[1:]
    layout.calls.parent.mkdir(parents=True, exist_ok=True)
    with open(layout.calls, "wb") as file:
        for count in range(number):
            moment = now - (number - count) * step
            file.write(b'{"series":"%s","sentNs":%d,' % (SERIES[count % 5].encode(), moment) + rest)


def vars_of(attempt: Attempt) -> dict[str, Any]:
    hidden = {"sent_ns", "unknown", "revised_prompt", "url", "raw", "answer", "task", "used", "written_off"}
    names = [name for name in Attempt.__slots__ if name not in hidden]
    return {
        "".join([name.split("_")[0], *map(str.title, name.split("_")[1:])]): getattr(attempt, name) for name in names
    }


def fill_failures(layout: Layout, number: int) -> None:
    """Journals of failed runs, and a note of each that is older than an hour."""
    layout.queue.mkdir(parents=True, exist_ok=True)
    old = time.time_ns() - 2 * DAY_NS
    for series in SERIES:
        (layout.runs / series).mkdir(parents=True, exist_ok=True)
    for count in range(number):
        key = Key(SERIES[count % 5], address(count))
        journal = Journal(key.series, key.address, run_id=f"{count:016x}", state="failed", ended_ns=old + count)
        journal.error, journal.error_code = "The provider refused the prompt", "CONTENT_BLOCKED"
        layout.journal(key).write_bytes(encode_journal(journal))
        name = f"{old + count:020d}.{journal.run_id}.{key.series}.{key.address}.failed"
        os.close(os.open(layout.queue / name, os.O_CREAT | os.O_WRONLY))


def fill_locks(layout: Layout, number: int) -> None:
    """Files of keys; one in a thousand is the claim of a dead holder."""
    layout.locks.mkdir(parents=True, exist_ok=True)
    for count in range(number):
        suffix = "lock" if count % 1000 == 0 else "guard"
        os.close(os.open(layout.locks / f"amber.{address(count)}.{suffix}", os.O_CREAT | os.O_WRONLY))


def fill_texts(layout: Layout, number: int) -> None:
    """Files of the output folder, of one kind, which the gallery does not list."""
    for series in SERIES:
        (layout.output / series / "selector").mkdir(parents=True, exist_ok=True)
    for count in range(number):
        path = layout.output / SERIES[count % 5] / "selector" / f"{address(count)}.json"
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))


def fill_journal(layout: Layout, megabytes: int) -> None:
    attempts = [
        Attempt(count + 1, f"{count:016x}", "openai", True, "gpt-image-2", "1024x1024", "low", 0.006, count + 1)
        for count in range(megabytes * 2450)
    ]
    for attempt in attempts:
        attempt.outcome, attempt.billed, attempt.error_code = "refused", "no", "OPENAI_UNAVAILABLE"
        attempt.detail = "503 Service Unavailable " * 3
    journal = Journal(HUGE.series, HUGE.address, run_id="ab", state="failed", ended_ns=1, attempts=attempts)
    layout.journal(HUGE).parent.mkdir(parents=True, exist_ok=True)
    layout.journal(HUGE).write_bytes(encode_journal(journal))


# -- the rows --------------------------------------------------------------------------------------------------------


def look_at_huge(folder: Path) -> None:
    with closing(FolderStorage(folder)) as storage:
        Studio(folder, storage=storage).look(HUGE)


def mend_huge(folder: Path) -> None:
    storage = FolderStorage(folder)
    with storage.guard(HUGE) as entry:
        Journals(storage, 900).mend(entry)


def idle(folder: Path) -> None:
    """What the idle threads of a worker ask within a second."""
    storage = FolderStorage(folder)
    for _ in range(20):
        storage.take()


def tidy(folder: Path) -> None:
    FolderStorage(folder).tidy(300)


def late_originals(folder: Path) -> None:
    for _ in FolderStorage(folder).late_originals():
        pass


def keep_up(folder: Path) -> None:
    """All rounds of the sweep, with the longest one."""
    storage, longest, rounds = FolderStorage(folder), 0.0, 0
    done = False
    while not done:
        begun = time.perf_counter()
        done = storage.keep_up(0.2)
        longest, rounds = max(longest, time.perf_counter() - begun), rounds + 1
    sys.stdout.write(f"{rounds} rounds, the longest {longest:.2f} s")


def note_repeated(folder: Path) -> None:
    """A call that a dead holder may have noted: it is looked for first."""
    line = {"runId": "0123456789abcdee", "kind": "image", "number": 1, "sentNs": time.time_ns() - 3_600_000_000_000}
    FolderStorage(folder).calls.note(line, repeated=True)


def service(folder: Path) -> None:
    """A start until the first answer, and what operators ask for."""
    begun, place = time.perf_counter(), folder.parent / f"{folder.name}.service"
    place.mkdir(exist_ok=True)
    with Service(place, DATA_DIR=folder) as running:
        running.wait_for(lambda: running.ask("/health?check=readiness").status == 200, "readiness")
        sys.stdout.write(f"start {time.perf_counter() - begun:.2f} s")
        for path in ("/runs", "/metrics", "/errors"):
            begun = time.perf_counter()
            running.ask(path)
            sys.stdout.write(f", {path} {(time.perf_counter() - begun) * 1000:.0f} ms")


FILLS = {
    "calls": fill_calls,
    "failures": fill_failures,
    "locks": fill_locks,
    "texts": fill_texts,
    "journal": fill_journal,
}
"""`calls` and `journal` in megabytes, the others in files."""

ROWS: dict[str, Callable[[Path], None]] = {
    one.__name__: one for one in (look_at_huge, mend_huge, idle, tidy, late_originals, keep_up, note_repeated, service)
}
ORDER = (
    "costs", "runs", "idle", "tidy", "late_originals", "note_repeated", "look_at_huge", "service", "mend_huge",
    "keep_up", "costs", "costs --since 7d", "costs --since 90h", "runs", "idle", "tidy", "note_repeated", "service",
)  # fmt: skip


def fill_all(layout: Layout, sizes: dict[str, Any]) -> None:
    for name, fill in FILLS.items():
        fill(layout, sizes[name])


def measure(folder: Path, row: str) -> str:
    """Run a row in a process of its own; return its line: seconds, processor time, memory in MB, and what it says."""
    own = row in ROWS
    arguments = ["bench.history", str(folder), "--row", row] if own else ["app.cli", *row.split(), "--json"]
    environ = {**os.environ, "TB_DALLE_DATA_DIR": str(folder), "OPENAI_API_KEY": ""}
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *arguments], stdout=subprocess.PIPE, env=environ)
    assert process.stdout
    output = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds, processor = time.perf_counter() - begun, used.ru_utime + used.ru_stime
    says = "failed" if process.returncode else output.strip() if own else f"{len(output)} bytes of JSON"
    return f"{row:18} {seconds:8.2f} {processor:8.2f} {used.ru_maxrss / 1000:8.0f}  {says}\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.history", description="Measure what a long history costs.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--row", choices=ROWS, help=argparse.SUPPRESS)
    for name in FILLS:
        parser.add_argument(f"--{name}", type=int, default=0, metavar="N")
    chosen = parser.parse_args()
    if chosen.row:
        ROWS[chosen.row](chosen.folder)
        return
    if chosen.folder.exists():
        parser.error(f"{chosen.folder} exists: expected a folder to be made")
    # In another process: a child that is forked from a large one counts as large.
    filling = Process(target=fill_all, args=(Layout(chosen.folder), vars(chosen)))
    filling.start()
    filling.join()
    sys.stdout.write(f"{'':18} {'s':>8} {'s of CPU':>8} {'MB':>8}\n")
    for row in ORDER:
        if row != "keep_up" or hasattr(FolderStorage, row):
            sys.stdout.write(measure(chosen.folder, row))
            sys.stdout.flush()


if __name__ == "__main__":
    main()
