"""An application on an empty data folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.kit.application import application
from tests.kit.fakes import PaidPainter, studio
from tests.kit.images import photo


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return application(tmp_path)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def quick(tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of an application whose painter takes no time."""
    made = application(tmp_path, studio(tmp_path, PaidPainter(photo())))
    yield made.test_client()
    made.extensions["dalle.studio"].stop()
