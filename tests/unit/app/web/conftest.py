"""An application on an empty data folder."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import create_app
from tests.kit.configuration import configured


@pytest.fixture
def app(tmp_path: Path) -> Flask:
    return create_app(configured(tmp_path))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
