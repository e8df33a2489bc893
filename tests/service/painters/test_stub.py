"""The stub provider does what a script says: what a service makes of it is another test's business."""

import gzip
import json
import zlib
from base64 import b64decode, urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest

from dalle.errors import DalleError
from dalle.imaging.decoding import examine
from tests.kit.http import Answer, Client
from tests.kit.provider import serving
from tests.kit.waiting import wait
from tests.stub_openai.encodings import zstd
from tests.stub_openai.kinds import KINDS, picture
from tests.stub_openai.server import StubServer

PAINT = "/v1/images/generations"
KEY = "Bearer sk-1"


def script(stub: StubServer, **rule: Any) -> Client:
    stub.script.load({"rules": [rule]})
    return Client(stub.root)


def paint(client: Client, path: str = PAINT) -> Answer:
    return client.ask(path, "POST", b'{"prompt": "a cat"}', Authorization=KEY)


def test_fills_a_literal_answer_in() -> None:
    with serving() as stub:
        value = {"a": ["{B64}", "data:,{B64URL}"], "b": {"url": "{URL}?x=%2F"}, "n": None}
        answer = paint(script(stub, answer={"status": 202, "headers": {"Location": "{ROOT}/x"}, "json": value}))
        assert (answer.status, answer.headers["location"]) == (202, f"{stub.root}/x")
        assert answer.headers["content-type"] == "application/json"
        assert b64decode(answer.json["a"][0]) == picture("photo")
        assert urlsafe_b64decode(answer.json["a"][1].partition(",")[2] + "==") == picture("photo")
        assert set("-_") & set(answer.json["a"][1].partition(",")[2])
        assert answer.json["b"]["url"].startswith(f"{stub.root}/generated-images/")


@pytest.mark.parametrize(
    ("name", "decode"),
    [
        ("br", brotli.decompress),
        ("gzip", gzip.decompress),
        ("deflate", zlib.decompress),
        ("zstd", zstd.decompress),
        ("compress", bytes),
    ],
)
def test_encodes_an_answer(name: str, decode: Any) -> None:
    with serving() as stub:
        answer = paint(script(stub, answer={"body": "{B64}", "encoding": name}, picture="jpeg"))
        assert answer.headers["content-encoding"] == name
        assert decode(answer.body) == picture("jpeg")


def test_breaks_off() -> None:
    with serving() as stub, pytest.raises(ConnectionError):
        paint(script(stub, answer={"json": {"a": "b" * 100}, "cut": 10}))


def test_answers_a_url_in_turn_to_clients_that_may_have_it() -> None:
    with serving() as stub:
        client = script(stub, answer={"text": "{PLACE}"}, urls={"statuses": [404, 503], "protected": True})
        place = paint(client).text
        seen = [client.ask(place, Authorization=key).status for key in ("", KEY, "Bearer other", KEY, KEY, KEY)]
        assert seen == [401, 404, 401, 503, 200, 200]
        assert client.ask(place, Authorization=KEY).body == picture("photo")
        rows = [row for row in stub.calls.summary(rows=True)["rows"] if row["path"] == "pictures"]
        assert [row["status"] for row in rows] == [*seen, 200]
        assert rows[0]["headers"].get("authorization") == ""
        assert rows[1]["headers"]["authorization"] == KEY


def test_hurries_what_waits() -> None:
    with serving({"latency": {"images": 600}}) as stub, ThreadPoolExecutor() as threads:
        answer = threads.submit(paint, Client(stub.root))

        def hurried() -> bool:
            stub.hurry()
            return answer.done()

        wait(hurried, "the answer")
        assert answer.result().status == 200


def test_moves_a_url_to_another_host() -> None:
    with serving() as stub:
        client = script(stub, answer={"text": "{PLACE}"}, urls={"moved": True})
        answer = client.ask(paint(client).text + "?sig=1")
        assert answer.status == 302
        elsewhere, _, place = answer.headers["location"].partition("/generated-images")
        assert elsewhere == stub.elsewhere
        assert place.endswith("?sig=1")
        assert Client(elsewhere).ask(f"/generated-images{place}").status == 200


def test_works_on_a_task_that_only_some_paths_know() -> None:
    with serving() as stub:
        course = {"times": 2, "forms": ["/v1/images/generations/{TASK}"]}
        client = script(stub, answer={"json": {"id": "{TASK}", "status": "queued"}}, task=course)
        task = paint(client).json["id"]
        assert client.ask(f"/v1/tasks/{task}").status == 404
        states = [client.ask(f"{PAINT}/{task}").json["status"] for _ in range(4)]
        assert states == ["in_progress", "in_progress", "completed", "completed"]
        assert paint(client).json["id"] != task
        counts = stub.calls.summary(rows=False)
        assert (counts["images"], counts["tasks"], counts["other"]) == (2, 4, 1)


def test_ends_a_task_as_its_script_says() -> None:
    with serving() as stub:
        ended = {"status": 200, "json": {"status": "failed", "error": {"code": "moderation_blocked"}}}
        client = script(stub, answer={"text": "{TASK}"}, task={"times": 0, "ended": ended})
        assert client.ask(f"/v1/tasks/{paint(client).text}").json == ended["json"]


def test_records_calls_as_they_came() -> None:
    with serving() as stub:
        paint(Client(stub.root), "/openai/deployments/x/images/generations?api-version=1")
        (row,) = stub.calls.summary(rows=True)["rows"]
        wait(lambda: row["status"] == 200, "the end of the call, which comes after its answer")
        assert row["path"] == "images"
        assert row["target"] == "/openai/deployments/x/images/generations?api-version=1"
        assert row["headers"]["authorization"] == KEY


@pytest.mark.parametrize(
    "rule", [{"picture": "unheard"}, {"fault": "unheard"}, {"answer": {"unheard": 1}}, {"urls": 1}]
)
def test_refuses_a_script_that_it_does_not_understand(rule: dict[str, Any]) -> None:
    with serving() as stub:
        body = json.dumps({"rules": [rule]}).encode()
        assert Client(stub.root).ask("/script", "POST", body).status == 400


def test_has_pictures_of_all_kinds() -> None:
    assert len({picture(kind) for kind in KINDS}) == len(KINDS)
    with pytest.raises(DalleError):
        examine(picture("ztxt_bomb")[:1000])
