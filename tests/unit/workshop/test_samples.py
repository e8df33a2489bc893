"""The addresses of a contact sheet."""

from dalle.key import ADDRESS
from dalle.workshop.samples import SHOWN, sheet
from tests.kit.folders import address


def test_are_the_same_for_everybody_and_others_on_the_next_sheet() -> None:
    assert sheet([], 1) == sheet([], 1)
    assert len({*sheet([], 1), *sheet([], 2)}) == 2 * SHOWN
    assert all(ADDRESS.fullmatch(each) for each in sheet([], 99))


def test_begin_with_ones_own() -> None:
    made_up = sheet([])
    assert sheet([address(1), address(1), made_up[3]]) == [
        address(1),
        made_up[3],
        *[each for each in made_up if each != made_up[3]][: SHOWN - 2],
    ]
    assert sheet([address(number) for number in range(40)]) == [address(number) for number in range(SHOWN)]
