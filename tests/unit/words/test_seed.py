from dalle.words.seed import later_windows, seed_of, windows

ADDRESS = "0x0123456789abcdef0123456789abcdef01234567"


def test_joins_the_address_and_its_reverse_to_64_digits() -> None:
    assert seed_of(ADDRESS) == "0123456789abcdef0123456789abcdef0123456776543210fedcba9876543210"


def test_is_the_same_for_every_spelling_of_an_address() -> None:
    assert seed_of(ADDRESS.upper()) == seed_of(ADDRESS)


def test_cuts_fifteen_windows_of_six_digits_that_overlap_by_two() -> None:
    found = windows(seed_of(ADDRESS))
    assert found[:3] == ("012345", "456789", "89abcd")
    assert found[-1] == "765432"
    assert len(found) == 15
    assert {len(window) for window in found} == {6}


def test_cuts_three_later_windows_from_the_sha256_of_the_seed() -> None:
    assert later_windows("") == ("e3b0c4", "c44298", "98fc1c")
