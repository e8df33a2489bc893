from pathlib import Path
from typing import get_args

import pytest

from dalle.compose import Studio
from dalle.key import Key
from dalle.painters.forecast import forecast
from dalle.painters.protocol import Painter
from dalle.painters.sketch import Sketch
from dalle.settings import StudioSettings
from dalle.words.orientation import Orientation
from tests.kit.provider import provider
from tests.kit.selections import address

SIZES = {"square": "1024x1024", "portrait": "1024x1536", "landscape": "1536x1024"}


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    return Studio(StudioSettings(data_dir=tmp_path))


def quotes(painter: Painter) -> dict[str, tuple[str, str, str, float, bool]]:
    """Orientation → model, size, quality, estimate in USD, and whether the price is known."""
    all_of_them = {orientation: painter.quote(orientation) for orientation in get_args(Orientation)}
    return {
        orientation: (quote.call.model, quote.call.size, quote.call.quality, quote.call.estimate, quote.priced)
        for orientation, quote in all_of_them.items()
    }


def test_quotes_what_costs_nothing() -> None:
    assert quotes(Sketch()) == {name: ("sketch-4", size, "", 0.0, True) for name, size in SIZES.items()}


def test_quotes_the_call_that_would_be_sent(tmp_path: Path) -> None:
    painter = provider(tmp_path, "http://127.0.0.1:9/v1", image_model="gpt-image-1.5", image_quality="low").painter
    found = quotes(painter)
    assert {name: (model, size, quality) for name, (model, size, quality, *_) in found.items()} == {
        name: ("gpt-image-1.5", size, "low") for name, size in SIZES.items()
    }
    assert all(estimate > 0 and priced for *_, estimate, priced in found.values())
    assert found["portrait"][3] == pytest.approx(1.5 * found["square"][3])


def test_says_when_no_price_is_known(tmp_path: Path) -> None:
    painter = provider(tmp_path, "http://127.0.0.1:9/v1", image_model="unheard-of", image_size="512x512").painter
    assert set(quotes(painter).values()) == {("unheard-of", "512x512", "", 0.0, False)}


def test_foresees_nothing_of_a_series_that_is_not_defined(studio: Studio) -> None:
    assert forecast(Key("no-such", address(1)), studio.library, Sketch()) is None


def test_has_the_colours_that_are_painted_each_once(studio: Studio) -> None:
    for series, most in (("midnight-noir", 1), ("simple", 2), ("deep-sea", 3)):
        expected = [studio.forecast(Key(series, address(number))) for number in range(20)]
        palettes = [each.palette for each in expected if each]
        assert len(palettes) == 20
        assert max(len(palette) for palette in palettes) == most
        for each in expected:
            assert each
            assert all(code in each.prompts.technical for code in each.palette)
