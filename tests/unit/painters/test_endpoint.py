"""Base URLs: which can work, whose key they are sent, and what of them is shown."""

import pytest

from dalle.painters.openai.client import Client
from dalle.painters.openai.endpoint import Endpoint, masked
from tests.kit.provider import API_KEY

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


@pytest.mark.parametrize(
    ("headers", "expected"),
    [("", f"Bearer {API_KEY}"), ("authorization: Basic eA==", "Basic eA==")],
)
def test_returns_the_credentials_of_a_bearer(headers: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", headers)
    credentials = Client(api_key=API_KEY, base_url="https://host/v1")._credentials()
    assert credentials == {"authorization": expected}


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
