"""Commands, called in this process as click calls them."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from dalle.key import Key
from dalle.storage.journal import Journal
from tests.kit.data_folder import DataFolder
from tests.kit.environment import OURS

ADDRESS = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045"

OTHER = "0x00000000219ab540356cbb839cbe05303d7705fa"

CLEAN: dict[str, str | None] = {
    **{name: None for name in os.environ if name.startswith(OURS)},
    **{"OPENAI_API_KEY": "", "OPENAI_API_KEY_FILE": "", "NO_COLOR": ""},
}
"""Variables that hide the settings of the machine that runs the tests; None removes one."""

Call = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def call(data: Path) -> Call:
    """Run a command on the data folder of this test."""

    def run(*arguments: str, stdin: str = "", **settings: str) -> Result:
        environ = {**CLEAN, "TB_DALLE_DATA_DIR": str(data), **settings}
        return CliRunner().invoke(main, arguments, input=stdin, env=environ)

    return run


def fail(data: Path, key: Key, code: str = "CONTENT_BLOCKED") -> None:
    """Leave the journal of a failed run."""
    failed = Journal(key.series, key.address, run_id="ab", state="failed", error="refused", error_code=code)
    failed.retry_at_ns, failed.ended_ns = 2**62, 1
    DataFolder(data).write_journal(failed)
