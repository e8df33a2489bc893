"""What both clients promise: one works in this process, the other one through a service."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import wiring
from app.client.client import Client
from app.client.following import follow
from app.client.local import LocalClient
from app.client.remote import RemoteClient
from dalle.errors import DalleError, NotFound
from dalle.key import Key
from tests.kit.configuration import configured
from tests.kit.service import Service


class ClientCases:
    """The cases; a subclass has the fixture `client`, on a data folder that other cases may have used."""

    @pytest.fixture
    def key(self, address: str) -> Key:
        return Key("simple", address)

    def test_lists_the_series(self, client: Client) -> None:
        names = client.series()
        assert "simple" in names
        assert names == sorted(names)

    def test_returns_keys_in_lower_case(self, client: Client, address: str) -> None:
        assert client.key("SIMPLE", address.upper().replace("0X", "0x")) == Key("simple", address)

    def test_refuses_an_address_that_is_none(self, client: Client) -> None:
        with pytest.raises(DalleError) as refused:
            client.key("simple", "0x12")
        assert refused.value.status == 400

    def test_refuses_an_unknown_series_before_a_run_starts(self, client: Client, address: str) -> None:
        with pytest.raises(DalleError) as refused:
            client.request(client.key("nobody", address))
        assert (refused.value.status, refused.value.details) == (400, "Series 'nobody' not found")

    def test_finds_nothing_of_an_idle_key(self, client: Client, key: Key) -> None:
        assert (client.report(key), client.has_picture(key), client.remove(key)) == ({}, False, False)
        with pytest.raises(NotFound):
            client.picture(key)

    def test_makes_a_picture(self, client: Client, key: Key) -> None:
        report = follow(client, key, client.request(key), timeout=60)
        assert (report["done"], report["error"], report["series"], report["address"]) == (
            True,
            "",
            key.series,
            key.address,
        )
        assert client.has_picture(key)
        assert client.picture(key).startswith(b"\x89PNG")
        assert key.address in client.location(key)
        assert client.report(key)["done"]
        assert client.request(key)["done"]

    def test_removes_a_picture_once(self, client: Client, key: Key) -> None:
        follow(client, key, client.request(key), timeout=60)
        assert [client.remove(key), client.remove(key)] == [True, False]
        assert (client.report(key), client.has_picture(key)) == ({}, False)

    def test_lists_a_run_while_it_is_open(self, client: Client, key: Key) -> None:
        client.request(key)
        listed = [run["address"] for run in client.runs(20)]
        ended = client.report(key)["done"]
        assert listed == [key.address] or ended


class TestLocalClient(ClientCases):
    @pytest.fixture
    def client(self, tmp_path: Path) -> Iterator[Client]:
        config = configured(tmp_path)
        client = LocalClient(wiring.studio(config), config)
        yield client
        client.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Service(tmp_path_factory.mktemp("service"), WORKERS=1) as service:
        yield service.url


class TestRemoteClient(ClientCases):
    @pytest.fixture
    def client(self, server: str) -> Client:
        return RemoteClient(server)
