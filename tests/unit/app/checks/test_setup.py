"""The checks of the configuration."""

from pathlib import Path

from app.checks import setup
from tests.kit.environment import NOWHERE
from tests.unit.app.checks.conftest import Configure


def test_warns_of_variables_that_are_no_settings(tmp_path: Path) -> None:
    assert setup.settings({"TB_DALLE_PORT": "1"}, tmp_path / "none.env").level == "ok"
    finding = setup.settings({"TB_DALLE_PROT": "1"}, tmp_path / "none.env")
    assert (finding.level, "did you mean TB_DALLE_PORT?" in finding.message) == ("warning", True)


def test_loads_the_font() -> None:
    assert setup.font().level == "ok"


def test_names_a_series_that_cannot_be_used(config: Configure, tmp_path: Path) -> None:
    (tmp_path / "series").mkdir()
    (tmp_path / "series" / "mine.json").write_text("{")
    good, bad = setup.series(config())
    assert (good.level, bad.level, bad.message.startswith("mine: ")) == ("ok", "warning", True)
    assert bad.todo.endswith("series/mine.json")


def test_names_a_catalogue_that_cannot_be_loaded(config: Configure, tmp_path: Path) -> None:
    assert setup.words(config()).level == "ok"
    assert setup.words(config(TB_DALLE_DATABASES_DIR=str(tmp_path))).level == "error"


def test_names_the_painter_and_never_the_key(config: Configure) -> None:
    assert setup.painter(config()).level == "warning"
    finding = setup.painter(config(OPENAI_API_KEY="sk-secret"))
    assert (finding.level, "sk-secret" in finding.message) == ("ok", False)
    assert "offline artist" in setup.painter(config(OPENAI_API_KEY="sk", TB_DALLE_SKIP_IMAGE="1")).message


def test_shows_no_secret_of_the_base_url(config: Configure) -> None:
    url = "https://host/v1?api-version=preview&subscription-key=topsecret"
    message = setup.painter(config(OPENAI_API_KEY="sk", OPENAI_BASE_URL=url)).message
    assert message == "gpt-image-2 at https://host/v1?api-version=preview&subscription-key=***, with an API key"


def test_names_what_is_not_sent_to_the_provider(config: Configure) -> None:
    good = config(OPENAI_API_KEY="sk", TB_DALLE_IMAGE_MODEL="openai/gpt-image-2", TB_DALLE_IMAGE_QUALITY="low")
    assert [finding.level for finding in setup.notices(good, {}, NOWHERE)] == ["ok"]
    bad = config(OPENAI_API_KEY="sk", TB_DALLE_IMAGE_STYLE="vivid")
    (finding,) = setup.notices(bad, {}, NOWHERE)
    assert (finding.level, "TB_DALLE_IMAGE_STYLE=vivid is not sent" in finding.message) == ("warning", True)
    assert list(setup.notices(config(TB_DALLE_IMAGE_STYLE="vivid"), {}, NOWHERE)) == []


def test_says_where_the_key_is_set_or_made_empty(config: Configure, tmp_path: Path) -> None:
    key, dotenv = tmp_path / "key", tmp_path / ".env"
    key.write_text("sk-secret")
    dotenv.write_text("OPENAI_API_KEY=sk-secret\n")
    paid = config(OPENAI_API_KEY="sk-secret")
    assert setup.painter(paid, {}, dotenv).message.endswith("with the API key of OPENAI_API_KEY in .env")
    finding = setup.painter(paid, {"OPENAI_API_KEY_FILE": str(key)}, dotenv)
    assert finding.message.endswith(f"the API key of the file {key} (OPENAI_API_KEY_FILE in the environment)")
    finding = setup.painter(config(), {"OPENAI_API_KEY": ""}, dotenv)
    assert finding.message == "the offline artist, because OPENAI_API_KEY in the environment is empty"
