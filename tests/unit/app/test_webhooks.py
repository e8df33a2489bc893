"""The settings of webhooks."""

from pathlib import Path

import pytest

from app.config import Config, ConfigError
from app.environment import load
from app.wiring import studio_settings, webhook_settings
from dalle.redaction import mask
from dalle.webhooks import signing
from dalle.webhooks.settings import TYPES
from tests.kit.environment import NOWHERE
from tests.kit.receiver import OTHER_SECRET, SECRET

URL = "https://receiver.example/services/T0/topsecret?token=topsecret"


def configured(**variables: str) -> Config:
    good = {"TB_DALLE_WEBHOOK_URL": URL, "TB_DALLE_WEBHOOK_SECRET": SECRET}
    return load({}, good | variables, NOWHERE)


def refused(**variables: str) -> str:
    with pytest.raises(ConfigError) as caught:
        configured(**variables)
    return str(caught.value)


def test_sends_nothing_unless_a_url_is_set() -> None:
    assert webhook_settings(load({}, {}, NOWHERE)) is None
    assert webhook_settings(configured(TB_DALLE_WEBHOOK_URL="")) is None


def test_sends_every_event_by_default() -> None:
    settings = studio_settings(configured(TB_DALLE_PUBLIC_URL="https://pictures.example/art/")).webhooks
    assert settings
    assert (settings.url, settings.events) == (URL, frozenset(TYPES))
    assert settings.secrets == (signing.secret_key(SECRET),)
    assert settings.public_url == "https://pictures.example/art"


@pytest.mark.parametrize(
    "text", ["run.completed run.failed", "run.failed,run.completed", " run.failed , run.completed,"]
)
def test_sends_the_events_that_are_named(text: str) -> None:
    assert configured(TB_DALLE_WEBHOOK_EVENTS=text).webhook_events == {"run.completed", "run.failed"}


def test_asks_which_event_was_meant() -> None:
    complaint = refused(TB_DALLE_WEBHOOK_EVENTS="run.completd picture.removed")
    assert complaint.startswith("invalid TB_DALLE_WEBHOOK_EVENTS=run.completd picture.removed: expected some of ")
    assert complaint.endswith("; did you mean run.completed?")


@pytest.mark.parametrize(
    "url",
    [
        "receiver.example/hook",
        "ftp://x/",
        "https://",
        "https://me:topsecret@x/",
        "https://x/#f",
        "http://x:0/",
        "http://x y",
    ],
)
def test_refuses_what_is_no_url_and_shows_no_secret_of_it(url: str) -> None:
    complaint = refused(TB_DALLE_WEBHOOK_URL=url)
    assert complaint.startswith("invalid TB_DALLE_WEBHOOK_URL=")
    assert "expected a URL such as https://receiver.example/events" in complaint
    assert "topsecret" not in complaint


@pytest.mark.parametrize(
    "url", ["pictures.example", "https://x/?a", "https://x/#a", "https://u@x", "ftp://x", "https://x/a b"]
)
def test_refuses_what_is_no_public_url(url: str) -> None:
    assert "invalid TB_DALLE_PUBLIC_URL=" in refused(TB_DALLE_PUBLIC_URL=url)


def test_refuses_a_url_without_a_secret() -> None:
    complaint = refused(TB_DALLE_WEBHOOK_SECRET="")
    assert complaint.startswith("invalid TB_DALLE_WEBHOOK_URL=https://receiver.example/***: ")
    assert "expected TB_DALLE_WEBHOOK_SECRET beside it: whsec_ and the base64" in complaint


@pytest.mark.parametrize(
    "secret", ["hunter2hunter2", "whsec_aGk=", f"{SECRET}{SECRET}", f"{SECRET} {SECRET} {OTHER_SECRET}", f"{SECRET} x"]
)
def test_refuses_what_is_no_secret_and_does_not_show_it(secret: str) -> None:
    complaint = refused(TB_DALLE_WEBHOOK_SECRET=secret)
    assert complaint == (
        "invalid TB_DALLE_WEBHOOK_SECRET=***: expected whsec_ and the base64 of 24 to 64 bytes; two, separated by a "
        "space, while it changes"
    )


@pytest.mark.parametrize("both", [f"{SECRET} {OTHER_SECRET}", f"{OTHER_SECRET} {SECRET}"])
def test_takes_two_secrets_in_a_variable_or_a_file(tmp_path: Path, both: str) -> None:
    """One of them ends in an equals sign, as a variable would that is set behind it."""
    assert configured(TB_DALLE_WEBHOOK_SECRET=both).webhook_secret == tuple(both.split())
    file = tmp_path / "secret"
    for text in (both, f"TB_DALLE_WEBHOOK_SECRET={both}\n", f'export TB_DALLE_WEBHOOK_SECRET="{both}"\n'):
        file.write_text(text)
        config = load({}, {"TB_DALLE_WEBHOOK_URL": URL, "TB_DALLE_WEBHOOK_SECRET_FILE": str(file)}, NOWHERE)
        assert config.webhook_secret == tuple(both.split())


def test_does_not_show_a_secret_that_is_set_as_its_file() -> None:
    complaint = refused(TB_DALLE_WEBHOOK_SECRET="", TB_DALLE_WEBHOOK_SECRET_FILE=SECRET)
    assert SECRET not in complaint
    assert "TB_DALLE_WEBHOOK_SECRET_FILE=***" in complaint


def test_shows_neither_secret_nor_path_of_the_receiver() -> None:
    config = configured(TB_DALLE_WEBHOOK_SECRET=f"{SECRET} {OTHER_SECRET}")
    assert "https://receiver.example/***" in repr(config)
    masked = mask(f"POST {URL} with {SECRET} or {OTHER_SECRET}", *config.secrets)
    for text in (repr(config), repr(webhook_settings(config)).replace(URL, ""), masked):
        assert "topsecret" not in text
        assert SECRET not in text
        assert "MfKQ" not in text
