"""The data of the benchmarks: pictures, a caption and reports in a data folder."""

import io
import time
from pathlib import Path

from PIL import Image

from dalle.runs.progress import body
from dalle.runs.progress import report as fields
from dalle.storage.journal import Journal

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
    file = io.BytesIO()
    Image.effect_noise((width, width), 90).convert("RGB").save(file, "PNG", compress_level=0)
    return file.getvalue()


def photo(side: int = 1024) -> Image.Image:
    """Returns a picture that compresses as a photograph does: soft shapes under fine noise."""
    shapes = Image.effect_noise((24, 24), 120).resize((side, side), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((side, side), 9)
    bands = [Image.blend(shapes.rotate(90 * turn), grain, 0.25 + 0.03 * turn) for turn in range(3)]
    return Image.merge("RGB", bands)


def report(size: int) -> bytes:
    """Returns the report of a run of about this many bytes, in the form in which the service writes it."""
    run = Journal("simple", POLL4, runId="0" * 16, startedNs=time.time_ns(), state="running")
    run.dress = {"prompt": ""}
    missing = size - len(body(fields(run, {}, time.time_ns())))
    run.dress = {"prompt": "paint " * max(0, missing // 6)}
    return body(fields(run, {}, time.time_ns()))


def fill(output: Path) -> None:
    """Writes one small and one large picture and two reports of runs."""
    for address, data in ((KEY, png(SMALL)), (BIG, png(LARGE))):
        put(output / "simple/annotated" / f"{address}.png", data)
    for address, size in ((POLL4, 4000), (POLL12, 12000)):
        put(output / "simple/progress" / f"{address}.json", report(size))


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
