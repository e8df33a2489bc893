"""The offline artist paints the same pixels in any environment."""

import json
import subprocess
import sys

from tests.kit.environment import environment
from tests.kit.repository import ROOT
from tests.unit.painters.test_sketch import GOLDEN

PROGRAM = "import json; from tests.unit.painters.test_sketch import goldens; print(json.dumps(goldens()))"


def test_paints_the_same_pixels_under_another_hash_seed_locale_and_thread_count() -> None:
    more = {"PYTHONHASHSEED": "77", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "OMP_NUM_THREADS": "3", "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment(more), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == json.loads(GOLDEN.read_text())
