"""Routing, which looks at the path and nothing else."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from app import create_app
from app.config import load


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    config = load({"TB_DALLE_DATA_DIR": str(tmp_path)}, environ={}, dotenv=tmp_path / "none.env")
    return create_app(config).test_client()


@pytest.mark.parametrize(
    "host", ["", "localhost", "a b", "h\u00e4\u00dflich", "[::1", "pictures.example:99999", "a" * 300]
)
def test_answers_under_any_name(client: FlaskClient, host: str) -> None:
    answer = client.get("/series", environ_overrides={"HTTP_HOST": host})
    assert (answer.status_code, answer.json["success"]) == (200, True)  # type: ignore[index]


def test_links_below_the_place_where_it_is_mounted(client: FlaskClient) -> None:
    page = client.get("/preview", environ_overrides={"SCRIPT_NAME": "/pictures"})
    assert 'action="/pictures/preview"' in page.text
    assert 'href="/preview"' not in page.text


def test_reads_paths_as_utf_8(client: FlaskClient) -> None:
    answer = client.get("/dalle/s\u00e9rie/0x1")
    assert answer.status_code == 400
    assert client.get("/nowhere/%ff").status_code == 404


def test_tells_which_methods_are_possible(client: FlaskClient) -> None:
    answer = client.delete("/series")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
