"""What is imported, and when: by a command, by the application, by a worker after the fork."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.kit.environment import environment
from tests.kit.repository import ROOT

HEAVY = ("flask", "werkzeug", "jinja2", "prometheus_client", "gunicorn", "PIL", "openai", "httpx2")
FORKED = """
import sys, app.serving
before = set(sys.modules)
import app
app.create_app()
print([name for name in set(sys.modules) - before if name.partition(".")[0] not in ("encodings",)])
"""
START = "import sys, app, app.serving; app.create_app(); print(*sys.modules)"
PACKAGES = {
    *("flask", "werkzeug", "jinja2", "markupsafe", "click", "blinker", "itsdangerous", "gunicorn"),
    *("PIL", "isal", "Crypto", "prometheus_client", "prometheus_flask_exporter", "app", "dalle"),
}
"""What a start without a key may import, besides the standard library."""
LATER = {
    *("PIL.AvifImagePlugin", "PIL.TiffImagePlugin", "PIL.ImageCms", "asyncio", "multiprocessing", "unittest"),
    *("dalle.painters.openai.answers", "dalle.painters.openai.provider", "dalle.webhooks.delivery"),
    *(
        "dalle.webhooks.sending",
        "dalle.painters.sketch.painting",
        "dalle.painters.prose",
        "dalle.storage.cluster",
        "app.checks",
        "app.client",
        "app.commands",
    ),
}
"""What it may not, though it belongs to those: it is imported where it is used, or before the fork if it surely is."""
SERVING = "import sys, app, app.serving; app.create_app(); print('openai' in sys.modules)"
MAKING = (
    "import atexit, sys; from app.cli import main\n"
    "atexit.register(lambda: print('openai' in sys.modules))\n"
    "main(['generate', '0x' + 'ab' * 20], prog_name='dalleserver')"
)
KEY = {"OPENAI_API_KEY": "sk-test"}
RECEIVER = {"TB_DALLE_WEBHOOK_URL": "https://receiver.example/", "TB_DALLE_WEBHOOK_SECRET": f"whsec_{'a' * 32}"}


def last_line(program: str, folder: Path, variables: dict[str, str] | None = None) -> str:
    """Run a program of Python; return the last line that it prints."""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment(variables, DATA_DIR=folder),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout, done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "variables", [{}, KEY, RECEIVER], ids=["without a key", "with a key", "with a receiver of webhooks"]
)
def test_imports_nothing_after_the_fork(tmp_path: Path, variables: dict[str, str]) -> None:
    """Workers share what the master imported before: a module that each imports costs each its memory."""
    assert last_line(FORKED, tmp_path, variables) == "[]"


def test_imports_at_the_start_only_what_a_service_without_a_key_uses(tmp_path: Path) -> None:
    """Half of the time to the first answer is imports. What is new here makes each start slower."""
    modules = set(last_line(START, tmp_path).split())
    packages = {name.partition(".")[0] for name in modules}
    unknown = {name for name in packages - sys.stdlib_module_names if not name.startswith("_")}
    assert unknown <= PACKAGES
    assert not modules & LATER


@pytest.mark.parametrize(
    ("program", "variables", "is_there"), [(SERVING, {}, "False"), (SERVING, KEY, "True"), (MAKING, {}, "False")]
)
def test_imports_the_provider_library_only_where_there_is_a_key(
    tmp_path: Path, program: str, variables: dict[str, str], is_there: str
) -> None:
    """It takes more than half of the time to start."""
    assert last_line(program, tmp_path / "data", variables) == is_there


@pytest.mark.parametrize("words", [("--help",), ("series", "list"), ("runs", "--server", "http://127.0.0.1:9")])
def test_imports_no_web_server_and_no_painter_unless_a_command_needs_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    program = (
        "import atexit, sys\n"
        f"atexit.register(lambda: print('imported:', *sorted(sys.modules.keys() & set({HEAVY}))))\n"
        "from app.cli import main\n"
        f"main({list(words)}, prog_name='dalleserver')"
    )
    assert last_line(program, tmp_path / "data") == "imported:"


def test_imports_the_provider_library_only_when_it_is_used(tmp_path: Path) -> None:
    assert last_line("import app, app.cli, sys; print('openai' in sys.modules)", tmp_path) == "False"
