"""What holds for every answer of the service, and how it refuses."""

import re

import pytest

from tests.kit.http import Client

ONES = "0x" + "1" * 40


class TestEveryResponse:
    @pytest.mark.parametrize("path", ["/", "/series", "/health", "/nowhere", "/dalle/simple/0x1", "/preview"])
    def test_carries_a_request_id(self, client: Client, path: str) -> None:
        assert re.fullmatch("[0-9a-f]{8}", client.ask(path).headers["x-request-id"])

    def test_takes_the_first_eight_digits_of_a_proxys_id(self, client: Client) -> None:
        answer = client.ask("/series", X_Request_ID="deadbeef-1234-4321-8888-aaaaaaaaaaaa")
        assert answer.headers["x-request-id"] == answer.json["request_id"] == "deadbeef"

    @pytest.mark.parametrize("sent", ["xyz", "dead", "deadbee!", "<script>"])
    def test_ignores_any_other_id(self, client: Client, sent: str) -> None:
        answer = client.ask("/series", X_Request_ID=sent)
        assert re.fullmatch("[0-9a-f]{8}", answer.headers["x-request-id"])
        assert not sent.startswith(answer.headers["x-request-id"])

    @pytest.mark.parametrize("path", ["/series", "/health", f"/dalle/simple/{ONES}"])
    def test_is_not_stored_when_it_is_json_that_can_change(self, client: Client, path: str) -> None:
        assert client.ask(path).headers["cache-control"] == "no-store"


class TestErrors:
    @pytest.mark.parametrize("path", ["/nowhere", "/files/nothing.png", "/static/none.css", "/Series"])
    def test_says_not_found_in_the_error_shape(self, client: Client, path: str) -> None:
        answer = client.ask(path)
        assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "OPTIONS"])
    @pytest.mark.parametrize("path", ["/series", f"/dalle/simple/{ONES}?generate=1", "/health"])
    def test_refuses_other_verbs(self, client: Client, method: str, path: str) -> None:
        answer = client.ask(path, method)
        assert (answer.status, answer.error["code"]) == (405, "METHOD_NOT_ALLOWED")
        assert {"GET", "HEAD"} <= {verb.strip() for verb in answer.headers["allow"].split(",")}

    def test_says_what_to_ask_for_instead(self, client: Client) -> None:
        assert client.ask("/series", "POST").error["details"] == "POST is not allowed here: expected GET or HEAD"
        assert client.ask("/nowhere").error["details"] == "GET / lists the endpoints"

    @pytest.mark.parametrize(
        "request_",
        [
            b"GET /series /more HTTP/1.1\r\n\r\n",
            b"get /series HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /series HTTP/1.1\r\nHost: x\r\nNul: a\0b\r\n\r\n",
            b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /series HTTP/1.1\r\nHost: x\r\nLong: " + b"x" * 9000 + b"\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        ],
        ids=["spaces", "lower case", "NUL", "long path", "long header", "TLS"],
    )
    def test_answers_what_is_no_http_in_the_same_shape(self, client: Client, request_: bytes) -> None:
        answer = client.send(request_)
        assert 400 <= answer.status < 500
        assert answer.error["code"] in ("INVALID_REQUEST", "METHOD_NOT_ALLOWED")
        assert answer.headers["content-type"] == "application/json"

    def test_refuses_a_body_that_is_larger_than_any_form(self, client: Client) -> None:
        form = b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\nContent-Length: 20000\r\n"
        answer = client.send(b"POST /preview/make HTTP/1.1\r\nHost: x\r\n" + form + b"\r\n" + b"a" * 20_000)
        assert (answer.status, answer.error["code"]) == (413, "PAYLOAD_TOO_LARGE")

    def test_refuses_a_body_in_broken_chunks(self, client: Client) -> None:
        form = b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        head = b"POST /preview/make HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + form
        answer = client.send(head + b"\r\nzz\r\n\r\n")
        assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST")


class TestIndex:
    def test_lists_the_endpoints_as_plain_text(self, client: Client) -> None:
        answer = client.ask("/")
        assert answer.headers["content-type"].startswith("text/plain")
        assert all(name in answer.body.decode() for name in ("/series", "/dalle/", "/preview", "/health", "/metrics"))
