"""Base URLs: what is sent to them through the client library."""

from pathlib import Path
from typing import Any

import pytest

from dalle.errors import GenerationError
from dalle.painters.openai.client import Client
from tests.kit.provider import API_KEY, MemoryRecorder, order, provider, serving

VERSION = "api-version=2025-04-01-preview"


PLACES = [
    ("/v1", "", "/v1/{}"),
    ("/openai/v1", "", "/openai/v1/{}"),
    ("/v1/images/generations", "", "/v1/{}"),
    ("/openai/v1", "?api-version=preview", "/openai/v1/{}?api-version=preview"),
    ("/openai/deployments/gpt-image-2", f"?{VERSION}", f"/openai/deployments/gpt-image-2/{{}}?{VERSION}"),
    (
        "/openai/deployments/gpt-image-2/images/generations",
        f"?{VERSION}&subscription-key=a%2Bb%3D",
        f"/openai/deployments/gpt-image-2/{{}}?{VERSION}&subscription-key=a%2Bb%3D",
    ),
    ("/gateway/one", "?tag=a&tag=b&debug", "/gateway/one/{}?tag=a&tag=b&debug"),
]


@pytest.mark.parametrize(("path", "query", "target"), PLACES)
def test_sends_every_call_to_its_path_with_the_query_behind_it(
    path: str, query: str, target: str, tmp_path: Path
) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.root + path + query)
        assert ours.painter.paint(order(), MemoryRecorder(tmp_path)).data
        assert ours.writer.enhance("a poet", "a cat", order().deadline).text
        ours.watch.refresh()
        rows = stub.calls.summary(rows=True)["rows"]
    calls = ["images/generations", "chat/completions"] + ([] if "api-version" in query else ["models"])
    assert [row["target"] for row in rows] == [target.format(call) for call in calls]
    for row in rows:
        sent = {name: row["headers"].get(name) for name in ("authorization", "api-key")}
        azure = "api-version" in query
        assert sent == {"authorization": None if azure else f"Bearer {API_KEY}", "api-key": API_KEY if azure else None}


def test_prevents_a_second_credential_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer other\nX-Team: art")
    with serving() as stub:
        url = f"{stub.root}/openai/deployments/d?{VERSION}"
        provider(tmp_path, url).painter.paint(order(), MemoryRecorder(tmp_path))
        (row,) = stub.calls.summary(rows=True)["rows"]
        credentials = Client(api_key=API_KEY, base_url=url)._credentials()
    assert "authorization" not in row["headers"]
    assert (row["headers"]["api-key"], row["headers"]["x-team"]) == (API_KEY, "art")
    assert credentials == {"api-key": API_KEY, "x-team": "art"}


@pytest.mark.parametrize("fault", ["401", "quota"])
@pytest.mark.parametrize("path", [f"/openai/deployments/d?{VERSION}", "/v1"])
def test_recovers_from_a_refusal_where_no_list_of_models_can_be_had(path: str, fault: str, tmp_path: Path) -> None:
    rules: list[dict[str, Any]] = [{"fault": fault, "times": 1}, {"fault": "404", "path": "models"}]
    with serving({"rules": rules}) as stub:
        url = stub.root + path
        ours = provider(tmp_path, url, breaker_pause=0.0)
        with pytest.raises(GenerationError):
            ours.painter.paint(order(), MemoryRecorder(tmp_path))
        assert ours.painter.paint(order(), MemoryRecorder(tmp_path)).data
        assert ours.limits.breaker.read()["state"] == "CLOSED"
        counts = stub.calls.summary(rows=False)
    assert (counts["images"], counts["models"], counts["other"]) == (2, 0 if "?" in path else 2, 0)


@pytest.mark.parametrize("path", ["/openai/deployments/d", "/openai/v1"])
def test_takes_no_deployment_for_a_model_that_is_gone(path: str, tmp_path: Path) -> None:
    """Azure lists the models that could be deployed, perhaps the second one, and not the name of the first."""
    with serving() as stub:
        url = f"{stub.root}{path}?{VERSION}"
        ours = provider(tmp_path, url, image_model="d", fallback_models=("gpt-image-2",))
        ours.watch._check()
        assert stub.calls.summary(rows=True)["rows"] == []
    assert (ours.watch.choose(), ours.watch.status()["warnings"]) == ("d", [])
