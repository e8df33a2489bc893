"""The data of the benchmarks: pictures, a caption and reports in a data folder."""

import time
from pathlib import Path

from dalle.progress.report import body, report_of
from dalle.storage.journal import Journal
from tests.kit.images import as_file, noise

SMALL, LARGE = 20_000, 1_800_000
KEY = "0x" + "ab" * 20
BIG = "0x" + "cd" * 20
POLL4 = "0x" + "04" * 20
POLL12 = "0x" + "12" * 20

# As long as those of the service are: three lines.
CAPTION = (
    "An aristocratic scarab beetle, bard by trade, frugally anchoring in Australia (Cradle Mountain), full of "
    "distaste, where ballpoint drawing meets coloured pencil drawing."
)


def png(size: int) -> bytes:
    """Returns a valid PNG of about this many bytes: incompressible noise of the right width."""
    width = max(8, round((size / 3) ** 0.5))
    return as_file(noise(width, width), compress_level=0)


def report(size: int) -> bytes:
    """Returns the report of a run of about this many bytes, in the form in which the service writes it."""
    run = Journal("simple", POLL4, run_id="0" * 16, started_ns=time.time_ns(), state="running")
    run.dress = {"prompt": ""}
    missing = size - len(body(report_of(run, {}, time.time_ns())))
    run.dress = {"prompt": "paint " * max(0, missing // 6)}
    return body(report_of(run, {}, time.time_ns()))


def fill(output: Path) -> None:
    """Writes one small and one large picture and two reports of runs."""
    for address, data in ((KEY, png(SMALL)), (BIG, png(LARGE))):
        put(output / "simple/annotated" / f"{address}.png", data)
    for address, size in ((POLL4, 4000), (POLL12, 12000)):
        put(output / "simple/progress" / f"{address}.json", report(size))


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
