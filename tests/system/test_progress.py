"""The report of a run."""

import time
from typing import Any

from tests.kit.http import Client

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
    **dict.fromkeys(("series", "address", "currentPhase", "current", "runId", "error", "errorCode", "version"), str),
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

    def test_reports_attributes_and_prompts_of_the_address(self, client: Client, finished: str) -> None:
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
