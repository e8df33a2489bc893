"""Signed links: what is signed, and what is refused."""

import hashlib
import re
from base64 import urlsafe_b64decode
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app import links
from app.config import Config, ConfigError
from app.environment import load
from dalle.redaction import mask
from tests.kit.environment import NOWHERE
from tests.kit.repository import ROOT

SECRET = "0123456789abcdef" * 2
ADDRESS = "0xD8DA6bf26964af9d7eed9e03e53415d37aa96045"
PATH = f"/dalle/Simple/{ADDRESS}"
RECIPE = ROOT / "deploy/nginx/dalleserver.conf"


def configured(**variables: str) -> Config:
    return load({}, variables, NOWHERE)


@pytest.mark.parametrize("server", ["", "https://pictures.example.org", "http://127.0.0.1:8080", "http://[::1]:80"])
@pytest.mark.parametrize("slash", ["", "/"])
def test_signs_the_path_as_it_is_written(server: str, slash: str) -> None:
    link = links.signed(f"{server}{PATH}{slash}", SECRET, 1_800_000_000)
    url, _, query = link.partition("?")
    assert url == f"{server}{PATH}{slash}"
    values = {name: value[0] for name, value in parse_qs(query).items()}
    assert (list(values), values["generate"], values["expires"]) == (
        ["generate", "expires", "md5"],
        "1",
        "1800000000",
    )
    expected = hashlib.md5(f"1800000000{PATH}{slash} {SECRET}".encode()).digest()  # noqa: S324 — as nginx does
    assert urlsafe_b64decode(f"{values['md5']}==") == expected


def test_makes_what_the_pattern_of_nginx_takes_and_nothing_else() -> None:
    text = re.search(r'"~\^GET \(\?<dalle_link_path>.*?\\z"', RECIPE.read_text())
    assert text
    pattern = re.compile(text[0].strip('"~').replace("(?<", "(?P<").replace(r"\z", r"\Z"))
    for number in range(200):
        link = links.signed(f"https://x{PATH}", f"{SECRET}{number}", 1_800_000_000 + number)
        parts = urlsplit(link)
        target = f"GET {parts.path}?{parts.query}"
        match = pattern.search(target)
        assert match
        assert match["dalle_link_path"] == PATH
        last = target[-1]
        others = [f"{target[:-1]}{letter}" for letter in "ABCDEFGHQgwxyz0189-_=" if letter not in "AQgw"]
        assert last in "AQgw"
        assert not any(
            pattern.search(other) for other in [*others, f"{target}=", f"{target}&", f"{target}#", target[:-1]]
        )


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "https://host/dalle/"),
        ("https://x", "https://host/dalle/"),
        ("https://x/", "https://host/dalle/"),
        (f"x{PATH}", "https://host/dalle/"),
        (f"//x{PATH}", "https://host/dalle/"),
        (f"ftp://x{PATH}", "https://host/dalle/"),
        (f"https://{PATH}", "https://host/dalle/"),
        (f"https://x:0{PATH}", "https://host/dalle/"),
        (f"https://x:99999{PATH}", "https://host/dalle/"),
        (f"https://[::1{PATH}", "https://host/dalle/"),
        (f"https://x y{PATH}", "https://host/dalle/"),
        (f"https://x{PATH}/more", "https://host/dalle/"),
        (f"https://x{PATH}//", "https://host/dalle/"),
        (f"https://x/pictures{PATH}", "https://host/dalle/"),
        (f"https://x/preview/simple/{ADDRESS}", "https://host/dalle/"),
        (f"https://x/DALLE/simple/{ADDRESS}", "https://host/dalle/"),
        (f"https://x/dalle/./simple/{ADDRESS}", "https://host/dalle/"),
        (f"https://x{PATH}?generate=1", "alone: the query is added"),
        (f"https://x{PATH}#a", "alone: the query is added"),
        (f"https://x/dalle/my_series/{ADDRESS}", "a series has"),
        (f"https://x/dalle/%73imple/{ADDRESS}", "a series has"),
        (f"https://x/dalle//{ADDRESS}", "a series has"),
        ("https://x/dalle/simple", "an address is 0x"),
        ("https://x/dalle/simple/0x12", "an address is 0x"),
        (f"https://x{PATH}.png", "an address is 0x"),
        (f"https://x{PATH}\n", "https://host/dalle/"),
        (f"{PATH}\n", "an address is 0x"),
        (f"https://ann:secret@x{PATH}", "without a name and a password"),
    ],
)
def test_refuses_what_is_no_picture(url: str, expected: str) -> None:
    with pytest.raises(ValueError, match=re.escape(expected)) as caught:
        links.signed(url, SECRET, 1)
    assert "secret" not in str(caught.value)


def test_is_configured_by_a_secret_that_nobody_sees(tmp_path: Path) -> None:
    assert configured().link_secret == ""
    file = tmp_path / "secret"
    file.write_text(f"{SECRET}\n")
    for config in (configured(TB_DALLE_LINK_SECRET=SECRET), configured(TB_DALLE_LINK_SECRET_FILE=str(file))):
        assert config.link_secret == SECRET
        assert SECRET not in repr(config)
        assert SECRET not in mask(f"a line with {SECRET} in it", *config.secrets)


@pytest.mark.parametrize(
    "bad",
    [
        "short",
        "x" * 23,
        "x" * 257,
        f'{SECRET}"',
        f"{SECRET}$uri",
        f"{SECRET};",
        f"{SECRET} x",
        f"{SECRET}\\",
        f"{SECRET}é",
    ],
)
def test_takes_no_secret_that_could_be_guessed_or_that_nginx_reads_otherwise(bad: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(TB_DALLE_LINK_SECRET=bad)
    assert "TB_DALLE_LINK_SECRET=***" in str(caught.value)
    assert bad not in str(caught.value)


def test_takes_what_openssl_prints() -> None:
    for text in ("9" * 64, "aB3/" * 10 + "+w==", "aB3/" * 10 + "+ww="):
        assert configured(TB_DALLE_LINK_SECRET=text).link_secret == text
