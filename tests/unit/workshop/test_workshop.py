"""A draft leaves nothing behind."""

from pathlib import Path

from dalle.words.series import Series
from tests.kit.fakes import studio
from tests.kit.folders import address


def test_forgets_what_the_filters_of_a_draft_select(tmp_path: Path) -> None:
    made = studio(tmp_path, jobs=0)
    before = dict(made.library.catalog._chosen)
    words = made.workshop.words()
    forecast = made.workshop.forecast(address(1), Series(name="draft", filters={"nouns": (",bird,",)}), words)
    assert forecast.selection["noun"].field("group") == "bird"
    assert made.library.catalog._chosen == before
    assert words._chosen
    made.stop()
