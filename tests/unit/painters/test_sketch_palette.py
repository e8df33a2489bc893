"""The colours of the offline artist."""

from dataclasses import replace

import pytest

from dalle.painters.sketch.dice import Dice
from dalle.painters.sketch.palette import lch_of, limited, palette_of, rgb_of
from tests.kit.selections import address, selected


def test_sets_the_creature_off_from_its_ground() -> None:
    for number in range(300):
        palette = palette_of(selected(number), Dice(address(number)))
        body, ground = lch_of(palette["body"]), lch_of(palette["ground"])
        assert abs(body[0] - ground[0]) > 0.18, number


@pytest.mark.parametrize("limit", [1, 2, 3])
def test_obeys_the_limit_of_colors(limit: int) -> None:
    for number in range(40):
        selection = replace(selected(number), color_limit=limit)
        palette = limited(palette_of(selection, Dice(address(number))), limit)
        hues = [lch_of(palette[role])[2] for role in ("body", "ground", "accent")[:limit]]
        for role, colour in palette.roles.items():
            if lch_of(colour)[1] > 0.05:
                assert min(abs((lch_of(colour)[2] - hue + 180) % 360 - 180) for hue in hues) < 12, (number, role)


def test_sets_a_body_off_from_any_ground() -> None:
    for number in range(60):
        palette = palette_of(selected(number), Dice(address(number)))
        for grey in (40, 120, 200, 250):
            off = palette.set_off((grey, grey, grey), 0.2)
            assert abs(lch_of(off["body"])[0] - lch_of((grey, grey, grey))[0]) > 0.17, (number, grey)


def test_converts_to_oklch_and_back() -> None:
    for rgb in ((12, 200, 99), (255, 0, 0), (240, 248, 255), (3, 3, 3)):
        assert all(abs(a - b) <= 1 for a, b in zip(rgb_of(*lch_of(rgb)), rgb, strict=True))
