import random
from types import MappingProxyType

import pytest

from dalle.words.catalog import Catalog
from dalle.words.orientation import orientation_of
from dalle.words.selection import select
from dalle.words.series import Series

ADDRESS = f"0x{'5a' * 20}"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog.load(version="v1")


@pytest.mark.parametrize(
    ("composition", "viewpoint", "orientation"),
    [
        ("vertical", "distant", "portrait"),
        ("horizontal", "low", "landscape"),
        ("radial", "distant", "square"),
        ("thirds", "aerial", "landscape"),
        ("diagonal", "low", "portrait"),
        ("diagonal", "eye-level", "square"),
        ("nothing", "nothing", "square"),
    ],
)
def test_follows_the_composition_first_and_the_viewpoint_second(
    catalog: Catalog, composition: str, viewpoint: str, orientation: str
) -> None:
    filters = {"compositions": (f",{composition},",), "viewpoints": (f",{viewpoint},",)}
    series = Series("s", filters=MappingProxyType(filters))
    assert orientation_of(select(ADDRESS, series, catalog)) == orientation


def test_meets_every_orientation_often(catalog: Catalog) -> None:
    rng = random.Random(7)
    addresses = [f"0x{rng.getrandbits(160):040x}" for _ in range(2000)]
    orientations = [orientation_of(select(address, Series("empty"), catalog)) for address in addresses]
    for orientation in ("square", "portrait", "landscape"):
        assert orientations.count(orientation) > 300
