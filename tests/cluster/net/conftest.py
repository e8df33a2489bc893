"""The servers that the modules of this folder share, and hosts on them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.net.hosts import Net, Servers, net, servers


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with servers(tmp_path_factory.mktemp("servers")) as started:
        yield started


@pytest.fixture
def cluster(shared: Servers, tmp_path: Path) -> Iterator[Net]:
    """A cluster without hosts."""
    with net(shared, tmp_path) as made:
        yield made
