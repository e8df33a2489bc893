import json

import pytest

from dalle.words.series import BadSeries, Series, name_of


def test_reads_the_json_of_the_older_server() -> None:
    series = Series.parse(
        "mine",
        b'{"last": 7, "suffix": "m", "purpose": "Test.", "deleted": false, "colorLimit": 2, "modifiedAt": "x",'
        b' "adverbs": null, "adjectives": [], "nouns": ["wolf", "", "bear"], "literarystyles": ["x"]}',
    )
    assert (series.suffix, series.purpose, series.last, series.color_limit) == ("m", "Test.", 7, 2)
    assert dict(series.filters) == {"nouns": ("wolf", "bear")}


@pytest.mark.parametrize("text", [b"{}", b'{"suffix": null, "deleted": null, "colorLimit": null, "last": null}'])
def test_tolerates_what_is_null_or_missing(text: bytes) -> None:
    assert Series.parse("mine", text) == Series("mine", suffix="mine", filters=Series("x").filters)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"", "not valid JSON: Expecting value"),
        (b"{", "not valid JSON"),
        (b"\xff\xfe{", "not valid JSON"),
        (b"[" * 100_000, "not valid JSON: nested too deeply"),
        (b'{"last": ' + b"9" * 5000 + b"}", "not valid JSON: a number that is too long"),
        (b'{"suffix": "\\ud800"}', "a text holds half a character"),
        (b'{"nouns": ["\\udc00"]}', "a text holds half a character"),
        (b"[]", "expected a JSON object"),
        (b'{"suffix": 3}', '"suffix" must be a text'),
        (b'{"last": "3"}', '"last" must be a whole number'),
        (b'{"colorLimit": true}', '"colorLimit" must be a whole number'),
        (b'{"colorLimit": "two"}', '"colorLimit" must be a whole number, such as 2 or "2"'),
        (b'{"colorLimit": "1.5"}', '"colorLimit" must be a whole number'),
        (b'{"deleted": "yes"}', '"deleted" must be true or false'),
        (b'{"nouns": "wolf"}', '"nouns" must be a list of texts'),
        (b'{"nouns": ["wolf", 3]}', '"nouns" must be a list of texts'),
        (b'{"nouns": {}}', '"nouns" must be a list of texts'),
    ],
)
def test_says_what_is_wrong_with_a_file(text: bytes, reason: str) -> None:
    with pytest.raises(BadSeries) as caught:
        Series.parse("mine", text)
    assert str(caught.value).startswith(reason)


@pytest.mark.parametrize(("limit", "taken"), [(-1, 0), (0, 0), (1, 1), (2, 2), (3, 0), (5, 0)])
def test_takes_any_color_limit_and_none_for_one_that_limits_nothing(limit: int, taken: int) -> None:
    assert Series.parse("mine", b'{"colorLimit": %d}' % limit).color_limit == taken


@pytest.mark.parametrize(("limit", "taken"), [("", 0), (" ", 0), ("0", 0), ("1", 1), (" 2 ", 2), ("3", 0), ("-1", 0)])
def test_takes_a_color_limit_that_is_a_text(limit: str, taken: int) -> None:
    assert Series.parse("mine", json.dumps({"colorLimit": limit}).encode()).color_limit == taken


@pytest.mark.parametrize(
    ("text", "field"), [(b'{"nouns": 3}', "nouns"), (b'{"colorLimit": "two"}', "colorLimit"), (b"{", ""), (b"[]", "")]
)
def test_names_the_field_that_is_wrong(text: bytes, field: str) -> None:
    with pytest.raises(BadSeries) as caught:
        Series.parse("mine", text)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My Set", "my-set"),
        ("  Two  Words\n", "two-words"),
        ("plain", "plain"),
        ("My_Set", "My_Set"),
        ("Zażółć", "Zażółć"),
        ("", ""),
        ("x" * 65, "x" * 65),
    ],
)
def test_names_a_series_as_people_type_it(text: str, name: str) -> None:
    assert name_of(text) == name


def test_takes_null_in_a_list_for_nothing() -> None:
    assert dict(Series.parse("mine", b'{"nouns": [null, "wolf"], "gazes": [null]}').filters) == {"nouns": ("wolf",)}
