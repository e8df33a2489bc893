"""`Prefer: wait` on `/dalle/<series>/<address>`: the answer that the call without it gives once the run has ended."""

import pytest

from tests.kit.http import Client


class TestWaiting:
    def test_makes_a_whole_client_of_one_request(self, client: Client, address: str) -> None:
        answer = client.ask(f"/dalle/simple/{address}?generate", Prefer="wait=60")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        assert answer.headers["preference-applied"] == "wait=60"
        assert "Prefer" in answer.headers["vary"]

    def test_gives_the_end_of_the_run_to_its_starter(self, client: Client, address: str) -> None:
        path = f"/dalle/simple/{address}"
        answer = client.ask(f"{path}?generate=1", Prefer="respond-async, wait=99")
        assert (answer.json["done"], answer.json["errorCode"], answer.json["cacheHit"]) == (True, "", True)
        assert answer.headers["preference-applied"] == "wait=60"
        assert client.ask(path).headers["content-type"] == "image/png"

    @pytest.mark.parametrize("query", ["", "?generate=1", "?generate", "?w=64"])
    def test_waits_for_nothing_when_the_picture_is_there(self, client: Client, finished: str, query: str) -> None:
        answer = client.ask(finished + query, Prefer="wait=60")
        assert answer.status == 200
        assert "preference-applied" not in answer.headers

    @pytest.mark.parametrize("query", ["", "?remove=1"])
    def test_waits_for_nothing_when_nothing_is_at_work(self, client: Client, address: str, query: str) -> None:
        assert "preference-applied" not in client.ask(f"/dalle/simple/{address}{query}", Prefer="wait=60").headers
        assert client.ask(f"/dalle/simple/{address}").data == {}

    @pytest.mark.parametrize("prefer", ["wait=0", "wait=soon", "respond-async"])
    def test_ignores_other_preferences(self, client: Client, address: str, prefer: str) -> None:
        path = f"/dalle/simple/{address}"
        answer = client.ask(f"{path}?generate=1", Prefer=prefer)
        assert (answer.json["done"], "preference-applied" in answer.headers) == (False, False)
        client.painted(path)
