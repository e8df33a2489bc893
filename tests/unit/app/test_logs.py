"""Lines as operators read them: formatters and filters on real records, through a handler of the test."""

import io
import json
import logging
import re
import sys
from collections.abc import Callable

import pytest

from app import logs
from dalle.correlation import working_for

KEY = "my-own-secret-key"


class Lines:
    """A logger of the test with our formatter and filter."""

    def __init__(self, form: str, current_request: Callable[[], str] = lambda: "") -> None:
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.setFormatter((logs.Json if form == "json" else logs.Text)([KEY]))
        handler.addFilter(logs.RequestId(current_request))
        self.logger = logging.Logger("app.test", logging.DEBUG)
        self.logger.addHandler(handler)

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def text() -> Lines:
    return Lines("text")


@pytest.fixture
def as_json() -> Lines:
    return Lines("json")


def crash(lines: Lines, words: str) -> None:
    try:
        raise RuntimeError(words)
    except RuntimeError:
        lines.logger.exception("it broke")


def test_writes_time_level_request_process_and_logger(text: Lines) -> None:
    text.logger.warning("disk is %s", "full")
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING \[-\] \d+ app\.test: disk is full\n", text.text
    )


def test_carries_the_id_of_the_request() -> None:
    lines = Lines("text", lambda: "deadbeef")
    with working_for("feedbeef"):
        lines.logger.info("inside")
    assert "[deadbeef]" in lines.text


def test_carries_the_id_of_the_request_that_began_the_work(text: Lines) -> None:
    with working_for("feedbeef"):
        text.logger.info("inside")
    text.logger.info("outside")
    assert "[feedbeef]" in text.text.splitlines()[0]
    assert "[-]" in text.text.splitlines()[1]


@pytest.mark.parametrize("lines", ["text", "as_json"])
def test_masks_keys_in_messages_and_tracebacks(lines: str, request: pytest.FixtureRequest) -> None:
    log: Lines = request.getfixturevalue(lines)
    log.logger.info("using %s and %s", KEY, "sk-proj-abcdefghijkl")
    crash(log, f"Authorization: Bearer {KEY}x sk-abcdefghijkl")
    assert KEY not in log.text
    assert "abcdefghijkl" not in log.text
    assert log.text.count("***") >= 4


def test_leaves_words_alone_that_only_resemble_a_key(text: Lines) -> None:
    text.logger.info("task-abcdefghi disk-abcdefghi")
    assert "task-abcdefghi disk-abcdefghi" in text.text


def test_cannot_be_made_to_start_a_forged_line(text: Lines) -> None:
    text.logger.info("GET /%s", "a\nERROR b\r\x1b[2J\u2028")
    assert text.text.count("\n") == 1
    assert "\\nERROR b\\r\\x1b[2J\\u2028" in text.text


def test_puts_a_traceback_below_its_line(text: Lines) -> None:
    crash(text, "boom")
    assert "it broke\n    Traceback (most recent call last):\n" in text.text
    assert text.text.endswith("    RuntimeError: boom\n")


def test_indents_tracebacks_so_that_they_cannot_be_mistaken_for_lines(text: Lines) -> None:
    crash(text, "boom\n2026-01-01T00:00:00.000Z INFO    [deadbeef] 1 app.test: forged\r\x1b[2J\u2028")
    assert [line[:4] == "    " for line in text.text.rstrip("\n").split("\n")[1:]].count(False) == 0
    assert "\r" not in text.text
    assert "\x1b" not in text.text


def test_writes_json_that_a_program_reads(as_json: Lines) -> None:
    crash(as_json, "boom\nsecond line")
    line = json.loads(as_json.text)
    assert as_json.text.count("\n") == 1
    assert line["level"] == "error"
    assert line["request_id"] == "-"
    assert line["message"] == "it broke"
    assert line["traceback"].startswith("Traceback")


@pytest.mark.parametrize("form", ["text", "json"])
def test_is_a_configuration_that_logging_and_gunicorn_take(form: str) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        logging.config.dictConfig(logs.settings(level="debug", form=form, secrets=[KEY]))
        (handler,) = root.handlers
        assert isinstance(handler, logging.StreamHandler)
        assert handler.stream is sys.stderr
        assert root.level == logging.DEBUG
        assert logging.getLogger("gunicorn.error").propagate
        assert logging.getLogger("httpx2").level == logging.WARNING
    finally:
        root.handlers[:] = before
        root.setLevel(level)
        for name in ("gunicorn.error", "gunicorn.access", "httpx2", "httpcore2", "openai", "PIL", "asyncio"):
            logging.getLogger(name).setLevel(logging.NOTSET)


def test_does_not_take_over_logging_that_is_set_up() -> None:
    root = logging.getLogger()
    before = list(root.handlers)
    assert before, "pytest has handlers of its own"
    logs.configure(level="info", form="text")
    assert root.handlers == before
