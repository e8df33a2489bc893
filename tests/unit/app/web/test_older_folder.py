"""A data folder of the older server's present version: served, listed and continued, and left as it is."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.kit.application import application
from tests.kit.fakes import PaidPainter, studio
from tests.kit.images import photo, png
from tests.kit.older_folder import ADDRESS, HIDDEN_ADDRESS, SEED, contents, older_folder
from tests.kit.waiting import wait

OTHER = f"0x{'2c' * 20}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return older_folder(tmp_path / "dalle")


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    made = application(folder, studio(folder, PaidPainter(photo())))
    yield made.test_client()
    made.extensions["dalle.studio"].stop()


def data(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_json()["data"]


def answered(client: FlaskClient, path: str) -> tuple[int, str]:
    """Return status and type of an answer, read to its end."""
    with client.get(path) as answer:
        assert answer.data
        return answer.status_code, answer.mimetype or ""


def body(client: FlaskClient, path: str) -> bytes:
    with client.get(path) as answer:
        return bytes(answer.data)


def items(client: FlaskClient, query: str = "") -> dict[tuple[str, str], dict[str, Any]]:
    return {(item["series"], item["address"]): item for item in data(client, f"/preview/items{query}")["items"]}


def test_lists_the_series_of_both_folders_by_their_names_but_those_that_are_hidden(client: FlaskClient) -> None:
    names = data(client, "/series")["series"]
    assert {"my-set", "both", "simple"} <= set(names)
    assert "gone" not in names
    shelf = client.application.extensions["dalle.studio"].library.shelf
    assert (shelf.get("both").purpose, shelf.get("my-set").color_limit) == ("Of series.", 2)
    assert shelf.problems() == {}


def test_serves_pictures_also_of_a_series_that_is_hidden(client: FlaskClient) -> None:
    assert body(client, f"/dalle/my-set/{ADDRESS}") == png("navy")
    assert body(client, f"/dalle/gone/{HIDDEN_ADDRESS}") == png("gray")
    assert answered(client, f"/dalle/gone/{HIDDEN_ADDRESS}?w=64") == (200, "image/webp")
    report = data(client, f"/dalle/gone/{HIDDEN_ADDRESS}?generate=1")
    assert (report["cacheHit"], report["series"]) == (True, "gone")
    path = report["dalleDress"]["annotatedPath"]
    assert path == f"gone/annotated/{HIDDEN_ADDRESS}.png"
    assert body(client, f"/files/{path}") == png("gray")
    assert answered(client, f"/dalle/gone/{OTHER}")[0] == 400


def test_lists_hidden_pictures_as_those_of_their_series(client: FlaskClient) -> None:
    listed = items(client)
    assert listed.keys() == {("my-set", ADDRESS), ("my-set", SEED), ("gone", HIDDEN_ADDRESS)}
    hidden = listed["gone", HIDDEN_ADDRESS]
    assert (hidden["title"], hidden["width"]) == ("Hidden Gray", 96)
    assert body(client, hidden["image"]) == png("gray")
    counts = {each["series"]: each["count"] for each in data(client, "/preview/items")["series"]}
    assert counts == {"my-set": 2, "gone": 1}
    assert items(client, "?q=hidden").keys() == {("gone", HIDDEN_ADDRESS)}


def test_shows_a_picture_that_is_named_by_a_seed_with_title_and_attributes(client: FlaskClient) -> None:
    listed = items(client)["my-set", SEED]
    assert (listed["title"], listed["image"]) == ("Salty Sea", f"/files/my-set/annotated/{SEED}.png")
    assert body(client, listed["image"]) == png("teal")
    assert items(client, "?q=salty").keys() == {("my-set", SEED)}
    shown = data(client, f"/preview/picture?picture=my-set/{SEED}")
    assert shown["attributes"] == [
        {"name": "adjective", "word": "salty", "about": "tasting of salt"},
        {"name": "color1", "word": "deep sea blue", "about": ""},
    ]
    assert shown["palette"] == [{"hex": "#224488", "name": "deep sea blue"}]
    assert shown["prompts"]["enhanced"] == "Draw the salty sea at dusk."
    assert body(client, shown["raw"]) == png("aqua")
    page = client.get(f"/preview?picture=my-set/{SEED}").get_data(as_text=True)
    assert "deep sea blue" in page
    assert answered(client, f"/dalle/my-set/{SEED}")[0] == 400


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"prompts": [], "selectedRecords": {}}',
        b'{"prompts": {"titlePrompt": 7}, "selectedRecords": [1, {"record": [1]}, {"record": null}], "input": []}',
    ],
)
def test_shows_a_picture_whose_metadata_cannot_be_read(folder: Path, client: FlaskClient, content: bytes) -> None:
    (folder / f"output/my-set/metadata/{SEED}.json").write_bytes(content)
    assert items(client)["my-set", SEED]["title"] == ""
    assert data(client, f"/preview/picture?picture=my-set/{SEED}")["prompts"] == {}


def test_does_not_show_archived_pictures(client: FlaskClient) -> None:
    assert not [name for name in items(client) if name[1] not in (ADDRESS, SEED, HIDDEN_ADDRESS)]


def test_changes_nothing_by_reading(folder: Path, client: FlaskClient) -> None:
    before = contents(folder)
    for path in ("/series", "/preview", "/preview/items", f"/preview?picture=my-set/{SEED}", "/health", "/runs"):
        assert answered(client, path)[0] == 200
    for path in (f"/dalle/my-set/{ADDRESS}", f"/dalle/gone/{HIDDEN_ADDRESS}", f"/dalle/gone/{HIDDEN_ADDRESS}.png"):
        assert answered(client, path)[0] == 200
    after = contents(folder)
    assert {name: after.get(name) for name in before} == before
    ours = {name.partition("/")[0] for name in after.keys() - before.keys()}
    assert ours <= {"gallery", "locks", "queue", "provider", "catalog.json"}


def test_continues_with_what_a_run_writes_and_nothing_else(folder: Path, client: FlaskClient) -> None:
    before = contents(folder)
    averages = data(client, f"/dalle/my-set/{OTHER}?generate=1")["phaseAverages"]
    assert averages["image_wait"] == 21_000_000_000
    wait(lambda: answered(client, f"/dalle/my-set/{OTHER}")[1] == "image/png")
    wait((folder / "metrics/progress_phase_stats.json").exists)
    after = contents(folder)
    assert {name: after.get(name) for name in before} == before
    public = {name for name in after.keys() - before.keys() if name.startswith("output/")}
    assert {name.split("/")[1] for name in public} == {"my-set"}
    assert all(OTHER in name for name in public)
    private = {name.partition("/")[0] for name in after.keys() - before.keys() - public}
    assert private <= {"gallery", "locks", "queue", "provider", "catalog.json", "runs", "metrics"}
    stats = json.loads((folder / "metrics/progress_phase_stats.json").read_text())
    assert stats["generationRuns"] == 5
    listed = items(client)
    assert ("my-set", OTHER) in listed
    assert len(listed) == 4


def test_keeps_what_it_makes_of_a_hidden_series_beside_its_pictures(folder: Path, client: FlaskClient) -> None:
    assert answered(client, f"/dalle/gone/{HIDDEN_ADDRESS}?w=64")[0] == 200
    assert data(client, f"/dalle/gone/{HIDDEN_ADDRESS}?generate=1")["version"]
    assert not (folder / "output/gone").exists()
    assert list((folder / "output/gone.deleted").rglob("*.webp"))


def test_removes_a_picture_of_a_hidden_series(folder: Path, client: FlaskClient) -> None:
    assert answered(client, f"/dalle/gone/{HIDDEN_ADDRESS}?remove=1")[0] == 200
    assert not (folder / f"output/gone.deleted/annotated/{HIDDEN_ADDRESS}.png").exists()
    assert ("gone", HIDDEN_ADDRESS) not in items(client)


def test_lists_no_hidden_folder_whose_place_is_taken(folder: Path) -> None:
    (folder / "output/gone/annotated").mkdir(parents=True)
    (folder / f"output/gone/annotated/{OTHER}.png").write_bytes(png("red"))
    made = application(folder)
    client = made.test_client()
    assert {name for name in items(client) if name[0].startswith("gone")} == {("gone", OTHER)}
    assert body(client, f"/dalle/gone/{OTHER}") == png("red")
    made.extensions["dalle.studio"].stop()
