"""What people put into the data folder of a running service, and what an older one left there."""

import time
from typing import Any

from dalle.storage.version import version_of
from tests.kit.images import png
from tests.kit.service import Service


def test_takes_a_series_that_was_added_while_it_runs(shared: Service, address: str) -> None:
    (shared.data / "series").mkdir(exist_ok=True)
    (shared.data / "series" / "added-later.json").write_text('{"suffix": "added-later"}')
    assert shared.ask(f"/dalle/added-later/{address}").status == 200
    assert "added-later" in shared.ask("/series").data["series"]


def test_serves_a_picture_of_a_series_that_is_gone(shared: Service, address: str) -> None:
    picture = png()
    folder = shared.data / "output" / "series-of-old"
    for name, content in {
        f"annotated/{address}.png": picture,
        f"terse/{address}.txt": b"An old caption\n",
        f"selector/{address}.json": b'{"seed": "abc", "attributes": [], "completed": false, "ipfsHash": null, '
        b'"fileName": "/home/ann/output/old.png", "annotatedPath": "/home/somebody/output/old.png"}',
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    path = f"/dalle/series-of-old/{address}"
    assert shared.ask(path).body == picture
    answer = shared.ask(f"{path}?generate=1")
    value = answer.json
    assert (value["cacheHit"], value["done"]) == (True, True)
    dress = value["data"]["dalleDress"]
    assert (dress["tersePrompt"], dress["seed"], dress["ipfsHash"]) == ("An old caption", "abc", "")
    assert (dress["fileName"], dress["annotatedPath"]) == ("old.png", f"series-of-old/annotated/{address}.png")
    assert "somebody" not in answer.text
    assert abs(value["startedNs"] / 1e9 - time.time()) < 60
    assert "series-of-old" not in shared.ask("/series").data["series"]
    other = address[:-1] + ("0" if address[-1] != "0" else "1")
    assert shared.ask(f"/dalle/series-of-old/{other}").status == 400


def test_computes_the_version_of_a_picture_when_its_report_is_asked_for(shared: Service, address: str) -> None:
    folder = shared.data / "output" / "simple" / "annotated"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{address}.png").write_bytes(png())
    path, version = f"/dalle/simple/{address}", version_of(png())
    assert shared.ask(f"{path}?v={version}").headers["cache-control"] == "no-cache"
    assert listed(shared, address)["version"] == ""
    assert shared.ask(f"{path}?generate=1").json["version"] == version
    assert shared.ask(f"{path}?v={version}").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert listed(shared, address)["version"] == version
    (folder / f"{address}.png").write_bytes(png("teal"))
    assert shared.ask(f"{path}?v={version}").headers["cache-control"] == "no-cache"
    assert shared.ask(f"{path}?generate=1").json["version"] == version_of(png("teal"))


def listed(service: Service, address: str) -> Any:
    """The picture as the gallery has it."""
    return next(item for item in service.ask("/preview/items").data["items"] if item["address"] == address)


def test_hides_folders_dot_files_and_links_that_lead_out(shared: Service) -> None:
    folder = shared.data / "output" / "simple"
    folder.mkdir(parents=True, exist_ok=True)
    (shared.data / "outside.json").write_text("{}")
    (folder / ".hidden").write_text("x")
    (folder / "out.json").symlink_to(shared.data / "outside.json")
    for name in ("", "simple", "simple/", "simple/.hidden", "simple/out.json", "../outside.json", "a%00b"):
        assert shared.ask(f"/files/{name}").status in (400, 404), name
    for name in ("%2e%2e/outside.json", "simple/..%2f..%2foutside.json"):
        assert shared.ask(f"/files/{name}").status in (400, 404), name
