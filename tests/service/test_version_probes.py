"""A probe of the breaker that one version was granted binds the other."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen
from dalle.limits.breaker import Breaker, BreakerSettings, Permit
from dalle.storage.folder.engine import FolderStorage
from tests.kit.environment import environment

PROBE = """
import sys
from pathlib import Path
from dalle.breaker import Breaker
from dalle.errors import BreakerOpen
breaker = Breaker(Path(sys.argv[1]), failures=1, pause=0.0)
try:
    leave = breaker.enter(60)
except BreakerOpen:
    print("refused")
else:
    print("probe" if leave.token else "closed", flush=True)
    sys.stdin.readline()
    breaker.leave(leave)
"""


@contextmanager
def probing(tree: Path, data: Path) -> Iterator[str]:
    """What version 1.0's breaker says; until the end its process keeps the lease that it was granted."""
    command = [sys.executable, "-c", PROBE, str(data / "provider" / "breaker.json")]
    environ = {"PYTHONPATH": str(tree), **environment()}
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=data, env=environ, text=True, **pipes) as process:
        assert process.stdout
        yield process.stdout.readline().strip()


def test_respects_a_probe_of_the_other_version(version_1_0: Path, tmp_path: Path) -> None:
    breaker = Breaker(FolderStorage(tmp_path).documents, BreakerSettings(failures=1, pause=0.0))
    breaker.fail(Permit(), "OPENAI_TIMEOUT")
    permit = breaker.acquire("simple/0x0/token", 60)
    with probing(version_1_0, tmp_path) as answer:
        assert answer == "refused"
    breaker.cancel(permit)
    with probing(version_1_0, tmp_path) as answer:
        assert answer == "probe"
        with pytest.raises(BreakerOpen):
            breaker.acquire("simple/0x0/token", 60)
    assert breaker.acquire("simple/0x0/token", 60).token
    with probing(version_1_0, tmp_path) as answer:
        assert answer == "refused"
