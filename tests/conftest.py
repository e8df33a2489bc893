"""Silence is failure: where `DALLE_REQUIRE_TOOLS=1`, a skipped test fails the run.

A machine that refuses mounts or namespaces is the exception; such a skip's reason begins with "refused: ".
"""

import os
import secrets
import signal

import pytest
from hypothesis import HealthCheck, settings

REFUSED = "refused: "

# How long an example takes says something about the machine only.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--url", default="", help="ask the service at this URL in tests/system; default: start one")


def pytest_configure() -> None:
    """A script that starts the tests in the background ignores SIGINT for them, and for every program they start."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """With several processes, only the one that reports has the reporter and all the skips."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("DALLE_REQUIRE_TOOLS") != "1" or reporter is None or hasattr(session.config, "workerinput"):
        return
    skipped = [report for report in reporter.stats.get("skipped", []) if isinstance(report.longrepr, tuple)]
    missing = [report for report in skipped if not report.longrepr[2].removeprefix("Skipped: ").startswith(REFUSED)]
    for report in missing:
        reporter.write_line(f"mandatory here, but skipped: {report.nodeid}: {report.longrepr[2]}", red=True)
    if missing and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def address() -> str:
    """An address that no test has used."""
    return f"0x{secrets.token_hex(20)}"
