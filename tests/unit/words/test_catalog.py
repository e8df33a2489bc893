import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from PIL import ImageColor

from dalle.errors import CatalogError
from dalle.words.catalog import MOST_BYTES, MOST_ROWS, NAMES, Catalog, Database, Row

LEAST = {
    "adverbs": 500,
    "adjectives": 700,
    "nouns": 900,
    "emotions": 180,
    "occupations": 260,
    "actions": 500,
    "artstyles": 220,
    "litstyles": 80,
    "colors": 140,
    "viewpoints": 24,
    "gazes": 8,
    "compositions": 20,
    "places": 500,
    "tropes": 24,
    "backstyles": 8,
}
V1 = "074f4f2967f0818d20b6fbc2d9fc311f616a3a50e9a1d638875d9c94a6ef9272"

Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Makes a folder of small databases; a keyword replaces the text of one."""

    def make(**texts: str) -> Path:
        for name in NAMES:
            text = texts.get(name, "version,word\nv1,one\n")
            (tmp_path / f"{name}.csv").write_bytes(text.encode())
        return tmp_path

    return make


class Endless(Sequence[Row]):
    """Looks like many rows without holding them."""

    def __init__(self, length: int) -> None:
        self.length = length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, index: int) -> Row:  # type: ignore[override]
        return (str(index),)


def test_the_first_version_never_changes() -> None:
    catalog = Catalog.load(version="v1")
    assert catalog.sha256 == V1
    assert catalog.version == "v1"


def test_takes_the_newest_version_by_itself() -> None:
    assert Catalog.load().version == "v1"


@pytest.mark.parametrize("name", NAMES)
def test_has_words_enough_without_repetition_in_lower_case(name: str) -> None:
    database = Catalog.load().databases[name]
    assert len(database.rows) >= LEAST[name]
    words = [dict(zip(database.columns, row, strict=True)) for row in database.rows]
    unique = [word.get("word") or word.get("name") or word["phrase"] for word in words]
    assert len(set(unique)) == len(unique)
    for row in database.rows:
        for text in row:
            assert text
            assert text == " ".join(text.split())
            assert text.replace("{artStyle2}", "") == text.replace("{artStyle2}", "").lower()


@pytest.mark.parametrize("name", ["adverbs", "adjectives", "actions"])
def test_explains_no_two_words_alike_and_none_by_itself(name: str) -> None:
    rows = Catalog.load().databases[name].rows
    assert len({meaning for _, meaning in rows}) == len(rows)
    for word, meaning in rows:
        stem = re.sub(r"(ily|ly|ing|ed|y|e)$", "", word)
        assert "-" in word or len(stem) < 4 or not re.search(rf"\b{re.escape(stem)}", meaning), (word, meaning)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "places"])
def test_spells_as_the_texts_around_it_do(name: str) -> None:
    american = re.compile(
        r"\b(?!(?:seiz|siz|priz|bronz))\w+iz(?:ed|es|ing|ingly|ation)\b"
        r"|\b(?:gray(?!ling)|color|favorite|honor|skeptic|coz[iy]|jewelry|mustache)(?!3)"
    )
    for row in Catalog.load().databases[name].rows:
        assert not american.search(" ".join(row)), row


def test_knows_every_color_that_css_has_a_name_for() -> None:
    ours = {name.replace(" ", ""): code for code, name in Catalog.load().databases["colors"].rows}
    # Looked up one by one: the map holds numbers for a colour once it was looked up.
    theirs = {
        name.replace("gray", "grey"): "#" + bytes(ImageColor.getrgb(name)[:3]).hex() for name in ImageColor.colormap
    }
    assert len(theirs) == 141
    assert {name: ours.get(name) for name in theirs} == theirs


def test_has_a_plural_of_its_own_for_each_noun() -> None:
    nouns = [row[:2] for row in Catalog.load().databases["nouns"].rows]
    plurals = {plural: name for name, plural in nouns}
    assert len(plurals) == len(nouns)
    assert [name for name, plural in nouns if plurals.get(name, name) != name] == []


def test_keeps_to_the_vocabularies_that_pictures_are_drawn_by() -> None:
    databases = Catalog.load().databases

    def values(name: str, column: str) -> set[str]:
        at = databases[name].columns.index(column)
        return {row[at] for row in databases[name].rows}

    assert values("nouns", "kind") == {"animals", "plants", "fungi", "microbes", "mythical"}
    assert values("emotions", "polarity") == {"positive", "negative", "neutral"}
    assert values("artstyles", "flag") == {"open", "sensitive"}
    assert values("viewpoints", "category") == {"eye-level", "low", "high", "aerial", "close", "distant", "oblique"}
    centred = {"central", "symmetrical", "radial", "framed", "pattern", "close"}
    assert values("compositions", "category") == centred | {"diagonal", "thirds", "vertical", "horizontal"}


def test_a_version_holds_the_rows_up_to_it_in_the_order_of_the_file(folder: Folder) -> None:
    path = folder(nouns="version,word\nv2,newer\nv1,first\nv10,newest\nv1,second\n")
    assert Catalog.load(path, "v1").databases["nouns"].rows == (("first",), ("second",))
    assert Catalog.load(path, "v2").databases["nouns"].rows == (("newer",), ("first",), ("second",))
    newest = Catalog.load(path)
    assert newest.version == "v10"
    assert len(newest.databases["nouns"].rows) == 4
    assert newest.sha256 != Catalog.load(path, "v2").sha256


def test_is_one_object_as_long_as_its_files_have_the_same_content(folder: Folder) -> None:
    first = Catalog.load(folder(nouns="version,word\nv1,wolf\n"))
    assert Catalog.load(folder(nouns="version,word\nv1,wolf\n")) is first
    changed = Catalog.load(folder(nouns="version,word\nv1,bear\n"))
    assert changed.databases["nouns"].rows == (("bear",),)
    assert changed.sha256 != first.sha256


def test_reads_another_set_with_other_columns_and_dotted_versions(folder: Folder) -> None:
    path = folder(nouns="version,noun,a,b,c,d,e,f\nv0.1.0,wolf,1,2,3,4,5,6\n", gazes="version,phrase\r\nv0.1.0,up\r\n")
    catalog = Catalog.load(path)
    assert catalog.databases["nouns"].columns == ("noun", "a", "b", "c", "d", "e", "f")
    assert catalog.databases["gazes"].rows == (("up",),)


@pytest.mark.parametrize("version", ["v3", "v0", "newest", "v", "v1 "])
def test_refuses_a_version_that_no_row_has(folder: Folder, version: str) -> None:
    with pytest.raises(CatalogError, match=rf"no version {version} of the word databases; available: v1"):
        Catalog.load(folder(), version)


def test_knows_a_version_by_one_name_however_it_is_written(folder: Folder) -> None:
    assert [Catalog.load(folder(), version).version for version in ("v1", "1", "v1.0")] == ["v1", "v1", "v1"]


def test_refuses_a_version_that_is_older_than_a_whole_database(folder: Folder) -> None:
    with pytest.raises(CatalogError, match=r"tropes.csv: no row of version v1 or older"):
        Catalog.load(folder(tropes="version,name\nv2,the heist\n"), "v1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nouns.csv line 1: expected the header"),
        ("word,definition\n", "nouns.csv line 1: expected the header"),
        ("version\n", "nouns.csv line 1: expected the header"),
        ("version,word,word\n", "nouns.csv line 1: expected the header"),
        ("version,word\n", "nouns.csv line 2: no rows"),
        ("version,word\nv1,wolf,grey\n", "nouns.csv line 2: 3 fields, expected 2"),
        ("version,word,kind\nv1,wolf,grey\nv1,hen\n", "nouns.csv line 3: 2 fields, expected 3"),
        ("version,word\nv1,wolf\n\nv1,hen\n", "nouns.csv line 3: an empty line"),
        ("version,word\nwolf,v1\n", "nouns.csv line 2: 'wolf' is not a version"),
        ("version,word\nv1,\n", "nouns.csv line 2: the field word is empty"),
        ("version,word\nv1,wo\x00lf\n", "nouns.csv line 2: a control character"),
    ],
)
def test_names_file_line_and_reason_of_a_malformed_database(folder: Folder, text: str, reason: str) -> None:
    with pytest.raises(CatalogError) as caught:
        Catalog.load(folder(nouns=text))
    assert caught.value.details.startswith(reason)
    assert "/" not in caught.value.details


def test_names_the_line_that_is_not_utf8(folder: Folder) -> None:
    path = folder()
    (path / "nouns.csv").write_bytes(b"version,word\nv1,wolf\nv1,\xff\n")
    with pytest.raises(CatalogError, match=r"nouns.csv line 3: not UTF-8"):
        Catalog.load(path)


def test_names_the_missing_database(folder: Folder) -> None:
    path = folder()
    (path / "tropes.csv").unlink()
    with pytest.raises(CatalogError, match=r"tropes.csv: not found"):
        Catalog.load(path)


def test_refuses_more_rows_than_six_digits_can_reach() -> None:
    assert len(Database("nouns", ("word",), Endless(MOST_ROWS)).rows) == 16_777_216
    with pytest.raises(CatalogError, match=r"nouns.csv: more than 16777216 rows"):
        Database("nouns", ("word",), Endless(MOST_ROWS + 1))


def test_leaves_out_sensitive_rows_unless_a_filter_asks_for_them() -> None:
    rows = (("a", "open"), ("b", "sensitive"), ("c", "open"))
    database = Database("artstyles", ("name", "flag"), rows)
    assert database.filtered(()) == (rows[0], rows[2])
    assert database.filtered(("b,",)) == (rows[1],)
    assert database.filtered(("sensitive", "c,")) == rows[1:]
    assert database.filtered(("nothing",)) == ()


def test_reads_no_file_without_an_end(folder: Folder) -> None:
    path = folder() / "nouns.csv"
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(CatalogError, match=r"^nouns.csv: not a file$"):
        Catalog.load(path.parent)
    path.unlink()
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(CatalogError, match=r"^nouns.csv: larger than 100 MB$"):
        Catalog.load(path.parent)
