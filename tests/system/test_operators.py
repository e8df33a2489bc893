"""Series, files, gallery, and what operators look at."""

import re

from tests.kit.http import Client


class TestSeries:
    def test_lists_names_sorted_with_their_count(self, client: Client) -> None:
        data = client.ask("/series").json["data"]
        assert data["series"] == sorted(data["series"])
        assert data["count"] == len(data["series"])
        assert {"empty", "simple", "five-tone-postal-protozoa"} <= set(data["series"])


class TestFiles:
    def test_serves_texts_with_etag_and_range(self, client: Client, finished: str) -> None:
        path = f"/files/simple/title/{finished.rpartition('/')[2]}.txt"
        answer = client.ask(path)
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
        assert client.ask(path, If_None_Match=answer.headers["etag"]).status == 304
        assert client.ask(path, Range="bytes=0-1").body == answer.body[:2]

    def test_has_no_listing_and_no_redirect(self, client: Client) -> None:
        for path in ("/files", "/files/"):
            answer = client.ask(path)
            assert (answer.status, answer.error["code"]) == (404, "NOT_FOUND")

    def test_finds_no_folder_and_no_way_out(self, client: Client) -> None:
        for name in (
            "",
            "simple",
            "simple/",
            "../catalog.json",
            "%2e%2e/catalog.json",
            "simple/..%2f..%2fcatalog.json",
        ):
            assert client.ask(f"/files/{name}").status in (400, 404), name
        assert client.ask("/files/a%00b").status in (400, 404)


class TestOperators:
    def test_is_alive_and_ready(self, client: Client) -> None:
        assert client.ask("/health?check=liveness").json["data"]["status"] == "alive"
        assert client.ask("/health?check=readiness").json["data"]["status"] == "ready"

    def test_refuses_any_other_check(self, client: Client) -> None:
        answer = client.ask("/health?check=pulse")
        assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST")

    def test_exposes_metrics(self, client: Client) -> None:
        answer = client.ask("/metrics", Accept="application/openmetrics-text")
        lines = answer.body.decode().splitlines()
        assert lines[0] == f"# Request ID: {answer.headers['x-request-id']}"
        assert any(re.fullmatch(r"dalleserver_up 1(\.0)?", line) for line in lines)

    def test_keeps_robots_from_queries(self, client: Client) -> None:
        assert "Disallow: /dalle/*?" in client.ask("/robots.txt").body.decode()

    def test_shows_a_gallery(self, client: Client, finished: str) -> None:
        answer = client.ask("/preview")
        assert answer.headers["content-type"].startswith("text/html")
        assert finished.rpartition("/")[2] in answer.body.decode()
