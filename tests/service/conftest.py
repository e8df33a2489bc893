"""The service that several modules of this ring share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.http import Client
from tests.kit.service import Service
from tests.kit.version_1_0 import extract


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service as it comes, with the offline artist."""
    with Service(tmp_path_factory.mktemp("shared")) as started:
        yield started


@pytest.fixture(scope="session")
def client(shared: Service) -> Client:
    return shared.client


@pytest.fixture(scope="session")
def version_1_0(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree of version 1.0."""
    return extract(tmp_path_factory.mktemp("version-1.0"))
