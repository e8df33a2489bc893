"""The line of a request, as the application writes it."""

import logging
from collections.abc import Iterator

import pytest
from flask import Flask, Response, g, request

from app.monitoring import access_log


@pytest.fixture
def app() -> Flask:
    return Flask("test")


class Collected(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def access() -> Iterator[Collected]:
    handler = Collected()
    level = access_log.access.level
    access_log.access.addHandler(handler)
    access_log.access.setLevel(logging.DEBUG)
    yield handler
    access_log.access.removeHandler(handler)
    access_log.access.setLevel(level)


def line(app: Flask, access: Collected, target: str, status: int, *, quiet: bool = False) -> logging.LogRecord:
    with app.test_request_context(target):
        access_log.answered(request, Response(status=status), 0.0123, quiet=quiet)
    return access.records[-1]


def test_writes_method_target_status_and_time_of_a_request(app: Flask, access: Collected) -> None:
    record = line(app, access, "/dalle/simple/0xABC?generate=1", 400)
    assert record.getMessage() == "GET /dalle/simple/0xABC?generate=1 400 12.3 ms"
    assert record.levelno == logging.INFO
    assert (record.__dict__["status"], record.__dict__["ms"]) == (400, 12.3)


def test_keeps_quiet_requests_to_the_debug_level(app: Flask, access: Collected) -> None:
    assert line(app, access, "/health", 200, quiet=True).levelno == logging.DEBUG


def test_cuts_endless_targets(app: Flask, access: Collected) -> None:
    assert len(line(app, access, "/" + "a" * 5000, 404).getMessage()) < 500


def test_returns_the_id_of_the_request_that_is_answered(app: Flask) -> None:
    assert access_log.request_id() == ""
    with app.test_request_context("/"):
        assert access_log.request_id() == ""
        g.request_id = "deadbeef"
        assert access_log.request_id() == "deadbeef"
