"""The settings, and the configuration that is read from them."""

import re
import runpy
from dataclasses import fields, replace
from pathlib import Path

import pytest

from app import settings
from app.config import Config, ConfigError
from app.environment import key_notices, load, source, unknown_variables
from app.settings import setting_of
from app.wiring import provider_settings, studio_settings
from tests.kit.repository import ROOT

NOWHERE = Path("/nonexistent/.env")


def test_takes_flags_over_environment_over_file_over_defaults(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("TB_DALLE_PORT=1111\nTB_DALLE_WORKERS=7\nTB_DALLE_QUEUE=9\n")
    config = load({"TB_DALLE_PORT": "3333"}, {"TB_DALLE_PORT": "2222", "TB_DALLE_WORKERS": "8"}, file)
    assert (config.port, config.workers, config.queue, config.threads) == (3333, 8, 9, 4)


@pytest.mark.parametrize(
    ("text", "seconds"), [("5m", 300), ("30s", 30), ("1h30m", 5400), ("300ms", 0.3), ("0", 0), ("1.5s", 1.5)]
)
def test_reads_durations(text: str, seconds: float) -> None:
    assert settings.duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["5", "m", "-5m", "5 m", "5d", "1e3s", "", "５m"])
def test_refuses_invalid_durations(text: str) -> None:
    with pytest.raises(ValueError, match="a duration such as 5m"):
        settings.duration(text)


def test_names_every_bad_setting_at_once() -> None:
    wrong = {
        "TB_DALLE_PORT": "99999",
        "TB_DALLE_LOCK_TTL": "soon",
        "TB_DALLE_READ_ONLY": "maybe",
        "OPENAI_API_KEY": "a secret with spaces",
    }
    with pytest.raises(ConfigError) as caught:
        load({}, wrong, NOWHERE)
    lines = str(caught.value).splitlines()
    assert lines[0] == "invalid TB_DALLE_PORT=99999: expected a port number from 1 to 65535"
    assert len(lines) == 4
    assert "a secret with spaces" not in str(caught.value)


def test_refuses_a_silence_shorter_than_the_heartbeat() -> None:
    with pytest.raises(ConfigError, match="TB_DALLE_LOCK_TTL"):
        load({}, {"TB_DALLE_LOCK_TTL": "500ms"}, NOWHERE)


@pytest.mark.parametrize(
    "url", ["api.openai.com/v1", "ftp://host/v1", "http:///v1", "http://[::1/v1", "http://host:99999/v1"]
)
def test_refuses_an_invalid_base_url(url: str) -> None:
    with pytest.raises(ConfigError, match=r"OPENAI_BASE_URL=.*: expected an http or https URL"):
        load({}, {"OPENAI_BASE_URL": url}, NOWHERE)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:topsecret@host/v1", "https://***@host/v1"),
        ("ftp://host/v1?key=topsecret", "ftp://host/v1?key=***"),
        ("https://host/v1?api-version=&subscription-key=topsecret", "subscription-key=***"),
        ("https://host/v1#topsecret", "https://host/v1#***"),
    ],
)
def test_names_an_invalid_base_url_without_the_secrets_in_it(url: str, shown: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load({}, {"OPENAI_BASE_URL": url}, NOWHERE)
    assert str(raised.value).startswith("invalid OPENAI_BASE_URL=")
    assert shown in str(raised.value)
    assert "topsecret" not in str(raised.value)


def test_takes_the_path_of_a_call_for_the_base_url_and_keeps_the_query_to_itself() -> None:
    url = "https://host/openai/deployments/d/images/generations?api-version=preview&subscription-key=top%2Bsecret"
    config = load({}, {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "sk-test"}, NOWHERE)
    base = "https://host/openai/deployments/d?api-version=preview&subscription-key="
    assert config.base_url == f"{base}top%2Bsecret"
    assert f"{base}***" in repr(config)
    assert "top%2Bsecret" not in repr(config)
    assert config.secrets == ("sk-test", "top%2Bsecret", "top+secret")


@pytest.mark.parametrize(
    "host", ["https://host", "host/v1", "me@host", "host:0", "host:99999", "host:x", "[::1", "a b"]
)
def test_refuses_an_invalid_provider_host(host: str) -> None:
    with pytest.raises(ConfigError, match=r"TB_DALLE_PROVIDER_HOSTS=.*: expected hosts such as"):
        load({}, {"TB_DALLE_PROVIDER_HOSTS": f"good.example.com,{host}"}, NOWHERE)


@pytest.mark.parametrize(
    "url",
    [
        *("pictures.example.org", "ftp://x.org", "https://", "https:///path", "https://x.org?a=1", "https://x.org/?"),
        *("https://x.org#a", "https://ann:secret@x.org", "https://x.org:99999", "https://x.org:0", "https://x .org"),
        *("https://x.org/a b", "https://x.org/<a>", "https://x.org\\a", "https://[::1", "https://müller.example"),
    ],
)
def test_refuses_an_invalid_public_url(url: str) -> None:
    with pytest.raises(ConfigError, match=r"invalid TB_DALLE_PUBLIC_URL=.*: expected an http or https URL without"):
        load({"TB_DALLE_PUBLIC_URL": url}, environ={}, dotenv=NOWHERE)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("", ""),
        ("https://pictures.example.org", "https://pictures.example.org"),
        ("https://pictures.example.org/", "https://pictures.example.org"),
        ('"HTTP://x:8080/dalle/"', "HTTP://x:8080/dalle"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://x.org/~ann/a%20b", "https://x.org/~ann/a%20b"),
    ],
)
def test_reads_the_public_url(url: str, read: str) -> None:
    assert load({"TB_DALLE_PUBLIC_URL": url}, environ={}, dotenv=NOWHERE).public_url == read


def test_reads_the_hosts_of_providers() -> None:
    config = load({}, {"TB_DALLE_PROVIDER_HOSTS": "Images.Example.com, 10.0.0.5:4000,[::1]:80"}, NOWHERE)
    assert provider_settings(config).provider_hosts == ("images.example.com", "10.0.0.5:4000", "[::1]:80")


def test_refuses_a_price_file_that_holds_no_prices(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text('{"models": {"gpt-image-2": {"million": {"out": "30 USD"}}}}')
    with pytest.raises(ConfigError, match=r"TB_DALLE_PRICES=.*: expected .*price table.* a number"):
        load({}, {"TB_DALLE_PRICES": str(file)}, NOWHERE)


def test_refuses_a_budget_in_money_for_a_model_without_a_price(tmp_path: Path) -> None:
    file = tmp_path / "prices.json"
    file.write_text('{"models": {"home-made": {"picture": {"": 0.01}}}}')
    settings = {"OPENAI_API_KEY": "sk-test", "TB_DALLE_DAILY_BUDGET_USD": "5", "TB_DALLE_IMAGE_MODEL": "home-made"}
    with pytest.raises(ConfigError, match=r"TB_DALLE_DAILY_BUDGET_USD=5: .* a picture of home-made"):
        load({}, settings, NOWHERE)
    assert load({}, settings | {"TB_DALLE_PRICES": str(file)}, NOWHERE).daily_budget == 5
    assert load({}, settings | {"TB_DALLE_DAILY_BUDGET_USD": "0"}, NOWHERE).daily_budget == 0


def test_reads_the_older_servers_port() -> None:
    assert load({}, {"TB_DALLE_PORT": ":8181"}, NOWHERE).port == 8181


def test_takes_a_secret_from_a_file_and_masks_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-very-secret\n")
    config = load({}, {"OPENAI_API_KEY_FILE": str(file)}, NOWHERE)
    assert config.api_key == "sk-very-secret"
    assert "very-secret" not in repr(config)


def test_names_the_file_of_a_secret_that_cannot_be_read() -> None:
    with pytest.raises(ConfigError) as caught:
        load({}, {"OPENAI_API_KEY_FILE": "/nowhere/key"}, NOWHERE)
    assert str(caught.value) == "invalid OPENAI_API_KEY_FILE=/nowhere/key: expected a readable text file"


def test_does_not_show_a_key_that_is_set_as_its_file() -> None:
    with pytest.raises(ConfigError) as caught:
        load({}, {"OPENAI_API_KEY_FILE": "'sk-secret'"}, NOWHERE)
    assert str(caught.value) == "invalid OPENAI_API_KEY_FILE=***: expected a readable text file"


def test_takes_a_secrets_file_over_a_secret_that_is_written_below(tmp_path: Path) -> None:
    key, file = tmp_path / "key", tmp_path / ".env"
    key.write_text("sk-of-the-environment")
    file.write_text("OPENAI_API_KEY=sk-of-the-file\n")
    assert load({}, {"OPENAI_API_KEY_FILE": str(key)}, file).api_key == "sk-of-the-environment"
    file.write_text(f"OPENAI_API_KEY_FILE={key}\n")
    assert load({}, {"OPENAI_API_KEY": "sk-written"}, file).api_key == "sk-written"


def test_takes_the_quotes_away_that_env_files_of_containers_keep() -> None:
    quoted = {
        "OPENAI_API_KEY": '"sk-x"',
        "OPENAI_BASE_URL": "'http://127.0.0.1:1/v1'",
        "TB_DALLE_PORT": '"8181"',
        "TB_DALLE_READ_ONLY": "'1'",
        "TB_DALLE_DATA_DIR": '"/srv/a b"',
        "TB_DALLE_IMAGE_PARAMS": '\'{"background": "opaque"}\'',
        "TB_DALLE_QUEUE": '""',
    }
    config = load({}, quoted, NOWHERE)
    assert (config.api_key, config.base_url, config.port) == ("sk-x", "http://127.0.0.1:1/v1", 8181)
    assert (config.read_only, config.data_dir, config.queue) == (True, Path("/srv/a b"), 200)
    assert config.image_params == {"background": "opaque"}


def test_names_a_setting_with_half_of_its_quotes() -> None:
    with pytest.raises(ConfigError) as caught:
        load({}, {"OPENAI_API_KEY": '"sk-secret', "TB_DALLE_PORT": '8080"'}, NOWHERE)
    assert str(caught.value).splitlines() == [
        'invalid TB_DALLE_PORT=8080": expected two matching quotes, or none',
        "invalid OPENAI_API_KEY=***: expected two matching quotes, or none",
    ]


@pytest.mark.parametrize("text", ["", '""', " "])
def test_has_no_key_where_it_is_set_and_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / ".env").write_text("OPENAI_API_KEY=sk-below\n")
    (tmp_path / "key").write_text("sk-file")
    assert load({}, {"OPENAI_API_KEY": text}, tmp_path / ".env").api_key == ""
    beside = {"OPENAI_API_KEY": text, "OPENAI_API_KEY_FILE": str(tmp_path / "key")}
    assert load({}, beside, tmp_path / ".env").api_key == "sk-file"
    (tmp_path / ".env").write_text(f"OPENAI_API_KEY_FILE={tmp_path / 'key'}\n")
    assert load({}, {"OPENAI_API_KEY": text}, tmp_path / ".env").api_key == ""


@pytest.mark.parametrize("layer", ["environment", ".env"])
def test_refuses_two_different_keys_in_one_place(tmp_path: Path, layer: str) -> None:
    key, dotenv = tmp_path / "key", tmp_path / ".env"
    key.write_text("sk-in-the-file\n")
    for text, accepted in (("sk-in-the-variable", False), ("sk-in-the-file", True), ("'sk-in-the-file'", True)):
        both = {"OPENAI_API_KEY": text, "OPENAI_API_KEY_FILE": f'"{key}"'}
        if layer == ".env":
            dotenv.write_text("".join(f"{name}={value}\n" for name, value in both.items()))
            both = {}
        if accepted:
            assert load({}, both, dotenv).api_key == "sk-in-the-file"
            continue
        with pytest.raises(
            ConfigError, match=r"invalid OPENAI_API_KEY_FILE=.*key.*: expected only one of the two"
        ) as caught:
            load({}, both, dotenv)
        assert "OPENAI_API_KEY is set beside it to another key: remove the wrong one" in str(caught.value)
        assert "sk-in" not in str(caught.value)


@pytest.mark.parametrize("text", ["a key", "Bearer a key", "sk-\u00e9", "sk-x\x07"])
def test_refuses_a_key_that_no_header_can_carry(text: str) -> None:
    with pytest.raises(ConfigError, match=r"invalid OPENAI_API_KEY=\*\*\*: expected printable ASCII without spaces"):
        load({}, {"OPENAI_API_KEY": text}, NOWHERE)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("OPENAI_API_KEY\n", "line 1: expected OPENAI_API_KEY=value"),
        ("# key\n\nexport OPENAI_API_KEY\n", "line 3: expected OPENAI_API_KEY=value"),
        ("A=1\nOPENAI_API_KEY sk-x\n", "line 2: expected OPENAI_API_KEY=value"),
        ("OPENAI_API_KEY: sk-x\n", "line 1: expected OPENAI_API_KEY=value"),
        ('OPENAI_API_KEY="sk-x\n', "line 1: expected OPENAI_API_KEY=value, with matching quotes or none"),
        ('OPENAI_API_KEY="sk-x\nTB_DALLE_PORT="80"\n', "line 1: expected OPENAI_API_KEY=value"),
        ("OPENAI_API_KEY_FILE\n", "line 1: expected OPENAI_API_KEY_FILE=value"),
        ("TB_DALLE_PORT\n", "line 1: expected TB_DALLE_PORT=value"),
        ("OPENAI_API_KEY=a\nOPENAI_API_KEY=b\n", "line 2: expected OPENAI_API_KEY once, and line 1 has another value"),
    ],
)
def test_names_the_line_of_a_dotenv_file_that_would_be_lost(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / ".env"
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load({}, {}, file)
    assert str(caught.value).startswith(f"{file}, {complaint}")
    assert "sk-x" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffOPENAI_API_KEY=sk-x\n",
        "OPENAI_API_KEY=sk-x\r\n",
        "export OPENAI_API_KEY='sk-x'  # of the shop\n",
        "OPENAI_API_KEY='\"sk-x\"'\n",
        "OPENAI_API_KEY = Bearer sk-x\n",
        "OPENAI_API_KEY=sk-x\nOPENAI_API_KEY=sk-x\n",
        "OTHER\nsome words\nOPENAI_API_KEY=sk-x\n",
    ],
)
@pytest.mark.filterwarnings("default")
def test_reads_a_dotenv_file_of_any_editor(tmp_path: Path, text: str) -> None:
    (tmp_path / ".env").write_bytes(text.encode())
    assert load({}, {}, tmp_path / ".env").api_key == "sk-x"


def test_ignores_a_folder_called_dotenv(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    assert load({}, {}, tmp_path / ".env").api_key == ""


def test_says_where_the_key_comes_from(tmp_path: Path) -> None:
    key, dotenv = tmp_path / "key", tmp_path / ".env"
    name = "OPENAI_API_KEY"
    assert source(name, {}, dotenv) == ""
    dotenv.write_text("OPENAI_API_KEY=sk-x\n")
    assert source(name, {}, dotenv) == "OPENAI_API_KEY in .env"
    given = {"OPENAI_API_KEY": '""', "OPENAI_API_KEY_FILE": str(key)}
    assert source(name, given, dotenv) == f"the file {key} (OPENAI_API_KEY_FILE in the environment)"
    assert source(name, {"OPENAI_API_KEY": ""}, dotenv) == "OPENAI_API_KEY in the environment"


@pytest.mark.parametrize("content", [b"\xff\xfe", b"TB_DALLE_PORT=1\xe9"])
def test_names_a_dotenv_file_that_is_no_text(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(ConfigError, match=r"\.env: expected a readable text file in UTF-8"):
        load({}, {}, tmp_path / ".env")


@pytest.mark.parametrize("name", ["IMAGE_TIMEOUT", "ENHANCE_TIMEOUT", "DOWNLOAD_TIMEOUT", "CONNECT_TIMEOUT"])
def test_leaves_every_call_some_time(name: str) -> None:
    with pytest.raises(ConfigError, match=f"invalid TB_DALLE_{name}=0s: expected a duration longer than 0"):
        load({}, {f"TB_DALLE_{name}": "0s"}, NOWHERE)


@pytest.mark.parametrize(
    ("settings", "addresses"),
    [
        ({}, ["127.0.0.1:8080"]),
        ({"TB_DALLE_HOST": "::1"}, ["[::1]:8080"]),
        (
            {"TB_DALLE_BIND": "unix:/run/a.sock, [::1]:81,b.example:82"},
            ["unix:/run/a.sock", "[::1]:81", "b.example:82"],
        ),
        ({"TB_DALLE_BIND": "fd://3"}, ["fd://3"]),
        ({"TB_DALLE_BIND": ","}, ["127.0.0.1:8080"]),
    ],
)
def test_lists_the_addresses_to_bind(settings: dict[str, str], addresses: list[str]) -> None:
    assert load({}, settings, NOWHERE).bind_addresses == addresses


@pytest.mark.parametrize(
    "text", [":8080", "localhost", "/run/a.sock", "unix:a.sock", "::1:80", "a:b:1", "a:0", "a:99999"]
)
def test_refuses_what_cannot_be_bound(text: str) -> None:
    with pytest.raises(ConfigError, match=r"invalid TB_DALLE_BIND=.*: expected "):
        load({}, {"TB_DALLE_BIND": text}, NOWHERE)


def test_suggests_the_setting_that_was_meant(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("TB_DALLE_PROT=80\n")
    given = {"TB_DALLE_QQQQ": "1", "TB_DALLE_PORT": "1", "OPENAI_API_KEY_FILE": "x", "OTHER": "1"}
    assert unknown_variables(given, tmp_path / ".env") == [
        "TB_DALLE_PROT is not a known setting and is ignored; did you mean TB_DALLE_PORT?",
        "TB_DALLE_QQQQ is not a known setting and is ignored",
    ]


def test_puts_data_where_the_user_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/somewhere")
    assert load({}, {}, NOWHERE).data_dir == Path("/somewhere/trueblocks/dalle")


def test_names_the_setting_whose_home_folder_does_not_exist() -> None:
    with pytest.raises(ConfigError, match=r"invalid TB_DALLE_DATA_DIR=~nobody-here/x: expected a path without ~"):
        load({}, {"TB_DALLE_DATA_DIR": "~nobody-here/x"}, NOWHERE)


def test_is_documented_in_the_readme_the_example_and_the_compose_files_as_the_script_writes_it() -> None:
    script = runpy.run_path(str(ROOT / "scripts" / "settings.py"))
    assert (ROOT / ".env.example").read_text() == script["example"]()
    page = (ROOT / "README.md").read_text()
    assert page == script["readme"](page)
    for name, write in (("compose.yaml", "compose"), ("compose.cluster.yaml", "compose_cluster")):
        assert (ROOT / name).read_text() == script[write]((ROOT / name).read_text())
    assert all(f"| `{setting_of(field).name}` |" in page for field in fields(Config))


def test_means_the_defaults_when_all_of_the_example_is_taken(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(re.sub(r"^#(?=[A-Z_]+=)", "", text, flags=re.MULTILINE))
    assert "\nTB_DALLE_PORT=8080\n" in (tmp_path / ".env").read_text()
    assert load({}, {}, tmp_path / ".env") == load({}, {}, NOWHERE)
    assert unknown_variables({}, tmp_path / ".env") == []


@pytest.mark.parametrize(
    ("quality", "meant"), [("hgih", "high"), ("Hihg", "high"), ("meduim", "medium"), ("lo", "low")]
)
def test_refuses_a_quality_that_is_nearly_a_known_one(quality: str, meant: str) -> None:
    with pytest.raises(
        ConfigError, match=f"invalid TB_DALLE_IMAGE_QUALITY={quality}: expected {meant}; .*IMAGE_PARAMS"
    ):
        load({}, {"TB_DALLE_IMAGE_QUALITY": quality}, NOWHERE)


@pytest.mark.parametrize(("quality", "read"), [("", ""), ("HIGH", "high"), ("hd", "hd"), ("max", "max"), ("4K", "4K")])
def test_takes_known_qualities_and_those_that_a_provider_may_have(quality: str, read: str) -> None:
    assert load({}, {"TB_DALLE_IMAGE_QUALITY": quality}, NOWHERE).image_quality == read


@pytest.mark.parametrize(
    ("host", "bound"),
    [
        ("[::1]", "[::1]:8080"),
        ("::", "[::]:8080"),
        ("::ffff:127.0.0.1", "[::ffff:127.0.0.1]:8080"),
        ("localhost", "localhost:8080"),
    ],
)
def test_binds_a_host_with_and_without_brackets(host: str, bound: str) -> None:
    assert load({}, {"TB_DALLE_HOST": host}, NOWHERE).bind_addresses == [bound]


@pytest.mark.parametrize(
    "host", ["[::1]:80", "localhost:80", "[localhost]", "[]", "::1::", "fe80::1%lo", "http://x", "a b"]
)
def test_refuses_a_host_that_cannot_be_one(host: str) -> None:
    with pytest.raises(ConfigError, match=r"TB_DALLE_HOST=.*: expected a name or an address such as 0\.0\.0\.0 or ::1"):
        load({}, {"TB_DALLE_HOST": host}, NOWHERE)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("tb_dalle_port", "TB_DALLE_PORT"),
        ("TB_DALE_PORT", "TB_DALLE_PORT"),
        ("DALLE_PORT", "TB_DALLE_PORT"),
        ("TB_DALLE_QUEU", "TB_DALLE_QUEUE"),
    ],
)
def test_asks_which_setting_a_variable_was_meant_to_be(name: str, meant: str) -> None:
    (warning,) = unknown_variables({name: "1", "MY_DALLE": "1", "OPENAI_ORG_ID": "1"}, NOWHERE)
    assert warning == f"{name} is not a known setting and is ignored; did you mean {meant}?"


def test_warns_of_a_variable_of_the_client_library_in_the_file_that_it_does_not_read(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("OPENAI_CUSTOM_HEADERS=X-Team: art\n")
    (warning,) = unknown_variables({}, dotenv)
    assert warning.startswith("OPENAI_CUSTOM_HEADERS in .env is not used: the client library reads it")
    assert unknown_variables({"OPENAI_CUSTOM_HEADERS": "X-Team: art"}, dotenv) == []


@pytest.mark.parametrize(
    ("name", "reason"), [("/dev/zero", "not a file"), ("large", "larger than 1 MB"), ("none", "not found")]
)
def test_reads_no_price_file_without_an_end(tmp_path: Path, name: str, reason: str) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(2_000_000)
    with pytest.raises(ConfigError, match=rf"invalid TB_DALLE_PRICES=.*: expected a JSON file .*{reason}"):
        load({}, {"TB_DALLE_PRICES": str(tmp_path / name)}, NOWHERE)


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    path = tmp_path / ".config/trueblocks/credentials"
    path.parent.mkdir(parents=True)
    path.write_text("# keys\nETHERSCAN_KEY=other\nexport OPENAI_API_KEY='sk-kept'\n")
    return path


def test_takes_the_older_servers_key_where_no_other_is_set(tmp_path: Path, credentials: Path) -> None:
    home = {"HOME": str(tmp_path)}
    assert load({}, home, NOWHERE).api_key == "sk-kept"
    assert load({}, {}, NOWHERE).api_key == ""
    assert source("OPENAI_API_KEY", home, NOWHERE) == f"the file {credentials}"
    (notice,) = key_notices(home, NOWHERE)
    assert notice.startswith(f"the key of the provider comes from {credentials}, so pictures are paid for")
    assert "sk-kept" not in notice


@pytest.mark.parametrize("text", ["OPENAI_API_KEY=", "OPENAI_API_KEY_FILE=", "OPENAI_API_KEY=sk-ours"])
@pytest.mark.parametrize("layer", ["environment", ".env"])
def test_takes_no_kept_key_where_one_is_set_even_to_nothing(
    tmp_path: Path, credentials: Path, text: str, layer: str
) -> None:
    name, _, value = text.partition("=")
    environ, dotenv = {"HOME": str(tmp_path)}, tmp_path / ".env"
    if layer == ".env":
        dotenv.write_text(f"{text}\n")
    else:
        environ[name] = value
    assert load({}, environ, dotenv).api_key == value
    assert key_notices(environ, dotenv) == []


@pytest.mark.parametrize(
    ("content", "notice"),
    [
        (b"ETHERSCAN_KEY=other\n", None),
        (b"sk-alone\n", None),
        (b"OPENAI_API_KEY=\n", None),
        (b"OPENAI_API_KEY=sk-one\nOPENAI_API_KEY=sk-two\n", "expected one key, not 2 different lines"),
        (b"OPENAI_API_KEY=\xff\n", "expected a readable text file in UTF-8"),
    ],
)
def test_takes_nothing_from_a_file_without_one_key(
    tmp_path: Path, credentials: Path, content: bytes, notice: str | None
) -> None:
    credentials.write_bytes(content)
    home = {"HOME": str(tmp_path)}
    assert load({}, home, NOWHERE).api_key == ""
    assert source("OPENAI_API_KEY", home, NOWHERE) == ""
    expected = [f"no key is taken from {credentials}: {notice}"] if notice else []
    assert key_notices(home, NOWHERE) == expected


@pytest.mark.parametrize(
    ("variables", "quality"),
    [
        ({"DALLE_QUALITY": "hd"}, "high"),
        ({"DALLE_QUALITY": "standard"}, "medium"),
        ({"DALLE_QUALITY": "LOW"}, "low"),
        ({"DALLE_QUALITY": ""}, ""),
        ({"DALLE_QUALITY": "hd", "TB_DALLE_IMAGE_MODEL": "dall-e-3"}, "hd"),
        ({"DALLE_QUALITY": "hd", "TB_DALLE_IMAGE_QUALITY": "low"}, "low"),
        ({"DALLE_QUALITY": "hd", "TB_DALLE_IMAGE_QUALITY": ""}, ""),
    ],
)
def test_reads_the_older_servers_quality_where_ours_is_not_set(variables: dict[str, str], quality: str) -> None:
    assert load({}, variables, NOWHERE).image_quality == quality
    assert unknown_variables(variables, NOWHERE) == []


def test_names_the_older_servers_setting_that_is_wrong() -> None:
    with pytest.raises(ConfigError, match=r"invalid DALLE_QUALITY=hgih: expected high"):
        load({}, {"DALLE_QUALITY": "hgih"}, NOWHERE)


@pytest.mark.parametrize(("value", "orientation"), [("", None), ("auto", None), ("Portrait", "portrait")])
def test_reads_the_older_servers_orientation(value: str, orientation: str | None) -> None:
    config = load({}, {"TB_DALLE_ORIENTATION": value}, NOWHERE)
    assert studio_settings(replace(config, data_dir=NOWHERE)).orientation == orientation
