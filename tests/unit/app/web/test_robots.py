"""`/robots.txt`, read as RFC 9309 says and as older crawlers do."""

import re

import pytest
from flask.testing import FlaskClient

PICTURE = "/dalle/simple/0x1"

# Path → whether a crawler may open it.
PATHS: list[tuple[str, bool]] = [
    ("/", True),
    ("/preview?q=a&series=b", True),
    ("/workshop", False),
    ("/workshop?nouns=%2Cowl%2C", False),
    ("/workshop/sketch?series=draft", False),
    (PICTURE, True),
    (f"{PICTURE}.png", True),
    (f"{PICTURE}?v=1a", True),
    (f"{PICTURE}.png?v=1a", True),
    (f"{PICTURE}?w=64", True),
    (f"{PICTURE}?v=1a&w=64", True),
    (f"{PICTURE}?w=64&v=1a", True),
    (f"{PICTURE}?generate=1", False),
    (f"{PICTURE}?generate", False),
    (f"{PICTURE}?remove=1", False),
    (f"{PICTURE}?x=1", False),
    (f"{PICTURE}?placeholder=1", False),
    (f"{PICTURE}?v=1a&generate=1", False),
    (f"{PICTURE}?generate=1&v=1a", False),
    (f"{PICTURE}?w=64&remove=1", False),
    (f"{PICTURE}?v=1a&w=64&generate=1", False),
    (f"{PICTURE}?w=64&v=1a&generate=1", False),
    (f"{PICTURE}?v=1a&generate=1&w=64", False),
    (f"{PICTURE}?w=64&generate=1&v=1a", False),
]


def rules(text: str) -> list[tuple[str, bool]]:
    lines = [line.split(": ") for line in text.splitlines() if line]
    assert lines[0] == ["User-agent", "*"]
    assert {name for name, _ in lines[1:]} == {"Allow", "Disallow"}
    return [(pattern, name == "Allow") for name, pattern in lines[1:]]


def matching(text: str, path: str) -> list[tuple[str, bool]]:
    return [rule for rule in rules(text) if re.match(re.escape(rule[0]).replace(r"\*", ".*"), path)]


@pytest.mark.parametrize(("path", "allowed"), PATHS)
def test_lets_crawlers_follow_what_starts_nothing(client: FlaskClient, path: str, allowed: bool) -> None:
    found = matching(client.get("/robots.txt").text, path)
    longest = max(found, key=lambda rule: (len(rule[0]), rule[1]), default=("", True))
    first = next(iter(found), ("", True))
    assert (longest[1], first[1]) == (allowed, allowed)
