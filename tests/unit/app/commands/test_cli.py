"""The commands that work in this process, called as click calls them."""

import json
import os
import subprocess
import sys
import threading
from base64 import b64encode
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.client.remote import RemoteClient
from dalle.key import Key
from dalle.storage import journal as journals
from dalle.storage.folder.layout import Store
from dalle.storage.journal import Journal

ROOT = Path(__file__).resolve().parents[4]
ADDRESS = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045"
OTHER = "0x00000000219ab540356cbb839cbe05303d7705fa"
CLEAN = {"OPENAI_API_KEY": "", "OPENAI_API_KEY_FILE": "", "NO_COLOR": ""}

Call = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def call(data: Path) -> Call:
    """Run a command on the data folder of this test."""

    def run(*arguments: str, stdin: str = "", **settings: str) -> Result:
        environ = {**CLEAN, "TB_DALLE_DATA_DIR": str(data), **settings}
        return CliRunner().invoke(main, arguments, input=stdin, env=environ)

    return run


def every_command(group: click.Group = main, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], click.Command]]:
    found = []
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            found += every_command(command, (*path, name))
        else:
            found.append(((*path, name), command))
    return found


@pytest.mark.parametrize("path", [path for path, _ in every_command()], ids=" ".join)
def test_shows_an_example_and_the_exit_codes_in_every_help(call: Call, path: tuple[str, ...]) -> None:
    shown = call(*path, "--help")
    assert shown.exit_code == 0
    assert f"  dalleserver {' '.join(path)}" in shown.output
    assert "Exit code" in shown.output


def test_knows_its_codes_for_wrong_arguments(call: Call) -> None:
    assert call("generate", "simple", "0x12").exit_code == 2
    assert call("generate", "nobody", ADDRESS).exit_code == 2
    assert call("generate", "simple", ADDRESS, "--timeout", "soon").exit_code == 2
    assert call("generate", "simple", ADDRESS, "--server", "ftp://x").exit_code == 2
    assert call("generate", "simple", ADDRESS, TB_DALLE_PORT="many").exit_code == 2
    assert call("generate", "simple", ADDRESS, "--json", "--out", "-").exit_code == 2


@pytest.mark.parametrize("out", ["nowhere/it.png", ".", ""])
def test_begins_nothing_that_it_could_not_save(call: Call, data: Path, out: str) -> None:
    for command in ("generate", "poll"):
        told = call(command, "simple", ADDRESS, "--out", out)
        assert (told.exit_code, "'--out'" in told.stderr) == (2, True)
    assert not data.exists()


def test_saves_through_links_and_into_devices_without_taking_their_place(call: Call, tmp_path: Path) -> None:
    (tmp_path / "device").symlink_to(os.devnull)
    (tmp_path / "link.png").symlink_to(tmp_path / "it.png")
    (tmp_path / "it.png").write_bytes(b"older")
    for name in ("device", "link.png"):
        assert call("generate", "simple", ADDRESS, "--out", str(tmp_path / name)).exit_code == 0
        assert (tmp_path / name).is_symlink()
    assert (tmp_path / "it.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("generate", "simple", ADDRESS, "--server", ""), "--server"),
        (("generate", "simple", ADDRESS, "--data-dir", ""), "--data-dir"),
        (("run", "--data-dir", ""), "--data-dir"),
        (("costs", "--since", ""), "--since"),
    ],
)
def test_takes_an_empty_text_for_a_mistake(call: Call, data: Path, words: tuple[str, ...], name: str) -> None:
    told = call(*words)
    assert (told.exit_code, f"'{name}': it is empty" in told.stderr) == (2, True)
    assert not data.exists()


@pytest.mark.parametrize("server", ["http://[::1", "http://127.0.0.1:99999", "http://", "ftp://x", "http://:80"])
def test_names_what_is_no_servers_address(call: Call, server: str) -> None:
    told = call("poll", "simple", ADDRESS, "--server", server)
    assert (told.exit_code, "expected a URL such as" in told.stderr) == (2, True)


def test_tells_the_proxy_who_asks_and_nobody_else() -> None:
    heard: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append((self.path, self.headers["Authorization"]))
            elsewhere = self.path == "/pictures/series"
            self.send_response(302 if elsewhere else 200)
            self.send_header("Location", "/moved")
            self.end_headers()
            if not elsewhere:
                self.wfile.write(b'{"data": {"series": ["simple"]}}')

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002 — the base class calls it so
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever).start()
        try:
            place = f"127.0.0.1:{server.server_address[1]}/pictures"
            told = RemoteClient(f"http://me:a%20secret@{place}/?x=1")
            assert (told.series(), told.server) == (["simple"], f"http://{place}")
            RemoteClient(place).series()
        finally:
            server.shutdown()
    named = "Basic " + b64encode(b"me:a secret").decode()
    assert heard == [("/pictures/series", named), ("/moved", None), ("/pictures/series", None), ("/moved", None)]
    assert RemoteClient("https://[2001:db8::1]:8443").server == "https://[2001:db8::1]:8443"


def test_makes_shows_and_removes_a_picture(call: Call, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "it.png"
    made = call("generate", "SIMPLE", ADDRESS.upper().replace("0X", "0x"), "--out", str(out))
    assert made.exit_code == 0, made.output
    assert out.read_bytes() == Store(data).annotated(Key("simple", ADDRESS)).read_bytes()
    assert made.stderr == ""

    again = call("generate", "simple", ADDRESS, "--json")
    assert json.loads(again.stdout)["cacheHit"] is True
    assert call("poll", "simple", ADDRESS).exit_code == 0
    assert call("generate", "simple", ADDRESS, "--out", "-").stdout_bytes == out.read_bytes()

    assert call("remove", "simple", ADDRESS).exit_code == 0
    assert call("remove", "simple", ADDRESS).exit_code == 3
    assert call("poll", "simple", ADDRESS).exit_code == 3


def test_leaves_a_run_for_the_servers_with_no_wait(call: Call) -> None:
    assert call("generate", "simple", ADDRESS, "--no-wait").exit_code == 0
    assert call("poll", "simple", ADDRESS, "--once").exit_code == 4
    (run,) = json.loads(call("runs", "--json").stdout)["active"]
    assert (run["series"], run["address"], run["percent"]) == ("simple", ADDRESS, 0)
    # whoever works on this data folder next makes it too
    assert call("generate", "simple", OTHER).exit_code == 0
    assert call("generate", "simple", ADDRESS).exit_code == 0


def test_tells_a_failure_by_exit_code_and_sentence(call: Call, data: Path) -> None:
    fail(data, Key("simple", ADDRESS))
    for command in ("generate", "poll"):
        told = call(command, "simple", ADDRESS)
        assert told.exit_code == 1
        assert "CONTENT_BLOCKED: refused (may be tried again in " in told.stderr
    assert "CONTENT_BLOCKED: refused" in call("runs").stdout
    assert call("runs", "--limit", "0").stdout == ""


def fail(data: Path, key: Key, code: str = "CONTENT_BLOCKED") -> None:
    failed = Journal(
        key.series, key.address, runId="ab", state="failed", error="refused", errorCode=code, retryAtNs=2**62, endedNs=1
    )
    journals.write(Store(data).journal(key), failed)


def test_refuses_to_work_on_a_read_only_data_folder(call: Call) -> None:
    assert call("generate", "simple", ADDRESS, TB_DALLE_READ_ONLY="1").exit_code == 5
    assert call("remove", "simple", ADDRESS, TB_DALLE_READ_ONLY="1").exit_code == 5


def test_previews_what_a_run_then_writes_and_touches_nothing(call: Call, data: Path) -> None:
    told = json.loads(call("preview", ADDRESS, "simple", "--json").stdout)
    shown = json.loads(call("show", "simple", ADDRESS, "--json").stdout)
    assert not data.exists()
    assert shown["texts"] == told["simple"]
    assert shown["state"]["state"] == "idle"
    assert call("generate", "simple", ADDRESS).exit_code == 0
    for kind in ("data", "title", "terse", "prompt", "technical"):
        assert Store(data).text(Key("simple", ADDRESS), kind).read_text() == told["simple"][kind] + "\n"
    after = json.loads(call("show", "simple", ADDRESS, "--json").stdout)
    assert (after["state"]["state"], after["state"]["painter"], after["state"]["calls"]) == ("finished", "sketch", 1)
    assert [one["name"] for one in after["palette"]]


def test_previews_all_series_as_captions(call: Call) -> None:
    names = json.loads(call("series", "list", "--json").stdout)["series"]
    lines = call("preview", ADDRESS).stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [one["name"] for one in names]
    assert "\x1b" not in "".join(lines)


def test_lists_broken_series_beside_the_good_ones(call: Call, data: Path) -> None:
    (data / "series").mkdir(parents=True)
    (data / "series" / "mine.json").write_text('{"colors": "blue"}')
    told = call("series", "list")
    assert "simple" in told.stdout
    assert 'mine.json: "colors" must be a list of texts' in told.stderr
    assert '"colors" must be' in call("series", "show", "mine").stderr


@pytest.mark.parametrize(
    ("name", "text", "code", "said"),
    [
        ("mine.json", '{"purpose": "x", "nouns": ["animals"]}', 0, "mine.json can be used"),
        ("mine.json", '{"nouns": ["animals", "zzzz"]}', 0, "nouns: no row contains 'zzzz'"),
        ("mine.json", '{"nonsense": 1}', 0, '"nonsense" is an unknown key'),
        ("mine.json", '{"deleted": true}', 0, "marked as deleted"),
        ("mine.json", '{"nouns": ["zzzz"]}', 1, "nouns: no row contains 'zzzz'"),
        ("mine.json", "{", 1, "not valid JSON"),
        ("My Own.json", "{}", 1, "the file name must be"),
    ],
)
def test_checks_a_series_file(call: Call, tmp_path: Path, name: str, text: str, code: int, said: str) -> None:
    (tmp_path / name).write_text(text)
    told = call("series", "check", str(tmp_path / name))
    assert told.exit_code == code
    assert said in told.stdout
    assert bool(json.loads(call("series", "check", str(tmp_path / name), "--json").stdout)["errors"]) is bool(code)


def test_shows_databases_and_checks_another_set(call: Call, tmp_path: Path) -> None:
    told = json.loads(call("databases", "list", "--json").stdout)
    assert len(told["databases"]) == 15
    blue = json.loads(call("databases", "show", "colors", "--match", "blue", "--json").stdout)
    assert blue
    assert all("blue" in ",".join(row.values()) for row in blue)
    assert call("databases", "show", "colors", "--match", "zzzz").exit_code == 3
    assert call("databases", "show", "flavours").exit_code == 2
    assert call("databases", "check", str(ROOT / "dalle/data/databases")).exit_code == 0
    bad = call("databases", "check", str(tmp_path))
    assert bad.exit_code == 1
    assert "adverbs.csv: not found" in bad.stderr


def test_sums_up_costs(call: Call, data: Path) -> None:
    day = 86_400 * 10**9
    calls = [
        {"sentNs": 20_000 * day, "outcome": "accepted", "cost": 0.2, "paid": True, "series": "a", "model": "m"},
        {"sentNs": 20_001 * day, "outcome": "accepted", "cost": 0.1, "paid": True, "series": "a", "model": "m"},
        {"sentNs": 20_001 * day, "outcome": "refused", "cost": 0, "paid": True, "series": "b", "errorCode": "X"},
        {"sentNs": 20_001 * day, "outcome": "unknown", "estimate": 0.3, "cost": 0, "paid": True, "series": "b"},
        {"sentNs": 20_001 * day, "outcome": "accepted", "cost": 0.05, "paid": True, "series": "b", "kind": "chat"},
    ]
    log = Store(data).calls
    log.parent.mkdir(parents=True)
    log.write_text("".join(json.dumps(one) + "\n" for one in calls) + '{"sentNs": 1, "torn')
    by_day = json.loads(call("costs", "--json").stdout)
    assert [(row["day"], row["calls"], row["usd"], row["atRisk"]) for row in by_day] == [
        ("2024-10-04", 1, 0.2, 0),
        ("2024-10-05", 4, 0.15, 0.3),
    ]
    (late,) = json.loads(call("costs", "--since", "2024-10-05", "--by", "month", "--json").stdout)
    assert (late["month"], late["accepted"], late["refused"], late["unknown"]) == ("2024-10", 2, 1, 1)
    assert [row["series"] for row in json.loads(call("costs", "--by", "series", "--json").stdout)] == ["a", "b"]
    by_kind = json.loads(call("costs", "--by", "kind", "--json").stdout)
    assert [(row["kind"], row["calls"], row["usd"]) for row in by_kind] == [("chat", 1, 0.05), ("image", 4, 0.3)]
    assert json.loads(call("costs", "--since", "7d", "--json").stdout) == []
    assert "0.350" in call("costs").stdout.splitlines()[-1]
    assert call("costs", "--since", "yesterday").exit_code == 2


def test_warms_many_keys_and_leaves_those_that_are_there(call: Call, data: Path) -> None:
    fail(data, Key("empty", OTHER))
    told = call("warm", "simple", "empty", "--addresses", "-", "--json", stdin=f"{ADDRESS} # mine\n\n{OTHER}\n")
    assert told.exit_code == 1
    summary = json.loads(told.stdout)
    assert (summary["made"], summary["there"], summary["codes"]) == (3, 0, {"CONTENT_BLOCKED": 1})
    Store(data).journal(Key("empty", OTHER)).unlink()
    again = call("warm", "simple", "empty", "--json")
    assert again.exit_code == 0, again.output
    assert (json.loads(again.stdout)["made"], json.loads(again.stdout)["there"]) == (1, 3)


def test_starts_nothing_when_an_address_is_wrong(call: Call, data: Path) -> None:
    told = call("warm", "simple", "--addresses", "-", stdin=f"{ADDRESS}\n0x12\n")
    assert told.exit_code == 2
    assert "line 2: 0x12" in told.stderr
    assert not (data / "output").exists()
    assert call("warm", "simple", "--addresses", "nowhere.txt").exit_code == 2
    assert call("warm", "nobody", "--addresses", "-", stdin=ADDRESS).exit_code == 2
    assert call("warm", "simple").exit_code == 3


def test_wants_a_yes_before_much_money_goes_out(call: Call, data: Path) -> None:
    many = "\n".join(f"0x{number:040x}" for number in range(20))
    told = call("warm", "simple", "--addresses", "-", stdin=many, OPENAI_API_KEY="sk-none", TB_DALLE_NO_ENHANCE="1")
    assert told.exit_code == 2
    assert "20 to make, about 4." in told.stderr
    assert not list(data.glob("runs/*/*"))
    for limit, code in (("nan", 2), ("3.99", 2)):
        words = ("warm", "simple", "--addresses", "-", "--ask-above", limit)
        assert call(*words, stdin=many, OPENAI_API_KEY="sk-none", TB_DALLE_NO_ENHANCE="1").exit_code == code
    assert not list(data.glob("runs/*/*"))


def test_finds_a_good_house_good(call: Call) -> None:
    told = call("doctor", "--json")
    assert told.exit_code == 0, told.output
    levels = {line["check"]: line["level"] for line in json.loads(told.stdout)}
    assert levels["data folder"] == levels["locks"] == levels["font"] == levels["word databases"] == "ok"
    assert levels["painter"] == "warning"


def test_says_what_to_do_about_a_data_folder_that_cannot_be_used(call: Call, data: Path) -> None:
    data.write_text("a file")
    told = call("doctor")
    assert told.exit_code == 1
    assert "error    data folder:" in told.stdout
    assert "→ choose another" in told.stdout


@pytest.mark.parametrize(
    ("begun", "offered"), [("war", "warm"), ("show si", "simple"), ("series s", "show"), ("costs --b", "--by")]
)
def test_completes_what_the_shell_asks_for(begun: str, offered: str) -> None:
    words = f"dalleserver {begun}"
    told = CliRunner().invoke(
        main,
        prog_name="dalleserver",
        env={
            **CLEAN,
            "_DALLESERVER_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(words.count(" ")),
        },
    )
    assert f"plain,{offered}" in told.output.splitlines()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_gives_each_shell_its_completion_script(shell: str) -> None:
    environ = {"_DALLESERVER_COMPLETE": f"{shell}_source", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-m", "app.cli"]
    told = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert "dalleserver" in told.stdout


def test_completes_in_bash_as_the_documentation_says() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "=bash_source" in line]
    environ = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    asked = "COMP_WORDS=(dalleserver war); COMP_CWORD=1; _dalleserver_completion dalleserver; echo ${COMPREPLY[@]}"
    command = ["bash", "--norc", "-c", f"{line}\ncomplete -p dalleserver\n{asked}"]
    told = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert "_dalleserver_completion dalleserver" in told.stdout
    assert told.stdout.splitlines()[-1] == "warm"
