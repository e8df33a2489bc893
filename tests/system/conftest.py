"""The service under test: the one at `--url`, or one that is started here."""

import secrets
from collections.abc import Iterator

import pytest

from tests.kit.http import Client


@pytest.fixture(scope="session")
def client(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of the running service."""
    if url := request.config.getoption("--url"):
        yield Client(url)
        return
    from tests.kit.service import Service  # noqa: PLC0415 — knows our settings, which a service elsewhere does not need

    with Service(tmp_path_factory.mktemp("service"), WORKERS=4) as service:
        yield service.client


@pytest.fixture(scope="session")
def finished(client: Client) -> str:
    """The path of a picture that exists."""
    path = f"/dalle/simple/0x{secrets.token_hex(20)}"
    client.painted(path)
    return path
