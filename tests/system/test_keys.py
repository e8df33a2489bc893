"""`/dalle/<series>/<address>` before there is a picture: what is refused, and what starts a run."""

import threading
import time

import pytest

from tests.kit.http import Client

ONES = "0x" + "1" * 40


class TestValidation:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/dalle", "MISSING_PARAMETER"),
            ("/dalle/", "MISSING_PARAMETER"),
            ("/dalle/simple", "MISSING_PARAMETER"),
            ("/dalle/simple/", "MISSING_PARAMETER"),
            ("/dalle/nosuch", "MISSING_PARAMETER"),
            (f"/dalle//{ONES}", "MISSING_PARAMETER"),
            (f"/dalle/nosuch/{ONES}", "INVALID_SERIES"),
            ("/dalle/nosuch/bad", "INVALID_SERIES"),
            (f"/dalle/%2e%2e/{ONES}", "INVALID_SERIES"),
            ("/dalle/simple/17", "INVALID_ADDRESS"),
            (f"/dalle/simple/{ONES[:-1]}", "INVALID_ADDRESS"),
            (f"/dalle/simple/{ONES}1", "INVALID_ADDRESS"),
            (f"/dalle/simple/{ONES[:-1]}g", "INVALID_ADDRESS"),
            ("/dalle/simple/" + "1" * 40, "INVALID_ADDRESS"),
            (f"/dalle/simple/{ONES}/more", "INVALID_ADDRESS"),
            (f"/dalle/simple/{ONES}%0a", "INVALID_ADDRESS"),
        ],
    )
    @pytest.mark.parametrize("query", ["", "?generate=1", "?remove=1"])
    def test_names_the_first_thing_that_is_wrong(self, client: Client, path: str, code: str, query: str) -> None:
        answer = client.ask(path + query)
        assert (answer.status, answer.error["code"]) == (400, code)


class TestMissingAndIdle:
    @pytest.mark.parametrize("query", ["", "?generate=0", "?generate=true", "?generate=", "?x=1", "?w=64", "?w=3"])
    def test_answers_with_empty_data_and_starts_nothing(self, client: Client, address: str, query: str) -> None:
        for _ in range(2):
            answer = client.ask(f"/dalle/simple/{address}{query}")
            assert answer.status == 200
            assert answer.json == {"success": True, "data": {}, "request_id": answer.headers["x-request-id"]}
        assert address not in client.ask("/runs").body.decode()

    def test_removes_nothing(self, client: Client, address: str) -> None:
        answer = client.ask(f"/dalle/simple/{address}?remove=1")
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
        assert client.ask(f"/dalle/simple/{address}").json["data"] == {}

    def test_starts_nothing_by_head_or_prefetch(self, client: Client, address: str) -> None:
        path = f"/dalle/simple/{address}?generate=1"
        head = client.ask(path, "HEAD")
        assert (head.status, head.body) == (200, b"")
        assert client.ask(path, Sec_Purpose="prefetch;prerender").json["data"] == {}
        assert client.ask(path, Purpose="prefetch").json["data"] == {}
        assert client.ask(path, Sec_Purpose="Prefetch").json["data"] == {}
        assert client.ask(path, Sec_Purpose="other", Purpose="prefetch").json["data"] == {}
        assert client.ask(path, X_Moz="prefetch").json["data"] == {}
        assert client.ask(path, X_Purpose="preview").json["data"] == {}
        time.sleep(0.3)
        assert client.ask(f"/dalle/simple/{address}").json["data"] == {}

    @pytest.mark.parametrize("query", ["generate=1", "generate", "generate=1&w=64"])
    @pytest.mark.parametrize(
        "user_agent", ["Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "facebookexternalhit/1.1"]
    )
    def test_starts_nothing_for_the_preview_of_a_link(
        self, client: Client, address: str, user_agent: str, query: str
    ) -> None:
        assert client.ask(f"/dalle/simple/{address}?{query}", User_Agent=user_agent).json["data"] == {}
        assert client.ask(f"/dalle/simple/{address}").json["data"] == {}

    def test_starts_one_run_and_returns_its_early_progress(self, client: Client, address: str) -> None:
        answer = client.ask(f"/dalle/simple/{address}?generate=1")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json["done"] is False
        assert 0 <= answer.json["percent"] < 100
        client.painted(f"/dalle/simple/{address}")

    def test_removes_when_asked_for_both(self, client: Client, address: str) -> None:
        client.ask(f"/dalle/simple/{address}?generate=1&remove=1")
        assert client.ask(f"/dalle/simple/{address}").json["data"] == {}


class TestCancelling:
    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("/dalle", "MISSING_PARAMETER"),
            ("/dalle/simple/", "MISSING_PARAMETER"),
            (f"/dalle/nosuch/{ONES}", "INVALID_SERIES"),
            ("/dalle/simple/17", "INVALID_ADDRESS"),
        ],
    )
    def test_is_validated_as_a_request(self, client: Client, path: str, code: str) -> None:
        answer = client.ask(path, "DELETE")
        assert (answer.status, answer.error["code"]) == (400, code)

    def test_says_that_nothing_is_open(self, client: Client, address: str) -> None:
        for _ in range(2):
            answer = client.ask(f"/dalle/simple/{address}?remove=1", "DELETE", b"body")
            assert (answer.status, answer.data) == (200, {})

    def test_leaves_a_finished_picture_alone(self, client: Client, finished: str) -> None:
        answer = client.ask(finished, "DELETE")
        assert (answer.json["cacheHit"], answer.json["done"], answer.json["errorCode"]) == (True, True, "")
        assert client.ask(finished).headers["content-type"] == "image/png"

    def test_ends_a_run_or_comes_too_late(self, client: Client, address: str) -> None:
        path = f"/dalle/simple/{address}"
        started = client.ask(f"{path}?generate=1").json
        before = client.ask("/errors?format=json").data["total"]
        for _ in range(2):
            answer = client.ask(path, "DELETE")
            assert answer.status == 200
            report = answer.json
            assert report["done"] is True
            if report["errorCode"] == "CANCELLED":
                assert (report["runId"], report["retryAfterSeconds"], report["percent"] < 100) == (
                    started["runId"],
                    0,
                    True,
                )
                assert client.ask(path).json["errorCode"] == "CANCELLED"
            else:
                assert report["cacheHit"] is True
        assert address not in client.ask("/runs").text
        assert client.ask("/errors?format=json").data["total"] == before
        assert client.painted(path).json["errorCode"] == ""


class TestOneRun:
    def test_starts_one_run_for_two_hundred_clients(self, client: Client, address: str) -> None:
        runs: list[str] = []

        def ask() -> None:
            answer = client.ask(f"/dalle/simple/{address}?generate=1")
            assert answer.status == 200
            runs.append(answer.json["runId"])

        threads = [threading.Thread(target=ask) for _ in range(200)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(runs), len(set(runs))) == (200, 1)
