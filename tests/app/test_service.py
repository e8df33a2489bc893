"""Routing, which looks at the path and nothing else."""

import html
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from app import create_app
from app.config import load


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    config = load({"TB_DALLE_DATA_DIR": str(tmp_path)}, environ={}, dotenv=tmp_path / "none.env")
    return create_app(config).test_client()


@pytest.mark.parametrize("path", ["/series", "/preview"])
@pytest.mark.parametrize(
    "host", ["", "localhost", "a b", "h\u00e4\u00dflich", "[::1", "xn--a", "pictures.example:99999", "a" * 300]
)
def test_answers_under_any_name(client: FlaskClient, path: str, host: str) -> None:
    environ = {**create_environ(path), "HTTP_HOST": host}
    _, status, _ = run_wsgi_app(client.application, environ)  # the client itself wants to understand the name
    assert status == "200 OK"


def test_links_below_the_place_where_it_is_mounted(client: FlaskClient) -> None:
    page = client.get("/preview", environ_overrides={"SCRIPT_NAME": "/pictures"})
    assert 'action="/pictures/preview"' in page.text
    assert 'href="/preview"' not in page.text
    assert "curl 'http://localhost/pictures/dalle/simple/" in html.unescape(page.text)


def test_reads_paths_as_utf_8(client: FlaskClient) -> None:
    answer = client.get("/dalle/s\u00e9rie/0x1")
    assert answer.status_code == 400
    assert "s\u00e9rie" in answer.json["error"]["details"]  # type: ignore[index]
    assert client.get("/nowhere/%ff").status_code == 404


def test_tells_which_methods_are_possible(client: FlaskClient) -> None:
    answer = client.delete("/series")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_lets_nobody_keep_a_file_that_is_not_there(client: FlaskClient) -> None:
    answer = client.get("/static/none.css?v=1")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
