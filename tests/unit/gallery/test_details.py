import pytest

from dalle.gallery.details import details
from dalle.progress.report import EMPTY_DRESS, report_of
from dalle.storage.attempt import Attempt
from dalle.storage.journal import Journal

ADDRESS = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"


def finished(**dress: object) -> Journal:
    return Journal("simple", ADDRESS, run_id="r1", state="completed", painter="openai", dress=dict(dress))


def attempt(run: str, cost: float) -> Attempt:
    return Attempt(1, run, "openai", True, "gpt-image-2", "1024x1024", "low", 0.01, 1, cost=cost)


def test_shows_empty_fields_of_a_picture_of_which_little_is_known() -> None:
    shown = details(report_of(finished(), {}, 0), None)
    assert shown["address"] == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert (shown["prompts"], shown["attributes"], shown["palette"], shown["cost"]) == ({}, [], [], 0)


def test_shows_model_and_cost_of_the_present_run() -> None:
    journal = finished()
    journal.attempts = [attempt("r0", 0.5), attempt("r1", 0.006), attempt("r1", 0.013)]
    shown = details(report_of(journal, {}, 0), journal)
    assert (shown["model"], shown["painter"], shown["cost"]) == ("gpt-image-2", "openai", 0.019)


def test_names_the_offline_artist_in_words() -> None:
    journal = finished()
    journal.attempts = [Attempt(1, "r1", "sketch", False, "sketch-2", "1024x1024", "", 0, 1)]
    assert details(report_of(journal, {}, 0), journal)["model"] == "offline artist"


def test_shows_model_and_cost_of_what_is_shown_when_a_later_run_failed() -> None:
    journal = finished()
    journal.attempts = [attempt("r0", 0.5), attempt("r0", 0.25), attempt("r1", 0.013)]
    journal.attempts[1].used = True
    journal.attempts[2].model = "gpt-image-9"
    shown = details(report_of(journal, {}, 0), journal)
    assert (shown["model"], shown["cost"]) == ("gpt-image-2", 0.75)


def test_shows_attributes_by_their_word_and_each_colour_once() -> None:
    values = {"noun": "otter,otters,mammal", "color1": "#ffe4c4,bisque", "color3": "#ffe4c4,bisque", "gaze": "none"}
    attributes = [{"name": name, "value": value} for name, value in values.items()]
    shown = details(report_of(finished(**{**EMPTY_DRESS, "attributes": [*attributes, "junk"]}), {}, 0), None)
    assert shown["attributes"][0] == {"name": "noun", "word": "otter", "about": "otters, mammal"}
    assert [each["name"] for each in shown["attributes"]] == ["noun", "color1", "color3"]
    assert shown["palette"] == [{"hex": "#ffe4c4", "name": "bisque"}]


@pytest.mark.parametrize(
    ("data_prompt", "shown_as"),
    [
        ("Noun: otter\nBackground: a wash of bisque with etching", "a wash of bisque with etching"),
        ("", "a wash of tan with etching"),
    ],
)
def test_shows_what_was_painted_in_place_of_names_of_other_attributes(data_prompt: str, shown_as: str) -> None:
    """The colours of a series may be limited, and then the third is not painted."""
    values = {"color3": "#d2b48c,tan", "artStyle2": "etching", "backStyle": "a wash of {color3} with {artStyle2}"}
    attributes = [{"name": name, "value": value} for name, value in values.items()]
    dress = {**EMPTY_DRESS, "attributes": attributes, "dataPrompt": data_prompt}
    shown = details(report_of(finished(**dress), {}, 0), None)
    assert shown["attributes"][-1] == {"name": "backStyle", "word": shown_as, "about": ""}
