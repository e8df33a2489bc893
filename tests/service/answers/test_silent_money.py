"""Settings and clients that cost more than anybody sees: models behind gateways, chatter, odd URLs, link previews."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.stub import API_KEY, Stub
from tests.service.answers.playing import SETTINGS, costs, served
from tests.service.answers.row import answer
from tests.service.paying import Paying

OWL = "A serene owl."
GOOD = answer({"created": 1, "data": [{"b64_json": "{B64}"}]})


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Paying]:
    """A service whose prompts are enhanced, behind a gateway that puts the vendor's name before the model's."""
    model = {"IMAGE_MODEL": "openai/gpt-image-2", "IMAGE_QUALITY": "low", "IMAGE_FORMAT": "webp"}
    settings: dict[str, Any] = {**model, "NO_ENHANCE": 0}
    with served(tmp_path_factory.mktemp("money"), **settings) as running:
        yield running


def test_sends_and_prices_a_model_behind_a_gateway_as_the_model_that_it_is(service: Paying) -> None:
    service.script({"rules": [{"path": "images", **GOOD}]})
    assert service.run()[1]["errorCode"] == ""
    (call,) = service.stub.rows()
    sent = {name: call["order"].get(name) for name in ("model", "quality", "output_format", "size")}
    assert sent == {
        "model": "openai/gpt-image-2",
        "quality": "low",
        "output_format": "webp",
        "size": "256x256",
    }
    assert 0 < costs(service)["simple"]["usd"] < 0.006


@pytest.mark.parametrize(
    ("content", "reason", "painted"),
    [
        (OWL, "stop", OWL),
        (f"<think>plan</think>\n{OWL}", "stop", OWL),
        (f"plan</think>{OWL}", "stop", OWL),
        ("<think>plan", "length", ""),
        ("A serene owl that", "length", ""),
        ("<think>plan</think>\n", "stop", ""),
        (f"Sure! Here is the prompt:\n```\n{OWL}\n```", "stop", OWL),
    ],
    ids=["plain", "thinks", "thinks-unopened", "thinks-unclosed", "cut", "only-thinks", "opens-and-fences"],
)
def test_paints_the_prompt_and_nothing_that_was_said_about_it(
    content: str, reason: str, painted: str, service: Paying
) -> None:
    service.script({"rules": [{"path": "chat", "content": content, "finish": reason}, {"path": "images", **GOOD}]})
    path, report = service.run()
    assert report["errorCode"] == ""
    (call,) = service.stub.rows()
    if painted:
        assert call["prompt"].startswith(f"{OWL}\n\n")
    else:
        assert call["prompt"] == service.prompt(path)
    assert not [word for word in ("think>", "plan<", "Sure!", "```") if word in call["prompt"]]
    shown = service.ask(f"{path}?generate=1").data["dalleDress"]["enhancedPrompt"]
    assert shown == painted


@pytest.mark.parametrize(
    "header",
    [
        {"User_Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
        {"User_Agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
        {"User_Agent": "Twitterbot/1.0"},
        {"User_Agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
        {"X_Moz": "prefetch"},
        {"X_Purpose": "preview"},
    ],
    ids=["slack", "discord", "twitter", "facebook", "x-moz", "x-purpose"],
)
@pytest.mark.parametrize("query", ["generate=1", "generate"])
def test_paints_nothing_for_a_link_preview(query: str, header: dict[str, str], service: Paying, address: str) -> None:
    service.script({})
    path = f"/dalle/simple/{address}"
    seen = service.ask(f"{path}?{query}", **header)
    assert (seen.status, seen.data) == (200, {})
    assert service.ask(path).data == {}
    assert service.stub.images() == 0


@pytest.mark.parametrize(
    ("base", "target"),
    [
        (
            "/openai/deployments/gpt-image-2?api-version=2025-04-01-preview",
            "/openai/deployments/gpt-image-2/images/generations?api-version=2025-04-01-preview",
        ),
        ("/v1/images/generations", "/v1/images/generations"),
    ],
    ids=["query", "doubled-end"],
)
def test_pays_at_the_url_that_is_meant(base: str, target: str, tmp_path: Path) -> None:
    with Stub() as stub:
        stub.variables["OPENAI_BASE_URL"] = stub.client.url + base
        with Paying(tmp_path, stub, **SETTINGS) as service:
            assert service.run()[1]["errorCode"] == ""
            assert [call["target"] for call in stub.rows()] == [target]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_sends_a_key_without_the_quotes_of_an_env_file(quote: str, tmp_path: Path) -> None:
    with Stub() as stub:
        stub.variables["OPENAI_API_KEY"] = f"{quote}{API_KEY}{quote}"
        with Paying(tmp_path, stub, **SETTINGS) as service:
            assert service.run()[1]["errorCode"] == ""
            assert [call["headers"]["authorization"] for call in stub.rows()] == [f"Bearer {API_KEY}"]
