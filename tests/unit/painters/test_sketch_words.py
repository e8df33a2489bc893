"""The offline artist and the words of the catalogue."""

import ast
import importlib
from pathlib import Path

from dalle.painters.sketch.backdrop import PHRASES
from dalle.painters.sketch.bodies import CLASSES, PLANS, atlas, builds
from dalle.painters.sketch.faces import MOODS
from dalle.painters.sketch.matching import begins, has
from dalle.painters.sketch.painting import AQUATIC
from dalle.painters.sketch.techniques import SCHOOLS
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


def test_reads_words_as_a_whole_and_stems_from_their_beginning() -> None:
    assert has("carpenter ant insect", ("ant",))
    assert not has("african elephant", ("ant",))
    assert has("three-legged crow", ("three legged",))
    assert begins("singing in the rain", ("sing",))
    assert not begins("crossing the alps", ("sing",))
