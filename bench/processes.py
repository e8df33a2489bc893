"""What a process takes from its start: for an answer, and for captions."""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.pairs import Aim, Figure, Pair, by_turns
from bench.parts import cpu
from bench.samples import CAPTION
from tests.kit.environment import environment
from tests.kit.images import as_file, clouds
from tests.kit.nginx import Place
from tests.kit.repository import ROOT
from tests.kit.waiting import wait

ANNOTATED = Aim("caption and thumbnails, 1024²", "ms", 1.35, at_most=True)
STARTED = Aim("start without a key", "s", 2.3, at_most=True)
TURNS = 11
STARTS_A_SIDE = 4
KEPT = {"PYTHONDONTWRITEBYTECODE": ""}
"""For processes whose compiled modules are kept, as those of an installation are."""


def annotated(tree: Path, _names: Sequence[str]) -> Iterator[tuple[str, list[Pair]]]:
    """Measures from the bytes of a provider to all files, beside decoding and encoding."""
    environ = {**environment(KEPT), "PYTHONPATH": f"{tree}:{ROOT}"}
    with tempfile.TemporaryDirectory() as folder:
        picture = Path(folder) / "picture.png"
        picture.write_bytes(as_file(clouds(1024)))
        command = [sys.executable, str(ROOT / "bench/annotate.py"), str(picture), CAPTION, str(TURNS)]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    yield ANNOTATED.name, [Pair(Figure(*ours), Figure(*baseline)) for ours, baseline in json.loads(done.stdout)]


def started(tree: Path, _names: Sequence[str]) -> Iterator[tuple[str, list[Pair]]]:
    """Measures from the command to the first answer, beside a process that imports Flask."""

    def ours() -> Figure:
        with Place(tree) as place:
            service = place.service(variables=KEPT)
            began = time.perf_counter()
            service.start()
            try:
                wait(service.is_alive, "the first answer")
                return Figure(time.perf_counter() - began, cpu(service.process.pid) * 1e6)
            finally:
                service.stop()

    ours()
    importing()
    yield STARTED.name, by_turns(ours, importing, STARTS_A_SIDE)


def importing() -> Figure:
    environ = {name: value for name, value in os.environ.items() if name not in KEPT}
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", "import flask"], env=environ, check=True)
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Figure(seconds, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1e6)
