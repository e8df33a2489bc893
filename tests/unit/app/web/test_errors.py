"""Failures that no request can bring about, as they are answered."""

import logging
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
