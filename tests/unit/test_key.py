import pytest

from dalle.errors import DalleError, InvalidAddress, InvalidSeries, MissingParameter
from dalle.key import Key

ADDRESS = f"0x{'5a' * 20}"


def known(series: str, address: str) -> bool:
    return series == "simple"


def test_lower_cases_both_parts() -> None:
    assert Key.parse("SIMPLE", ADDRESS.upper(), known) == Key("simple", ADDRESS) == Key.of("Simple", ADDRESS.upper())
    assert str(Key("simple", ADDRESS)) == f"simple/{ADDRESS}"


@pytest.mark.parametrize(
    ("series", "address", "error"),
    [
        (None, None, MissingParameter),
        ("", "nonsense", MissingParameter),
        ("nonsense", "", MissingParameter),
        ("other", "nonsense", InvalidSeries),
        ("../simple", ADDRESS, InvalidSeries),
        ("simple\n", ADDRESS, InvalidSeries),
        ("simple", "nonsense", InvalidAddress),
        ("simple", ADDRESS[:-1], InvalidAddress),
        ("simple", f"{ADDRESS}0", InvalidAddress),
        ("simple", f"{ADDRESS}\n", InvalidAddress),
        ("simple", f"0x{'g' * 40}", InvalidAddress),
        ("simple", f"0x{'٣' * 40}", InvalidAddress),
    ],
)
def test_raises_for_the_first_part_that_is_wrong(
    series: str | None, address: str | None, error: type[DalleError]
) -> None:
    with pytest.raises(error):
        Key.parse(series, address, known)


@pytest.mark.parametrize("text", ["x" * 200, "/etc/passwd" * 20])
def test_shortens_what_it_repeats_in_an_error(text: str) -> None:
    for parts in ((text, ADDRESS), ("simple", text)):
        with pytest.raises(DalleError) as caught:
            Key.parse(*parts, known)
        assert text[:64] in caught.value.details
        assert text[:65] not in caught.value.details


@pytest.mark.parametrize(("series", "address"), [("", ADDRESS), ("a" * 65, ADDRESS), ("a.b", ADDRESS), ("a", "")])
def test_makes_no_key_of_a_malformed_pair(series: str, address: str) -> None:
    assert Key.of(series, address) is None


@pytest.mark.parametrize(
    ("parts", "details"),
    [
        (("", ADDRESS), "series is missing: expected the name of one, such as simple"),
        (("simple", ""), "address is missing: expected 0x and 40 hexadecimal digits"),
        (("simple", "0x12"), "'0x12': expected 0x and 40 hexadecimal digits"),
    ],
)
def test_says_what_was_expected_to_people_who_see_no_url(parts: tuple[str, str], details: str) -> None:
    with pytest.raises(DalleError) as caught:
        Key.parse(*parts, known)
    assert caught.value.details == details
