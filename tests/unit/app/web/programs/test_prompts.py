"""`/prompts/<series>/<address>`: one application, no network."""

from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import create_app
from tests.kit.configuration import configured
from tests.kit.folders import put
from tests.kit.waiting import wait

ADDRESS = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
FIELDS = {
    *("series", "address", "attributes", "prompts", "palette", "orientation", "model", "size", "quality"),
    *("estimateUsd", "priced", "painter"),
}


def foreseen(client: FlaskClient, path: str = f"/prompts/simple/{ADDRESS}") -> dict[str, Any]:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    data: dict[str, Any] = answer.get_json()["data"]
    assert set(data) == FIELDS
    return data


def test_foresees_what_the_offline_artist_paints(client: FlaskClient) -> None:
    data = foreseen(client)
    assert data["painter"] == "sketch"
    assert (data["priced"], data["estimateUsd"], data["model"], data["quality"]) == (True, 0, "sketch-4", "")
    width, height = map(int, data["size"].split("x"))
    shape = "square" if width == height else "portrait" if width < height else "landscape"
    assert data["orientation"] == shape


def test_foresees_the_words_of_the_run(quick: FlaskClient) -> None:
    data = foreseen(quick, f"/prompts/SIMPLE/{ADDRESS.upper().replace('X', 'x')}")
    assert (data["series"], data["address"]) == ("simple", ADDRESS)
    assert (data["painter"], data["model"], data["size"], data["estimateUsd"]) == ("paid", "model", "64x64", 0.25)
    assert set(data["prompts"]) == {"data", "title", "terse", "prompt", "author", "technical"}
    assert all(data["prompts"].values())

    def finished() -> Any:
        report = quick.get(f"/dalle/simple/{ADDRESS}?generate=1").get_json()
        return report["data"]["dalleDress"] if report["done"] else None

    dress = wait(finished)
    assert data["attributes"] == dress["attributes"]
    for name in ("data", "title", "terse"):
        assert data["prompts"][name] == dress[f"{name}Prompt"]
    assert data["prompts"]["prompt"] == dress["prompt"]
    technical = quick.get(f"/files/simple/technical/{ADDRESS}.txt", buffered=True).text
    assert technical == f"{data['prompts']['technical']}\n"


def test_starts_and_writes_nothing(client: FlaskClient, tmp_path: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    for query in ("", "?generate=1", "?remove=1"):
        assert client.get(f"/prompts/simple/{ADDRESS}{query}").status_code == 200
    assert client.get("/runs").get_json()["data"]["count"] == 0
    assert sorted(tmp_path.rglob("*")) == before


def test_answers_head(client: FlaskClient) -> None:
    answer = client.head(f"/prompts/simple/{ADDRESS}")
    assert (answer.status_code, answer.data) == (200, b"")


def test_knows_the_price_of_the_provider(tmp_path: Path) -> None:
    key = {"OPENAI_API_KEY": "sk-test"}
    paid = create_app(configured(tmp_path, key, IMAGE_QUALITY="low")).test_client()
    data = foreseen(paid)
    assert (data["painter"], data["model"], data["quality"], data["priced"]) == ("openai", "gpt-image-2", "low", True)
    assert 0 < data["estimateUsd"] < 0.1
    unheard = create_app(configured(tmp_path, key, IMAGE_MODEL="unheard-of")).test_client()
    data = foreseen(unheard)
    assert (data["model"], data["priced"], data["estimateUsd"]) == ("unheard-of", False, 0)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/prompts", "MISSING_PARAMETER"),
        ("/prompts/", "MISSING_PARAMETER"),
        ("/prompts/simple", "MISSING_PARAMETER"),
        ("/prompts/simple/", "MISSING_PARAMETER"),
        (f"/prompts//{ADDRESS}", "MISSING_PARAMETER"),
        (f"/prompts/no-such/{ADDRESS}", "INVALID_SERIES"),
        ("/prompts/no-such/17", "INVALID_SERIES"),
        ("/prompts/simple/17", "INVALID_ADDRESS"),
        (f"/prompts/simple/{ADDRESS}.png", "INVALID_ADDRESS"),
        (f"/prompts/simple/{ADDRESS}//", "INVALID_ADDRESS"),
    ],
)
def test_names_the_first_thing_that_is_wrong(client: FlaskClient, path: str, code: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, code)


def test_foresees_nothing_of_a_series_that_is_gone(client: FlaskClient, tmp_path: Path) -> None:
    put(tmp_path, "series-of-old", ADDRESS)
    answer = client.get(f"/prompts/series-of-old/{ADDRESS}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "INVALID_SERIES")
