"""Failures that no request can bring about, as they are answered."""

import errno
import logging
import os
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from jinja2 import DictLoader


def break_page(app: Flask) -> None:
    app.jinja_loader = DictLoader({"preview.html": "{{ series.secret_of_mine.more }}"})


def break_view(app: Flask) -> None:
    def fail() -> Any:
        raise RuntimeError("a secret of mine")

    app.view_functions["gallery.preview"] = fail


@pytest.mark.parametrize(("spoil", "code"), [(break_page, "TEMPLATE_ERROR"), (break_view, "INTERNAL_SERVER_ERROR")])
def test_logs_the_cause_of_a_crash_and_hides_it_from_the_client(
    app: Flask, caplog: pytest.LogCaptureFixture, spoil: Callable[[Flask], None], code: str
) -> None:
    spoil(app)
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/preview")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (500, code)
    assert answer.get_json()["request_id"] == answer.headers["X-Request-ID"]
    assert "secret" not in answer.text
    assert "secret" in caplog.text


def failing(number: int) -> Callable[[], Any]:
    def fail() -> Any:
        raise OSError(number, os.strerror(number), "/srv/data/queue/.secret.tmp")

    return fail


def test_asks_clients_to_come_back_while_the_disk_is_full_and_logs_that_once(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.view_functions["gallery.preview"] = failing(errno.ENOSPC)
    client = app.test_client()
    with caplog.at_level(logging.INFO):
        answers = [client.get("/preview") for _ in range(20)]
    assert {answer.status_code for answer in answers} == {503}
    assert answers[0].headers["Retry-After"] == "30"
    error = answers[0].get_json()["error"]
    assert (error["code"], error["details"]) == (
        "FILE_SYSTEM_ERROR",
        "the storage cannot be used: No space left on device",
    )
    assert "/srv/data" not in answers[0].text
    (record,) = caplog.records
    assert "/srv/data/queue/.secret.tmp" in record.getMessage()
    assert record.exc_info is None


def test_keeps_the_traceback_of_an_error_that_nobody_expects(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    app.view_functions["gallery.preview"] = failing(errno.EISDIR)
    answer = app.test_client().get("/preview")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (500, "INTERNAL_SERVER_ERROR")
    assert "Retry-After" not in answer.headers
    assert caplog.records[0].exc_info
