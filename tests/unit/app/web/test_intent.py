"""Which requests were meant to start or remove something."""

import pytest
from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from app.web.intent import is_meant

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"


def meant(generate_from: str = "anywhere", method: str = "GET", **headers: str) -> bool:
    named = {"User-Agent": BROWSER} | {name.replace("_", "-"): value for name, value in headers.items()}
    return is_meant(Request(EnvironBuilder(method=method, headers=Headers(named)).get_environ()), generate_from)


def test_takes_a_get_at_its_word_and_a_head_never() -> None:
    assert meant()
    assert meant(User_Agent="")
    assert not meant(method="HEAD")


@pytest.mark.parametrize("name", ["Sec_Purpose", "Purpose", "X_Purpose", "X_Moz", "sec_purpose"])
@pytest.mark.parametrize(
    "value",
    ["prefetch", "Prefetch", "preview", "PREVIEW", "prefetch;prerender", "prefetch;anonymous-client-ip", ": preview"],
)
def test_starts_nothing_ahead_of_a_person(name: str, value: str) -> None:
    assert not meant(**{name: value})


def test_ignores_other_purposes() -> None:
    assert meant(Purpose="navigate", X_Purpose="", Sec_Purpose="other")
    assert not meant(Purpose="navigate", X_Moz="prefetch")


def test_starts_nothing_for_a_preview_of_a_link() -> None:
    assert not meant(User_Agent="Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)")


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none", ""])
def test_lets_pages_from_anywhere_act_by_default(site: str) -> None:
    assert meant(Sec_Fetch_Site=site)


@pytest.mark.parametrize(
    ("site", "acts"),
    [
        ("cross-site", False),
        ("Cross-Site", False),
        ("cross-site, none", False),
        ("same-site", True),
        ("same-origin", True),
        ("Same-Origin", True),
        ("none", True),
        ("", True),
    ],
)
def test_lets_pages_of_the_same_site_act_where_that_is_set(site: str, acts: bool) -> None:
    assert meant("same-site", Sec_Fetch_Site=site) is acts


def test_lets_clients_act_that_do_not_say_where_they_are() -> None:
    assert meant("same-site", User_Agent="curl/8.5.0")
