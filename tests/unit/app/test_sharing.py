"""Workers share what the master imported before it forked them: a module that each imports costs each its memory."""

import subprocess
import sys
from pathlib import Path

from tests.kit.environment import environment

PROGRAM = """
import sys, app.serving
before = set(sys.modules)
import app
app.create_app()
print([name for name in set(sys.modules) - before if name.partition(".")[0] not in ("encodings",)])
"""


def test_imports_nothing_after_the_fork(tmp_path: Path) -> None:
    command, env = [sys.executable, "-c", PROGRAM], environment(DATA_DIR=tmp_path)
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "[]"
