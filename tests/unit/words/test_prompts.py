import random
import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

from dalle.storage.folder.series import SeriesFolder
from dalle.words.catalog import NAMES, Catalog, Database
from dalle.words.prompts import COLORS, LONGEST_TERSE, Prompts, write
from dalle.words.selection import Selection, select
from dalle.words.series import Series
from dalle.words.shelf import SeriesShelf

ADDRESS = "0xf503017d7baf7fbc0fff7492b751025c6a78179b"
NOTHING = ("no row contains this",)
TEXTS = ("data", "title", "terse", "prompt", "author", "technical")
FAULTS = ("  ", " ,", " .", " ;", " :", " )", "( ", "{", "}", ",,", "..", ",.", "\n\n\n")
AFTER_A = re.compile(r"[Aa] (?<!\w[Aa] )([aeiouAEIOU][\w-]*)")
AFTER_AN = re.compile(
    r"[Aa]n (?<!\w[Aa]n )([^\W\d_aeiouAEIOUéÉüÜíÍóÓáÁ][\w-]*|(?i:euro|eura|unic|unif|use|one\b|utop)[\w-]*)"
)
SPOKEN_WITH_A = re.compile(r"(euro|eura|eup|eug|euc|eud|eun|unic|unif|unit|univ|uniq|use|usu|utop|utah|uro|one)", re.I)
SPOKEN_WITH_AN = re.compile(r"(hour|heir|honest|honour|x-ray)", re.I)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(version="v1")


def without(*databases: str, color_limit: int = 0) -> Series:
    filters = MappingProxyType(dict.fromkeys(databases, NOTHING))
    return Series("without", color_limit=color_limit, filters=filters)


def addresses(number: int, seed: int = 7) -> Iterator[str]:
    rng = random.Random(seed)
    for _ in range(number):
        yield f"0x{rng.getrandbits(160):040x}"


def complaints(prompts: Prompts) -> list[str]:
    """What a careful reader would mark in red."""
    texts = [getattr(prompts, name) for name in TEXTS]
    found = [f"empty, or space at the rim: {text!r}" for text in texts if not text or text != text.strip()]
    page = "\n\n".join(texts)
    found += [f"{fault!r} in {page!r}" for fault in FAULTS if fault in page]
    if "none" in page.lower() and re.search(r"\bnone\b", page, re.I):
        found.append(f"none in {page!r}")
    found += [f"a {word}" for word in AFTER_A.findall(page) if not SPOKEN_WITH_A.match(word)]
    found += [f"an {word}" for word in AFTER_AN.findall(page) if not SPOKEN_WITH_AN.match(word)]
    terse = prompts.terse
    if len(terse) > LONGEST_TERSE or "\n" in terse or not terse.endswith((".", "…")) or terse[0] != terse[0].upper():
        found.append(f"terse: {terse}")
    if re.search(r"[.!?] ", terse):
        found.append(f"terse is more than a sentence: {terse}")
    return found


def test_says_what_is_painted_in_every_text(catalog: Catalog) -> None:
    selection = select(ADDRESS, Series("empty"), catalog)
    prompts = write(selection)
    noun, action, style = selection["noun"].word, selection["action"].word, selection["artStyle1"].word
    assert noun.lower() in prompts.title.lower()
    for text in (prompts.terse, prompts.prompt):
        assert noun in text.lower()
        assert action in text
    assert style in prompts.technical.lower()
    assert selection["litStyle"].word in prompts.author.lower()
    assert selection["emotion"].word in prompts.author
    assert "No text in the picture" in prompts.technical
    assert len(prompts.data.splitlines()) == len(selection.attributes)
    for name in COLORS:
        assert selection[name].field("hex") in prompts.technical


def test_is_the_same_every_time(catalog: Catalog) -> None:
    selection = select(ADDRESS, Series("empty"), catalog)
    assert write(selection) == write(selection)


def test_reads_well_for_thousands_of_addresses_and_has_a_title_for_each(catalog: Catalog) -> None:
    series = Series("empty")
    titles = set()
    for address in addresses(3_000):
        prompts = write(select(address, series, catalog))
        assert complaints(prompts) == []
        titles.add(prompts.title)
    assert len(titles) == 3_000


@pytest.mark.parametrize("name", NAMES)
def test_reads_well_without_one_database(name: str, catalog: Catalog) -> None:
    for address in addresses(20, seed=len(name)):
        assert complaints(write(select(address, without(name), catalog))) == []


def test_reads_well_without_any_combination_of_databases(catalog: Catalog) -> None:
    rng = random.Random(3)
    for address in addresses(800, seed=4):
        series = without(*rng.sample(NAMES, rng.randrange(len(NAMES) + 1)), color_limit=rng.randrange(4))
        assert complaints(write(select(address, series, catalog))) == []


def test_has_something_to_say_when_nothing_was_selected(catalog: Catalog) -> None:
    prompts = write(select(ADDRESS, without(*NAMES), catalog))
    assert prompts.title == "Stranger"
    assert prompts.terse == "A stranger."
    assert prompts.prompt == "Paint a stranger."
    assert complaints(prompts) == []


def test_reads_well_in_every_built_in_series(catalog: Catalog, tmp_path: Path) -> None:
    shelf = SeriesShelf(SeriesFolder(tmp_path))
    for name in shelf.names():
        series = shelf.get(name)
        assert series
        for address in addresses(150, seed=len(name)):
            assert complaints(write(select(address, series, catalog))) == [], name


def test_puts_no_word_in_quotation_marks_which_painters_would_letter(catalog: Catalog) -> None:
    for address in addresses(500, seed=11):
        prompts = write(select(address, Series("empty"), catalog))
        assert not set('"“”«»') & set(prompts.prompt + prompts.technical)
        assert "no letters, words, numbers" in prompts.technical


@pytest.mark.parametrize(
    ("noun", "sentence"),
    [
        ("navicula,", "It is a pennate diatom, and anyone who has watched naviculae under a microscope should"),
        ("kelpie,", "It is a water beast of legend, and anyone who has heard tales of kelpies should"),
        ("bridge troll,", "Anyone who has heard tales of bridge trolls should"),
        ("iron bacterium,", "Anyone who has watched iron bacteria under a microscope should"),
        ("cedar of lebanon,", "Anyone who knows cedars of Lebanon should"),
    ],
)
def test_says_what_an_unknown_creature_is(noun: str, sentence: str, catalog: Catalog) -> None:
    series = Series("one", filters=MappingProxyType({"nouns": (noun,)}))
    prompt = write(select(ADDRESS, series, catalog)).prompt
    assert f". {sentence} recognise it at once." in prompt


def test_lists_every_attribute_with_names_of_languages_and_without_flags(catalog: Catalog) -> None:
    filters = MappingProxyType({"emotions": ("żal,",), "colors": NOTHING, "places": ("lake mcdonald",)})
    data = write(select(ADDRESS, Series("one", filters=filters), catalog)).data.split("\n")
    assert len(data) == 18
    assert "Emotion: żal (sadness; negative; Polish; sorrow and regret with a tinge of reproach)" in data
    assert "Second colour: open to the painter" in data
    assert "Place: Lake McDonald (Montana; United States)" in data
    assert not any("; open;" in line for line in data)


def test_explains_composition_and_viewpoint_in_brackets(catalog: Catalog) -> None:
    filters = MappingProxyType({"compositions": ("wreath,",), "viewpoints": ("long shot,",)})
    lines = write(select(ADDRESS, Series("one", filters=filters), catalog)).technical.split("\n")
    assert "Composition: wreath (a ring of leaves or objects surrounds the subject)." in lines
    assert "Viewpoint: long shot (the whole figure is visible within ample surroundings)." in lines


def test_writes_of_databases_that_have_a_single_column() -> None:
    rows = {name: Database(name, (f"{name}-of-others",), (("otter",), ("unicorn",))) for name in NAMES}
    prompts = write(select(ADDRESS, Series("empty"), Catalog("v1", "", MappingProxyType(rows))))
    assert complaints(prompts) == []
    assert re.match(r"Palette: (otter|unicorn)( and (otter|unicorn))?, with", prompts.technical)
    assert re.match(r"Paint an? (otter|unicorn) (otter|unicorn), an? (otter|unicorn) by trade", prompts.prompt)


@pytest.mark.parametrize(("limit", "count"), [(0, 3), (1, 1), (2, 2), (3, 3)])
def test_names_only_as_many_colors_as_the_series_allows(limit: int, count: int, catalog: Catalog) -> None:
    selection = select(ADDRESS, Series("few", color_limit=limit), catalog)
    prompts = write(selection)
    named = [name for name in COLORS if selection[name].field("hex") in prompts.technical + prompts.data]
    assert named == list(COLORS[:count])
    assert selection[COLORS[count - 1]].field("name") in prompts.technical.split("Background: ")[1].lower()


def test_keeps_the_caption_short_however_long_the_words_are(catalog: Catalog) -> None:
    selection = select(ADDRESS, Series("empty"), catalog)
    long = tuple(
        type(one)(
            **{
                **{field: getattr(one, field) for field in one.__slots__},
                "fields": {key: " ".join([value] * 12) for key, value in one.fields.items()},
            }
        )
        for one in selection
    )
    stretched = Selection(selection.original, selection.seed, "empty", "", 0, long)
    terse = write(stretched).terse
    assert len(terse) <= LONGEST_TERSE
    assert terse.endswith("…")
