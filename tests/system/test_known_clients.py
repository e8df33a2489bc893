"""What public clients send, replayed."""

import time

from tests.kit.http import Client


class TestKnownClients:
    """What public clients send, replayed."""

    def test_suits_the_minting_page(self, client: Client, address: str) -> None:
        path = "/dalle/simple/0x" + address[2:].upper()
        assert client.ask(f"{path}?generate").json["data"]["address"] == address
        for _ in range(300):
            answer = client.ask(f"{path}?generate")
            assert 200 <= answer.status < 300
            if "image/png" in answer.headers["content-type"]:
                break
            time.sleep(0.1)
        assert client.ask(path).headers["content-type"] == "image/png"

    def test_suits_the_desktop_browser(self, client: Client, address: str) -> None:
        path = f"/dalle/five-tone-postal-protozoa/{address}"
        assert client.ask(path).headers["content-type"] == "application/json"
        client.painted(path)
        assert client.ask(path).headers["content-type"] == "image/png"

    def test_never_charges_a_contract_that_asks_by_number(self, client: Client) -> None:
        assert client.ask("/dalle/simple/17?generate=1").error["code"] == "INVALID_ADDRESS"

    def test_suits_the_documented_loop(self, client: Client, address: str) -> None:
        for _ in range(300):
            value = client.ask(f"/dalle/empty/{address}?generate=1").json
            assert {"percent", "current", "done"} <= set(value)
            if value["done"]:
                break
            time.sleep(0.1)
        assert client.ask(f"/dalle/empty/{address}").headers["content-type"] == "image/png"
