from dalle.imaging.typesetting import FONT, clean, letters, typeface, wrap


def test_has_a_typeface_with_many_accents_and_its_licence() -> None:
    font = typeface(40)
    missing = font.getmask("\uffff")
    # Not the soft hyphen, and not U+0149, which Unicode has withdrawn.
    alphabet = "".join(
        chr(code) for code in (*range(0xA1, 0xAD), *range(0xAE, 0x149), *range(0x14A, 0x180), *range(0x400, 0x460))
    )
    for char in alphabet + "—–“”‘’„…•€ΑΩάώἀᾧẠỹȘț":
        mask = font.getmask(char)
        assert mask.getbbox(), char
        assert bytes(mask) != bytes(missing), char
    assert "SIL OPEN FONT LICENSE" in FONT.with_name("CaptionBook.LICENSE.txt").read_text(encoding="utf-8")
    assert FONT.stat().st_size < 1_000_000


def test_keeps_accents_with_their_letters() -> None:
    assert letters("a\u0323\u0302b\u200dc") == ["a\u0323\u0302", "b\u200d", "c"]
    assert clean("e\u0301  x\n\x07y\ud800") == "é x y"


def test_wraps_into_as_few_lines_as_possible_and_evens_them() -> None:
    font = typeface(20)
    words = ["mellow"] * 9
    width = round(font.getlength(" ".join(words[:8]))) + 1
    assert wrap(" ".join(words), font, width) == [" ".join(words[:5]), " ".join(words[:4])]


def test_breaks_a_word_that_is_wider_than_a_line() -> None:
    font = typeface(20)
    lines = wrap("o\u0301" * 60, font, 100)
    assert "".join(lines) == "o\u0301" * 60
    assert all(line.startswith("o") and font.getlength(line) <= 100 for line in lines)


def test_sets_nothing_in_no_line() -> None:
    assert wrap("", typeface(20), 100) == []
