import random
import re
from collections.abc import Iterator
from types import MappingProxyType

import pytest

from dalle.catalog import NAMES, Catalog
from dalle.dress import Dress
from dalle.prompts import COLORS, LONGEST_TERSE, Prompts, orientation, write
from dalle.selection import dress
from dalle.series import Series

ADDRESS = "0xf503017d7baf7fbc0fff7492b751025c6a78179b"
NOTHING = ("no row contains this",)
TEXTS = ("data", "title", "terse", "prompt", "author", "technical")
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
    found = []
    for name in TEXTS:
        text = getattr(prompts, name)
        if not text or text != text.strip():
            found.append(f"{name}: empty, or space at the rim")
        for pattern in (r"\bnone\b", r"\bNone\b", "  ", r" [,.;:)]", r"\( ", r"[{}]", r",,", r"\.\.", r",\.", r"\n{3}"):
            if re.search(pattern, text):
                found.append(f"{name}: {pattern!r} in {text!r}")
        for after_a in re.findall(r"\b[Aa] ([aeiouAEIOU][\w-]*)", text):
            if not SPOKEN_WITH_A.match(after_a):
                found.append(f"{name}: a {after_a}")
        for after_an in re.findall(r"\b[Aa]n ([^\W\d_aeiouAEIOUéÉüÜíÍóÓáÁ][\w-]*)", text):
            if not SPOKEN_WITH_AN.match(after_an):
                found.append(f"{name}: an {after_an}")
        for wrong in re.findall(r"\b[Aa]n ((?:euro|eura|unic|unif|use|one\b|utop)[\w-]*)", text, re.I):
            found.append(f"{name}: an {wrong}")
    terse = prompts.terse
    if len(terse) > LONGEST_TERSE or "\n" in terse or not terse.endswith((".", "…")) or terse[0] != terse[0].upper():
        found.append(f"terse: {terse}")
    if re.search(r"[.!?] ", terse):
        found.append(f"terse is more than a sentence: {terse}")
    return found


def test_says_what_is_painted_in_every_text(catalog: Catalog) -> None:
    dressed = dress(ADDRESS, Series("empty"), catalog)
    prompts = write(dressed)
    noun, action, style = dressed["noun"].word, dressed["action"].word, dressed["artStyle1"].word
    assert noun.lower() in prompts.title.lower()
    for text in (prompts.terse, prompts.prompt):
        assert noun in text.lower()
        assert action in text
    assert style in prompts.technical.lower()
    assert dressed["litStyle"].word in prompts.author.lower()
    assert dressed["emotion"].word in prompts.author
    assert "No text in the picture" in prompts.technical
    assert len(prompts.data.splitlines()) == len(dressed.attributes)
    for name in COLORS:
        assert dressed[name].field("hex") in prompts.technical


def test_is_the_same_every_time(catalog: Catalog) -> None:
    dressed = dress(ADDRESS, Series("empty"), catalog)
    assert write(dressed) == write(dressed)


def test_reads_well_for_twenty_thousand_addresses_and_gives_each_its_own_title(catalog: Catalog) -> None:
    series = Series("empty")
    titles = set()
    for address in addresses(20_000):
        prompts = write(dress(address, series, catalog))
        assert complaints(prompts) == []
        titles.add(prompts.title)
    assert len(titles) >= 20_000 * 0.9999


@pytest.mark.parametrize("name", NAMES)
def test_reads_well_without_one_database(name: str, catalog: Catalog) -> None:
    for address in addresses(20, seed=len(name)):
        assert complaints(write(dress(address, without(name), catalog))) == []


def test_reads_well_without_any_combination_of_databases(catalog: Catalog) -> None:
    rng = random.Random(3)
    for address in addresses(1500, seed=4):
        series = without(*rng.sample(NAMES, rng.randrange(len(NAMES) + 1)), color_limit=rng.randrange(4))
        assert complaints(write(dress(address, series, catalog))) == []


def test_has_something_to_say_when_nothing_was_selected(catalog: Catalog) -> None:
    prompts = write(dress(ADDRESS, without(*NAMES), catalog))
    assert prompts.title == "Stranger"
    assert prompts.terse == "A stranger."
    assert prompts.prompt == "Paint a stranger."
    assert complaints(prompts) == []


@pytest.mark.parametrize(("limit", "count"), [(0, 3), (1, 1), (2, 2), (3, 3)])
def test_names_only_as_many_colors_as_the_series_allows(limit: int, count: int, catalog: Catalog) -> None:
    dressed = dress(ADDRESS, Series("few", color_limit=limit), catalog)
    prompts = write(dressed)
    named = [name for name in COLORS if dressed[name].field("hex") in prompts.technical + prompts.data]
    assert named == list(COLORS[:count])
    assert dressed[COLORS[count - 1]].field("name") in prompts.technical.split("Background: ")[1].lower()


def test_keeps_the_caption_short_however_long_the_words_are(catalog: Catalog) -> None:
    dressed = dress(ADDRESS, Series("empty"), catalog)
    long = tuple(
        type(one)(
            **{
                **{field: getattr(one, field) for field in one.__slots__},
                "fields": {key: " ".join([value] * 12) for key, value in one.fields.items()},
            }
        )
        for one in dressed
    )
    stretched = Dress(dressed.original, dressed.seed, "empty", "", 0, long)
    terse = write(stretched).terse
    assert len(terse) <= LONGEST_TERSE
    assert terse.endswith("…")


def test_takes_the_shape_from_composition_first_and_viewpoint_second(catalog: Catalog) -> None:
    def shape(composition: str, viewpoint: str) -> str:
        filters = {"compositions": (f",{composition},",), "viewpoints": (f",{viewpoint},",)}
        return orientation(dress(ADDRESS, Series("s", filters=MappingProxyType(filters)), catalog))

    assert shape("vertical", "distant") == "portrait"
    assert shape("horizontal", "low") == "landscape"
    assert shape("radial", "distant") == "square"
    assert shape("thirds", "aerial") == "landscape"
    assert shape("diagonal", "low") == "portrait"
    assert shape("diagonal", "eye-level") == "square"
    assert shape("nothing", "nothing") == "square"


def test_meets_every_shape_often(catalog: Catalog) -> None:
    shapes = [orientation(dress(address, Series("empty"), catalog)) for address in addresses(2000)]
    for shape in ("square", "portrait", "landscape"):
        assert shapes.count(shape) > 300
