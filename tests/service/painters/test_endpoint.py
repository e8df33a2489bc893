"""Base URLs: which can work, and what is sent to them through the client library."""

from pathlib import Path
from typing import Any

import pytest

from dalle.errors import GenerationError
from dalle.painters.openai.client import Client
from dalle.painters.openai.endpoint import Endpoint, masked
from tests.kit.provider import API_KEY, MemoryRecorder, order, provider, serving

VERSION = "api-version=2025-04-01-preview"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1"),
        ("https://api.openai.com", "https://api.openai.com/v1"),
        ("https://api.openai.com/", "https://api.openai.com/v1"),
        ("https://eu.api.openai.com", "https://eu.api.openai.com/v1"),
        ("HTTPS://api.openai.com/v1/", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/models", "https://api.openai.com/v1"),
        ("https://api.openai.com/v1/images", "https://api.openai.com/v1"),
        ("https://openrouter.ai/api/v1/images/generations", "https://openrouter.ai/api/v1"),
        ("https://host/v1/images/generations/", "https://host/v1"),
        ("https://host/v1/Chat/Completions", "https://host/v1"),
        ("http://litellm_proxy:4000", "http://litellm_proxy:4000"),
        ("http://[::1]:8080/v1", "http://[::1]:8080/v1"),
        ("http://host/v1?", "http://host/v1"),
        ("http://host/v1?tag=a&tag=b&debug", "http://host/v1?tag=a&tag=b&debug"),
        (f"http://host/openai/deployments/d?{VERSION}", f"http://host/openai/deployments/d?{VERSION}"),
        (f"http://host/openai/deployments/d/?{VERSION}", f"http://host/openai/deployments/d?{VERSION}"),
        (
            f"http://host/openai/deployments/d/images/generations?{VERSION}",
            f"http://host/openai/deployments/d?{VERSION}",
        ),
        (f"http://host/openai/deployments/d/chat/completions?{VERSION}", f"http://host/openai/deployments/d?{VERSION}"),
        ("https://x.openai.azure.com/openai/v1/", "https://x.openai.azure.com/openai/v1"),
        ("https://x.openai.azure.com/openai/v1/models", "https://x.openai.azure.com/openai/v1"),
        (
            "https://x.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview",
            "https://x.services.ai.azure.com/models?api-version=2024-05-01-preview",
        ),
    ],
)
def test_drops_what_belongs_to_a_call_and_adds_what_is_missing(written: str, meant: str) -> None:
    assert str(Endpoint.parse(written)) == meant
    assert str(Endpoint.parse(meant)) == meant


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("api.openai.com/v1", "an http or https URL, such as https://api.openai.com/v1"),
        ("ftp://host/v1", "an http or https URL, such as"),
        ("https:///v1", "an http or https URL, such as"),
        ("https://", "an http or https URL, such as"),
        ("http://[::1/v1", "an http or https URL, such as"),
        ("http://host:99999/v1", "an http or https URL, such as"),
        ("http://host:0/v1", "an http or https URL, such as"),
        ("http://exa..mple/v1", "an http or https URL, such as"),
        ("https://host/ä", "an http or https URL, such as"),
        ("https://ho st/v1", "without spaces"),
        ("https://host/v1\n", "without spaces"),
        ("https://{name}.openai.azure.com/openai/v1", "placeholders"),
        ("https://x.openai.azure.com/openai/deployments/<name>?api-version=1", "placeholders"),
        ("https://host/v1#", "without a fragment"),
        ("https://host/v1#images", "without a fragment"),
        ("https://me:secret@host/v1", "without user name and password"),
        ("https://me@host/v1", "without user name and password"),
        ("http://api.openai.com/v1", "an https URL for api.openai.com, such as https://api.openai.com/v1"),
        ("http://x.openai.azure.com/openai/v1", "an https URL for x.openai.azure.com"),
        ("https://x.openai.azure.com", "such as https://NAME.openai.azure.com/openai/v1"),
        ("https://x.cognitiveservices.azure.com/openai/", "such as https://NAME.openai.azure.com/openai/v1"),
        (f"https://x.openai.azure.com/openai/deployments/?{VERSION}", "with the path of an API"),
        ("https://x.openai.azure.com/openai/deployments/d", "with an api-version behind a deployment"),
        ("https://host/openai/deployments/d?api-version=", "with one api-version"),
        (f"https://host/openai/deployments/d?{VERSION}/images/generations", "with one api-version"),
        (f"https://host/openai/deployments/d?{VERSION}&{VERSION}", "with one api-version"),
    ],
)
def test_refuses_what_cannot_work_and_names_the_form_that_is_wanted(url: str, wanted: str) -> None:
    with pytest.raises(ValueError, match=r"URL") as raised:
        Endpoint.parse(url)
    assert wanted in str(raised.value)


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://api.openai.com/v1", "Authorization"),
        ("https://openai.azure.com.example/v1", "Authorization"),
        ("https://host/v1?tag=api-version", "Authorization"),
        ("https://x.openai.azure.com/openai/v1", "api-key"),
        ("https://X.OpenAI.Azure.com/openai/v1", "api-key"),
        ("https://x.cognitiveservices.azure.com/openai/v1", "api-key"),
        ("https://x.services.ai.azure.com/openai/v1", "api-key"),
        ("https://gateway.example/azure?api-version=preview", "api-key"),
        ("https://gateway.example/azure?Api-Version=preview", "api-key"),
    ],
)
def test_presents_the_key_as_the_host_expects_it(url: str, header: str) -> None:
    assert list(Endpoint.parse(url).credentials("k")) == [header]


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


@pytest.mark.parametrize(
    ("headers", "expected"),
    [("", f"Bearer {API_KEY}"), ("authorization: Basic eA==", "Basic eA==")],
)
def test_returns_the_credentials_of_a_bearer(headers: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", headers)
    credentials = Client(api_key=API_KEY, base_url="https://host/v1")._credentials()
    assert credentials == {"authorization": expected}


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


@pytest.mark.parametrize(
    ("query", "shown", "secrets"),
    [
        ("", "", ()),
        (f"?{VERSION}", f"?{VERSION}", ()),
        (f"?{VERSION}&subscription-key=s%2Bcret", f"?{VERSION}&subscription-key=***", ("s%2Bcret", "s+cret")),
        ("?key=topsecret", "?key=***", ("topsecret",)),
        ("?team=red&access_token=topsecret", "?team=***&access_token=***", ("topsecret",)),
        ("?topsecret", "?***", ()),
    ],
)
def test_shows_no_value_of_the_query_but_the_version(query: str, shown: str, secrets: tuple[str, ...]) -> None:
    endpoint = Endpoint.parse(f"https://host/v1{query}")
    assert (endpoint.shown, endpoint.secrets) == (f"https://host/v1{shown}", secrets)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:SECRET@host/v1",
        "https://me:SE/CRET@host/v1",
        "https://me:S?ECRET@host/v1",
        "https://me:S#ECRET@host/v1",
        "me:SECRET@host/v1",
        "https://host/v1?key=SECRET",
        "https://host/v1?a=1?key=SECRET",
        "https://host/v1#SECRET",
    ],
)
def test_masks_what_was_meant_to_be_a_url(url: str) -> None:
    shown = masked(url)
    assert "CRET" not in shown
    assert "***" in shown
