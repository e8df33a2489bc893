"""The offline artist and the words of the catalogue."""

import ast
import importlib
from pathlib import Path

import pytest

from dalle.painters.sketch.bodies import CLASSES, PLANS, atlas, builds
from dalle.painters.sketch.drawings import drawings
from dalle.painters.sketch.figure.limbs import POSES
from dalle.painters.sketch.figure.moods import MOODS
from dalle.painters.sketch.hands import SCHOOLS
from dalle.painters.sketch.matching import has
from dalle.painters.sketch.scene.backdrop import PHRASES
from dalle.painters.sketch.scene.scenery import SKIES
from dalle.painters.sketch.tables import families, family, rows
from dalle.painters.sketch.words import AQUATIC
from dalle.words.catalog import Catalog

CATALOG = Catalog.load()
ROOT = Path(__file__).parents[3]


def columns(database: str, *names: str) -> list[tuple[str, ...]]:
    """The named columns of every row of a database."""
    table = CATALOG.databases[database]
    places = [table.columns.index(name) for name in names]
    return [tuple(row[place] for place in places) for row in table.rows]


def column(database: str, name: str) -> set[str]:
    """All values in one column of a database."""
    return {value for (value,) in columns(database, name)}


def test_knows_every_group_of_nouns_emotions_and_styles() -> None:
    assert column("nouns", "group") == set(PLANS)
    assert column("emotions", "group") <= set(MOODS)
    assert column("artstyles", "group") <= set(SCHOOLS)


def test_plans_bodies_only_for_classes_that_exist() -> None:
    assert set(CLASSES) <= column("nouns", "class")
    assert column("nouns", "group") >= atlas.NAMED
    assert column("nouns", "class") | column("nouns", "group") >= AQUATIC


def words_matched() -> set[tuple[str, str]]:
    """Module and word of all that the bodies match in a noun: in calls of `has`, constants and tables of the module."""
    found = {("atlas", word) for words, _ in atlas.NAMES for word in words}
    found |= {("builds", word) for words, _ in builds.NAMES for word in words}
    found |= {("builds", word) for word in builds.CLASSES}
    for path in (ROOT / "dalle" / "painters" / "sketch" / "bodies").glob("*.py"):
        module = importlib.import_module(f"dalle.painters.sketch.bodies.{path.stem}")
        found |= {(path.stem, word) for words, _ in getattr(module, "SHAPES", ()) for word in words}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("has"), args=[_, ast.Tuple(elts)]):
                    found |= {(path.stem, str(one.value)) for one in elts if isinstance(one, ast.Constant)}
                case ast.Call(func=ast.Name("has"), args=[_, ast.Name(constant)]):
                    found |= {(path.stem, word) for word in getattr(module, constant, ())}
    return found


def test_matches_only_words_that_nouns_have() -> None:
    every = " / ".join(" ".join(row) for row in columns("nouns", "name", "class", "group"))
    words = words_matched()
    assert len(words) > 500
    assert {one for one in words if not has(every, (one[1],))} == set()


def test_knows_a_ground_for_every_phrase() -> None:
    phrases = column("backstyles", "phrase")
    known = {next(words for words, _ in PHRASES if words in phrase) for phrase in phrases}
    assert known == {words for words, _ in PHRASES}


def test_reads_words_as_a_whole() -> None:
    assert has("carpenter ant insect", ("ant",))
    assert not has("african elephant", ("ant",))
    assert has("three-legged crow", ("three legged",))


@pytest.mark.parametrize(
    ("table", "database", "name"),
    [
        ("places", "places", "name"),
        ("actions", "actions", "word"),
        ("occupations", "occupations", "name"),
        ("tropes", "tropes", "name"),
        ("litstyles", "litstyles", "name"),
    ],
)
def test_puts_every_word_of_the_catalogue_into_a_family(table: str, database: str, name: str) -> None:
    assert set(families(table)) == column(database, name)
    words = [word for _, body in rows(table) for word in body.split(", ")]
    assert len(words) == len(set(words))


def test_draws_all_that_the_tables_name() -> None:
    actions = [head.split(" | ") for head, _ in rows("actions")]
    occupations = [head.split(" | ") for head, _ in rows("occupations")]
    props, marks = set(drawings("props")) | {"-"}, set(drawings("marks")) | {"-"}
    assert {pose for _, pose, _, _ in actions} <= set(POSES)
    assert {prop for _, _, prop, _ in actions} | {tool for _, tool, _ in occupations} <= props
    assert {effect for *_, effect in actions} <= marks
    assert {hat for hat, _, _ in occupations} == set(drawings("hats"))
    assert {dress for *_, dress in occupations} == set(drawings("clothes"))
    assert {head for head, _ in rows("places")} == set(drawings("landmarks"))
    assert {head for head, _ in rows("tropes")} <= props
    assert {head for head, _ in rows("litstyles")} == set(SKIES)
    assert {head for head, _ in rows("adverbs")} | {mood.sign for mood in MOODS.values()} - {""} <= marks


def test_knows_an_unknown_word_by_a_part_of_it() -> None:
    assert family("places", "harbour of nowhere") == "harbour"
    assert family("places", "xyzzy") == ""
