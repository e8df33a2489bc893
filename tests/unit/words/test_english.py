import pytest

from dalle.words.english import article, capitalized, country_name, listed, proper, titled


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("otter", "an otter"),
        ("red otter", "a red otter"),
        ("hour", "an hour"),
        ("honest broker", "an honest broker"),
        ("heirloom seller", "an heirloom seller"),
        ("hourglass maker", "an hourglass maker"),
        ("herbal owl", "a herbal owl"),
        ("heroic owl", "a heroic owl"),
        ("unicorn", "a unicorn"),
        ("uniformed owl", "a uniformed owl"),
        ("universal owl", "a universal owl"),
        ("unique owl", "a unique owl"),
        ("unimpressed owl", "an unimpressed owl"),
        ("unidentified owl", "an unidentified owl"),
        ("unintended owl", "an unintended owl"),
        ("unhurried owl", "an unhurried owl"),
        ("umber owl", "an umber owl"),
        ("undertaker", "an undertaker"),
        ("upside-down owl", "an upside-down owl"),
        ("urban owl", "an urban owl"),
        ("usher", "an usher"),
        ("useful owl", "a useful owl"),
        ("usual owl", "a usual owl"),
        ("utopian owl", "a utopian owl"),
        ("utter owl", "an utter owl"),
        ("ukulele player", "a ukulele player"),
        ("ubiquitous owl", "a ubiquitous owl"),
        ("one-eyed owl", "a one-eyed owl"),
        ("European badger", "a European badger"),
        ("euphoric owl", "a euphoric owl"),
        ("ewe", "a ewe"),
        ("élan", "an élan"),
        ("übermut", "an übermut"),
        ("X-ray artist", "an X-ray artist"),
        ("heir", "an heir"),
        ("honour guard", "an honour guard"),
        ("houri", "a houri"),
        ("unanimous owl", "a unanimous owl"),
        ("unnamed owl", "an unnamed owl"),
        ("euglena", "a euglena"),
        ("urocentrum", "a urocentrum"),
        ("onager", "an onager"),
        ("each-uisge", "an each-uisge"),
        ("umibozu", "an umibozu"),
        ("yak", "a yak"),
        ("", ""),
    ],
)
def test_puts_the_article_that_the_sound_asks_for(phrase: str, expected: str) -> None:
    assert article(phrase) == expected


def test_lists_things_as_a_sentence_does() -> None:
    assert listed([]) == ""
    assert listed(["red"]) == "red"
    assert listed(["red", "blue"]) == "red and blue"
    assert listed(["red", "blue", "green"]) == "red, blue and green"


def test_writes_names_of_peoples_and_places_with_capitals() -> None:
    assert proper("european badger") == "European badger"
    assert proper("cedar of lebanon") == "cedar of Lebanon"
    assert proper("przewalski's horse") == "Przewalski's horse"
    assert proper("song dynasty landscape") == "Song dynasty landscape"
    assert proper("song thrush") == "song thrush"
    assert proper("christmas island red crab") == "Christmas Island red crab"
    assert proper("guinea pig") == "guinea pig"
    assert proper("tales of cerberuses and samoyeds") == "tales of Cerberuses and Samoyeds"
    assert proper("shaker design and salt shakers") == "Shaker design and salt shakers"
    assert proper("t4 bacteriophage") == "T4 bacteriophage"
    assert proper("venus's girdle comb jelly") == "Venus's girdle comb jelly"
    assert proper("atlas moths") == "Atlas moths"
    assert proper("art deco travel poster") == "Art Deco travel poster"
    assert proper("x-ray imaging") == "X-ray imaging"
    assert proper("warm and bright as july") == "warm and bright as July"
    assert proper("full of sehnsucht") == "full of Sehnsucht"
    assert proper("a polished pole in a cold world") == "a polished pole in a cold world"


def test_writes_titles_with_small_words_in_the_middle() -> None:
    assert titled("valley of the kings") == "Valley of the Kings"
    assert titled("the old man") == "The Old Man"
    assert titled("upside-down") == "Upside-Down"
    assert titled("kinkaku-ji") == "Kinkaku-ji"
    assert titled("sawa-i-lau caves") == "Sawa-i-Lau Caves"
    assert titled("go") == "Go"
    assert titled("lake mcdonald") == "Lake McDonald"
    assert titled("rothenburg ob der tauber") == "Rothenburg ob der Tauber"
    assert titled("mont saint-michel") == "Mont Saint-Michel"


def test_opens_a_sentence_without_touching_the_rest() -> None:
    assert capitalized("a European") == "A European"
    assert capitalized("") == ""


def test_puts_the_article_before_the_countries_that_have_one() -> None:
    assert country_name("jordan") == "Jordan"
    assert country_name("united states") == "the United States"
    assert country_name("solomon islands") == "the Solomon Islands"
    assert country_name("netherlands") == "the Netherlands"
    assert country_name("trinidad and tobago") == "Trinidad and Tobago"
