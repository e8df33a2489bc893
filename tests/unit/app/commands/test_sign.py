"""`dalleserver sign`."""

import re
import time
from pathlib import Path

import pytest

from app import links
from tests.unit.app.commands.conftest import ADDRESS, Call

SECRET = "0123456789abcdef" * 2
URL = f"https://pictures.example.org/dalle/simple/{ADDRESS}"


@pytest.mark.parametrize(
    ("options", "seconds"),
    [
        ((), 3600),
        (("--for", "30m"), 1800),
        (("--for", "1h"), 3600),
        (("--for", "7d"), 604_800),
        (("--for", "1d12h"), 129_600),
    ],
)
def test_prints_a_link_that_is_good_for_a_while(call: Call, data: Path, options: tuple[str, ...], seconds: int) -> None:
    before = time.time()
    result = call("sign", URL, *options, TB_DALLE_LINK_SECRET=SECRET)
    assert (result.exit_code, result.stderr) == (0, "")
    match = re.fullmatch(re.escape(URL) + r"\?generate=1&expires=(\d+)&md5=([\w-]{22})\n", result.stdout)
    assert match
    assert before + seconds <= int(match[1]) <= time.time() + seconds + 1
    assert match[2] == links.signature(f"/dalle/simple/{ADDRESS}", SECRET, int(match[1]))
    assert not data.exists()


def test_prints_the_line_for_nginx(call: Call) -> None:
    result = call("sign", "--nginx", TB_DALLE_LINK_SECRET=SECRET)
    assert result.stdout == f'secure_link_md5 "$secure_link_expires$dalle_link_path {SECRET}";\n'


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("sign",), "either a URL or --nginx"),
        (("sign", ""), "either a URL or --nginx"),
        (("sign", URL, "--nginx"), "either a URL or --nginx"),
        (("sign", "https://x/preview"), "'URL': https://x/preview: expected https://host/dalle/<series>/<address>"),
        (("sign", f"{URL}?generate=1"), "expected https://host/dalle/<series>/<address> alone"),
        (("sign", URL, "--for", "0"), "'--for': 0: expected a duration longer than 0, such as 30m, 1h or 7d"),
        (("sign", URL, "--for", "0d"), "'--for': 0d: expected a duration"),
        (("sign", URL, "--for", ""), "'--for': : expected a duration"),
        (("sign", URL, "--for", "7"), "'--for': 7: expected a duration"),
        (("sign", URL, "--for", "-1h"), "'--for': -1h: expected a duration"),
        (("sign", URL, "--for", "1h7d"), "'--for': 1h7d: expected a duration"),
        (("sign", URL, "--for", "soon"), "'--for': soon: expected a duration"),
        (("sign", URL, "--for", "4000d"), "'--for': 4000d: expected at most 3650d"),
        (("sign", URL, "--for", "9999999999d"), "'--for': 9999999999d: expected a duration"),
    ],
)
def test_names_what_was_wrong_and_what_was_expected(call: Call, words: tuple[str, ...], complaint: str) -> None:
    result = call(*words, TB_DALLE_LINK_SECRET=SECRET)
    assert (result.exit_code, result.stdout, complaint in result.stderr) == (2, "", True)


@pytest.mark.parametrize("words", [("sign", URL), ("sign", "--nginx")])
def test_needs_a_secret(call: Call, words: tuple[str, ...]) -> None:
    result = call(*words)
    assert (result.exit_code, result.stdout, "TB_DALLE_LINK_SECRET" in result.stderr) == (2, "", True)
    weak = call(*words, **{"TB_DALLE_LINK_SECRET": "short"})
    assert (weak.exit_code, weak.stdout, "24 to 256" in weak.stderr) == (2, "", True)
