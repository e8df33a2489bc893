"""Who may start and remove pictures: people and scripts, and neither previews of links nor, where set, other sites."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.kit.http import Answer, Client
from tests.kit.nginx import NGINX, Nginx, Place
from tests.kit.service import Service
from tests.kit.stub import Stub

AHEAD: dict[str, dict[str, Any]] = {
    "Slack": {"User_Agent": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"},
    "Discord": {"User_Agent": "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)"},
    "X": {"User_Agent": "Twitterbot/1.0"},
    "Facebook": {"User_Agent": "facebookexternalhit/1.1"},
    "Firefox": {"X_Moz": "prefetch"},
    "Safari": {"X_Purpose": "preview"},
    "Chrome": {"Sec_Purpose": "prefetch;prerender"},
}
ELSEWHERE: dict[str, Any] = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A service whose pictures only pages of its own site may start."""
    with Service(tmp_path_factory.mktemp("near"), GENERATE_FROM="same-site") as started:
        yield started.client


def only_looks(client: Client, address: str, **headers: Any) -> Answer:
    """Asks for a run in both ways, then makes the picture as a person and asks for all that acts; the last answer."""
    path = f"/dalle/simple/{address}"
    for query in ("generate=1", "generate"):
        assert client.ask(f"{path}?{query}", **headers).json["data"] == {}, query
    assert client.ask(path).json["data"] == {}
    client.painted(path)
    for query in ("generate=1", "generate", "remove=1"):
        answer = client.ask(f"{path}?{query}", **headers)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png"), query
    assert client.ask(path).headers["content-type"] == "image/png"
    return answer


@pytest.mark.parametrize("headers", AHEAD.values(), ids=list(AHEAD))
def test_shows_only_what_is_there_to_a_preview(client: Client, address: str, headers: dict[str, Any]) -> None:
    answer = only_looks(client, address, **headers)
    assert answer.headers["cache-control"] == "no-cache"  # the same link is an action for another visitor


def test_pays_for_no_preview(tmp_path: Path, address: str) -> None:
    with Stub() as stub, Service(tmp_path, variables=stub.variables, WORKERS=1, NO_ENHANCE=1) as service:
        for headers in AHEAD.values():
            service.ask(f"/dalle/simple/{address}?generate=1", **headers)
        assert stub.images() == 0
        service.client.painted(f"/dalle/simple/{address}")
        assert stub.images() == 1


def test_lets_other_sites_embed_pictures_that_are_made_by_that(client: Client, address: str) -> None:
    assert client.ask(f"/dalle/simple/{address}?generate=1", **ELSEWHERE).json["done"] is False


def test_shows_only_what_is_there_to_other_sites_where_that_is_set(near: Client, address: str) -> None:
    only_looks(near, address, **ELSEWHERE)


@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_lets_its_own_site_and_people_act(near: Client, address: str, site: str) -> None:
    path = f"/dalle/simple/{address}"
    assert near.ask(f"{path}?generate=1", Sec_Fetch_Site=site).json["done"] is False
    near.painted(path)
    assert near.ask(f"{path}?remove=1", Sec_Fetch_Site=site).text.startswith("The picture of")


@pytest.mark.nginx
@pytest.mark.skipif(NGINX is None, reason="nginx is not installed")
def test_holds_behind_nginx(address: str) -> None:
    with Place() as place, place.service(GENERATE_FROM="same-site"), Nginx(place) as nginx:
        only_looks(nginx.client, address, **AHEAD["Slack"])
        only_looks(nginx.client, f"0x{int(address, 16) ^ 1:040x}", **ELSEWHERE)
