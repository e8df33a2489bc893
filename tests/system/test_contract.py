"""The HTTP contract, told to a running service by URL. Reads as the contract's tables."""

import re
import secrets
import threading
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.system.conftest import Client

PHASES = [
    "setup",
    "base_prompts",
    "enhance_prompt",
    "image_prep",
    "image_wait",
    "image_download",
    "annotate",
    "completed",
]
NUMBER = (int, float)
PROGRESS: dict[str, Any] = {
    **dict.fromkeys(("series", "address", "currentPhase", "current", "runId", "error", "errorCode"), str),
    **dict.fromkeys(("updatedNs", "startedNs", "phaseIndex", "phaseCount", "queuePosition", "retryAtNs"), int),
    **dict.fromkeys(("percent", "etaSeconds", "phasePercent", "phaseETASeconds", "retryAfterSeconds"), NUMBER),
    **dict.fromkeys(("done", "cacheHit"), bool),
    **dict.fromkeys(("phaseAverages", "dalleDress"), dict),
    "phases": list,
}
DRESS: dict[str, Any] = {
    **dict.fromkeys(("original", "fileName", "seed", "series", "imageUrl", "downloadMode", "ipfsHash"), str),
    **dict.fromkeys(("prompt", "dataPrompt", "titlePrompt", "tersePrompt", "enhancedPrompt"), str),
    **dict.fromkeys(("generatedPath", "annotatedPath"), str),
    **dict.fromkeys(("attributes", "seedChunks", "selectedTokens", "selectedRecords"), list),
    **dict.fromkeys(("cacheHit", "completed"), bool),
}
ONES = "0x" + "1" * 40


@pytest.fixture(scope="module")
def finished(client: Client) -> str:
    """The path of a picture that exists."""
    path = f"/dalle/simple/0x{secrets.token_hex(20)}"
    client.painted(path)
    return path


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

    @pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
    @pytest.mark.parametrize("path", ["/series", f"/dalle/simple/{ONES}?generate=1", "/health"])
    def test_refuses_other_verbs(self, client: Client, method: str, path: str) -> None:
        answer = client.ask(path, method)
        assert (answer.status, answer.error["code"]) == (405, "METHOD_NOT_ALLOWED")
        assert {"GET", "HEAD"} <= {verb.strip() for verb in answer.headers["allow"].split(",")}

    def test_says_what_to_ask_for_instead(self, client: Client) -> None:
        assert client.ask("/series", "POST").error["details"] == "POST is not possible here: expected GET or HEAD"
        assert client.ask("/nowhere").error["details"] == "GET / lists what there is"

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


class TestSeries:
    def test_lists_names_sorted_with_their_count(self, client: Client) -> None:
        data = client.ask("/series").json["data"]
        assert data["series"] == sorted(data["series"])
        assert data["count"] == len(data["series"])
        assert {"empty", "simple", "five-tone-postal-protozoa"} <= set(data["series"])

    def test_takes_a_file_that_was_added_while_it_runs(self, client: Client, data_dir: Path, address: str) -> None:
        (data_dir / "series").mkdir(exist_ok=True)
        (data_dir / "series" / "added-later.json").write_text('{"suffix": "added-later"}')
        assert client.ask(f"/dalle/added-later/{address}").status == 200
        assert "added-later" in client.ask("/series").json["data"]["series"]


class TestIndex:
    def test_lists_the_endpoints_as_plain_text(self, client: Client) -> None:
        answer = client.ask("/")
        assert answer.headers["content-type"].startswith("text/plain")
        assert all(name in answer.body.decode() for name in ("/series", "/dalle/", "/preview", "/health", "/metrics"))


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
        time.sleep(0.3)
        assert client.ask(f"/dalle/simple/{address}").json["data"] == {}

    def test_starts_one_run_and_gives_its_early_progress(self, client: Client, address: str) -> None:
        answer = client.ask(f"/dalle/simple/{address}?generate=1")
        assert answer.headers["content-type"] == "application/json"
        assert answer.json["done"] is False
        assert 0 <= answer.json["percent"] < 100
        client.painted(f"/dalle/simple/{address}")

    def test_removes_when_asked_for_both(self, client: Client, address: str) -> None:
        client.ask(f"/dalle/simple/{address}?generate=1&remove=1")
        assert client.ask(f"/dalle/simple/{address}").json["data"] == {}


class TestProgress:
    def test_has_every_field_of_the_contract_and_no_null(self, client: Client, finished: str, address: str) -> None:
        for answer in (client.ask(f"/dalle/simple/{address}?generate=1"), client.ask(f"{finished}?generate=1")):
            value = answer.json
            for name, kind in PROGRESS.items():
                assert isinstance(value["data"][name], kind), name
                if kind not in (list, dict):
                    assert value[name] == value["data"][name]
            for name, kind in DRESS.items():
                assert isinstance(value["data"]["dalleDress"][name], kind), name
            assert [phase["name"] for phase in value["data"]["phases"]] == PHASES
            for phase in value["data"]["phases"]:
                assert {"name", "startedNs", "endedNs", "skipped", "error"} <= set(phase)
            assert value["request_id"] == answer.headers["x-request-id"]
            assert b"null" not in answer.body

    def test_never_falls_and_ends_at_a_hundred(self, client: Client, address: str) -> None:
        percents, last = [], {}
        for _ in range(600):
            last = client.ask(f"/dalle/simple/{address}?generate=1").json
            percents.append(last["percent"])
            if last["done"]:
                break
            time.sleep(0.02)
        assert percents == sorted(percents)
        assert (last["done"], last["percent"], last["error"], last["current"]) == (True, 100, "", "completed")

    def test_tells_attributes_and_prompts_of_the_address(self, client: Client, finished: str) -> None:
        dress = client.ask(f"{finished}?generate=1").json["data"]["dalleDress"]
        address = finished.rpartition("/")[2]
        assert dress["original"] == address
        assert dress["seed"] == (address + address[::-1])[2:66]
        assert len(dress["attributes"]) == 18
        expected = {"database", "name", "bytes", "number", "factor", "count", "selector", "value"}
        assert expected <= set(dress["attributes"][0])
        assert dress["tersePrompt"]
        assert client.ask(f"/files/{dress['annotatedPath']}").body == client.ask(finished).body
        assert client.ask(f"/files/{dress['generatedPath']}").status == 200


class TestFinished:
    def test_streams_the_picture(self, client: Client, finished: str) -> None:
        answer = client.ask(finished)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        with Image.open(BytesIO(answer.body)) as image:
            image.load()
            assert image.width in (1024, 1536)
            assert image.height > 1024
        assert answer.headers["cache-control"] == "no-cache"
        assert int(answer.headers["content-length"]) == len(answer.body)

    def test_is_found_in_any_case(self, client: Client, finished: str) -> None:
        series, address = finished.split("/")[2:]
        mixed = "0x" + "".join(c.upper() if i % 2 else c for i, c in enumerate(address[2:]))
        assert client.ask(f"/dalle/{series.upper()}/{mixed}").body == client.ask(finished).body

    def test_is_not_found_with_more_behind_its_address(self, client: Client, finished: str) -> None:
        for more in ("%0A", "%20", "//", "/x"):
            answer = client.ask(f"{finished}{more}")
            assert (answer.status, answer.error["code"]) == (400, "INVALID_ADDRESS"), more

    def test_generates_nothing_again(self, client: Client, finished: str) -> None:
        before = client.ask(finished)
        value = client.ask(f"{finished}?generate=1").json
        assert (value["cacheHit"], value["done"], value["percent"]) == (True, True, 100)
        assert client.ask(finished).headers["etag"] == before.headers["etag"]

    def test_answers_conditional_requests(self, client: Client, finished: str) -> None:
        first = client.ask(finished)
        by_tag = client.ask(finished, If_None_Match=first.headers["etag"])
        by_time = client.ask(finished, If_Modified_Since=first.headers["last-modified"])
        assert (by_tag.status, by_tag.body, by_time.status) == (304, b"", 304)
        assert by_tag.headers["etag"] == first.headers["etag"]
        assert not {"content-type", "content-length"} & by_tag.headers.keys()
        assert client.ask(finished, If_None_Match='"other"').status == 200

    def test_answers_range_requests(self, client: Client, finished: str) -> None:
        whole = client.ask(finished).body
        part = client.ask(finished, Range="bytes=0-7")
        assert (part.status, part.body) == (206, whole[:8])
        assert part.headers["content-range"] == f"bytes 0-7/{len(whole)}"
        assert client.ask(finished, Range="bytes=0-0").body == whole[:1]
        assert client.ask(finished, Range="bytes=-5").body == whole[-5:]
        assert client.ask(finished, Range=f"bytes={len(whole)}-").status == 416

    def test_looks_at_conditions_before_ranges(self, client: Client, finished: str) -> None:
        tag = client.ask(finished).headers["etag"]
        assert client.ask(finished, Range="bytes=0-3", If_None_Match=tag).status == 304
        assert client.ask(finished, Range="bytes=0-3", If_None_Match='"other"').status == 206
        assert client.ask(finished, Range="bytes=0-3", If_Range=tag).status == 206
        assert client.ask(finished, Range="bytes=0-3", If_Range='"other"').status == 200
        failed = client.ask(finished, Range="bytes=0-3", If_Match='"other"')
        assert (failed.status, failed.error["code"]) == (412, "INVALID_REQUEST")
        assert client.ask(finished, Range="bytes=0-3", If_Match=tag).status == 206

    def test_answers_head_as_get_without_body(self, client: Client, finished: str) -> None:
        head, get = client.ask(finished, "HEAD"), client.ask(finished)
        assert (head.status, head.body) == (200, b"")
        for name in ("content-type", "content-length", "etag", "last-modified", "cache-control"):
            assert head.headers[name] == get.headers[name]

    @pytest.mark.parametrize("width", [64, 128, 256, 512])
    def test_gives_small_ones(self, client: Client, finished: str, width: int) -> None:
        answer = client.ask(f"{finished}?w={width}")
        assert (answer.status, answer.headers["content-type"]) == (200, "image/webp")
        with Image.open(BytesIO(answer.body)) as image:
            assert image.width == width
        assert client.ask(f"{finished}?w={width}", If_None_Match=answer.headers["etag"]).status == 304
        assert width > 64 or len(answer.body) <= 3072

    @pytest.mark.parametrize("width", ["63", "0", "x", "1024", "", "64.0"])
    def test_refuses_other_widths(self, client: Client, finished: str, width: str) -> None:
        answer = client.ask(f"{finished}?w={width}")
        assert (answer.status, answer.error["code"]) == (400, "INVALID_REQUEST")

    def test_removes_only_the_annotated_picture(self, client: Client, data_dir: Path, address: str) -> None:
        path = f"/dalle/simple/{address}"
        client.painted(path)
        assert client.ask(f"{path}?remove=1", "HEAD").status == 200
        assert client.ask(path).headers["content-type"] == "image/png"
        answer = client.ask(f"{path}?remove=1")
        assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
        assert str(data_dir) not in answer.body.decode()
        assert client.ask(path).json["data"] == {}
        assert client.ask(f"/files/simple/generated/{address}.png").status == 200
        assert client.ask(f"/files/simple/terse/{address}.txt").status == 200
        assert client.painted(path).json["error"] == ""


class TestOneRun:
    def test_gives_two_hundred_askers_the_same_run(self, client: Client, address: str) -> None:
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


class TestOlderFolder:
    def test_serves_a_picture_of_a_series_that_is_gone(self, client: Client, data_dir: Path, address: str) -> None:
        file = BytesIO()
        Image.new("RGB", (64, 64), "teal").save(file, "PNG")
        folder = data_dir / "output" / "series-of-old"
        for name, content in {
            f"annotated/{address}.png": file.getvalue(),
            f"terse/{address}.txt": b"An old caption\n",
            f"selector/{address}.json": b'{"seed": "abc", "attributes": [], "completed": false, "ipfsHash": null, '
            b'"fileName": "/home/somebody/output/old.png", "annotatedPath": "/home/somebody/output/old.png"}',
        }.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        path = f"/dalle/series-of-old/{address}"
        assert client.ask(path).body == file.getvalue()
        value = client.ask(f"{path}?generate=1").json
        assert (value["cacheHit"], value["done"]) == (True, True)
        dress = value["data"]["dalleDress"]
        assert (dress["tersePrompt"], dress["seed"], dress["ipfsHash"]) == ("An old caption", "abc", "")
        assert (dress["fileName"], dress["annotatedPath"]) == ("old.png", f"series-of-old/annotated/{address}.png")
        assert b"somebody" not in client.ask(f"{path}?generate=1").body
        assert abs(value["startedNs"] / 1e9 - time.time()) < 60
        assert "series-of-old" not in client.ask("/series").json["data"]["series"]
        other = address[:-1] + ("0" if address[-1] != "0" else "1")
        assert client.ask(f"/dalle/series-of-old/{other}").status == 400


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

    def test_hides_folders_dot_files_and_links_that_lead_out(self, client: Client, data_dir: Path) -> None:
        folder = data_dir / "output" / "simple"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".hidden").write_text("x")
        link = folder / "out.json"
        if not link.is_symlink():
            link.symlink_to(data_dir / "catalog.json")
        for name in ("", "simple", "simple/", "simple/.hidden", "simple/out.json"):
            assert client.ask(f"/files/{name}").status == 404, name
        for name in ("../catalog.json", "%2e%2e/catalog.json", "simple/..%2f..%2fcatalog.json", "a%00b"):
            assert client.ask(f"/files/{name}").status in (400, 404), name


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
