"""The service that several modules of this ring share."""

from collections.abc import Iterator

import pytest

from tests.kit.http import Client
from tests.kit.service import Service


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service as it comes, with the offline artist."""
    with Service(tmp_path_factory.mktemp("shared")) as started:
        yield started


@pytest.fixture(scope="session")
def client(shared: Service) -> Client:
    return shared.client
