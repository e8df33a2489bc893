"""What variables and files say."""

import codecs
from pathlib import Path

import pytest

from app.values.secrets import secret_in, secret_of_file, unquoted

NAME = "OPENAI_API_KEY"
CLEAR = {
    "sk-x": "sk-x",
    " sk-x\r\n": "sk-x",
    "\ufeffsk-x\n\n\n": "sk-x",
    "sk-x\u200b": "sk-x",
    "\u00a0sk-x\u00a0": "sk-x",
    '"sk-x"': "sk-x",
    "'sk-x'": "sk-x",
    "\"'sk-x'\"": "sk-x",
    '" sk-x "': "sk-x",
    "Bearer sk-x": "sk-x",
    "bearer  sk-x": "sk-x",
    "Authorization: Bearer sk-x": "sk-x",
    '"Bearer sk-x"': "sk-x",
    "OPENAI_API_KEY=sk-x": "sk-x",
    "OPENAI_API_KEY = sk-x": "sk-x",
    "OPENAI_API_KEY: sk-x": "sk-x",
    "openai_api_key=sk-x": "sk-x",
    'export OPENAI_API_KEY="sk-x"\n': "sk-x",
    "export OPENAI_API_KEY='Bearer sk-x'": "sk-x",
    "# the key of the shop\nsk-x\n": "sk-x",
    "sk-x # of the shop": "sk-x",
    "sk-x\nsk-x\n": "sk-x",
    "sk-x\nOPENAI_API_KEY=sk-x\n": "sk-x",
    "OPENAI_API_KEY=sk-x\nTB_DALLE_PORT=80\nOTHER=1\n": "sk-x",
    "a2V5LW9m/dGhl+c2hvcA==": "a2V5LW9m/dGhl+c2hvcA==",
    "c2hvcA==": "c2hvcA==",
    "SHOP_A=": "SHOP_A=",
    "id:secret#1": "id:secret#1",
    "sk-a=b": "sk-a=b",
    "": "",
    " \n\n": "",
    '""': "",
    "OPENAI_API_KEY=": "",
    "# nothing\n": "",
    # spaces are for the parser of the setting to judge
    "sk x": "sk x",
}
UNCLEAR = [
    "sk-x\nsk-y\n",
    "OPENAI_API_KEY=sk-x\nOPENAI_API_KEY=sk-y\n",
    "sk-x\nOPENAI_API_KEY=sk-y\n",
    "OTHER_KEY=sk-x",
    "key=sk-x",
    "sk-x\nOTHER=1\n",
    '"sk-x',
    "sk-x'",
    "\"sk-x'",
    '\\"sk-x\\"',
    '{"OPENAI_API_KEY":"sk-x"}',
    '{"key":"sk-x"}',
    '{\n  "key": "sk-x"\n}',
    "${OPENAI_API_KEY}",
    "$OPENAI_API_KEY",
    "$env:OPENAI_API_KEY=sk-x",
    "set OPENAI_API_KEY=sk-x",
]


@pytest.mark.parametrize(("text", "secret"), CLEAR.items())
def test_reads_a_secret_that_is_clear(text: str, secret: str) -> None:
    assert secret_in(NAME, text) == secret


@pytest.mark.parametrize("text", UNCLEAR)
def test_refuses_what_may_not_be_the_secret_and_never_shows_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"key|quotes") as caught:
        secret_in(NAME, text)
    assert not [piece for piece in ("sk-x", "sk-y", "OTHER") if piece in str(caught.value)]


@pytest.mark.parametrize(
    "content",
    [
        b"sk-x",
        b"sk-x\r\n\r\n",
        codecs.BOM_UTF8 + b"sk-x\r\n",
        codecs.BOM_UTF16_LE + "sk-x\r\n".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + 'export OPENAI_API_KEY="sk-x"\n'.encode("utf-16-be"),
    ],
)
def test_reads_the_file_of_any_editor(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    assert secret_of_file(NAME, str(file)) == "sk-x"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a key in the file, which is empty"),
        (b"\n# later\n", "a key in the file, which is empty"),
        (codecs.BOM_UTF8, "a key in the file, which is empty"),
        (b"sk-x\nsk-y\n", "one key, not 2 different lines"),
        (b"sk-\xe9", "a readable text file in UTF-8"),
        ("sk-x".encode("utf-16-le"), "a readable text file in UTF-8"),
        (codecs.BOM_UTF16_LE + b"\0", "a readable text file in UTF-8"),
        (b"x" * 70_000, "a file with one key in it, not one of this size"),
    ],
)
def test_refuses_a_file_without_one_key(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^(a|one) ") as caught:
        secret_of_file(NAME, str(file))
    assert str(caught.value) == expected


def test_refuses_a_folder_and_finds_a_file_in_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match=r"a readable text file \(Is a directory\)"):
        secret_of_file(NAME, str(tmp_path))
    (tmp_path / "key").write_text("sk-x")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert secret_of_file(NAME, "~/key") == "sk-x"


@pytest.mark.parametrize(
    ("text", "value"),
    [('"a b"', "a b"), (" 'a' ", "a"), ('"', None), ("a'", None), ('a"b', 'a"b'), ('""', ""), ("", "")],
)
def test_takes_matching_quotes_away(text: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(ValueError, match="two matching quotes, or none"):
            unquoted(text)
    else:
        assert unquoted(text) == value
