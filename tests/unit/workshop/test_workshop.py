"""Drafts leave nothing behind, and take no thread from polls."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from dalle.errors import ServiceUnavailable
from dalle.words.selection import select
from dalle.words.series import Series
from dalle.workshop.workshop import AT_ONCE
from tests.kit.fakes import studio
from tests.kit.folders import address


def test_forgets_what_the_filters_of_a_draft_select(tmp_path: Path) -> None:
    made = studio(tmp_path, jobs=0)
    words = made.workshop.words()
    before = dict(made.library.catalog._chosen)
    forecast = made.workshop.forecast(address(1), Series(name="draft", filters={"nouns": (",bird,",)}), words)
    assert forecast.selection["noun"].field("group") == "bird"
    assert made.library.catalog._chosen == before
    assert set(words._chosen) - set(before) == {("nouns", (",bird,",))}
    made.stop()


def test_selects_as_a_saved_series_would(tmp_path: Path) -> None:
    made = studio(tmp_path, jobs=0)
    series = Series(
        name="draft",
        suffix="label",
        color_limit=2,
        filters={"nouns": (",bird,", "zzz"), "gazes": ("zzz",), "colors": ()},
    )
    for number in range(20):
        found = made.workshop.select(address(number), series, made.workshop.words())
        assert found == select(address(number), series, made.library.catalog)
    made.stop()


def test_looks_at_few_drafts_at_once(tmp_path: Path) -> None:
    made = studio(tmp_path, jobs=0)
    with ExitStack() as places:
        for _ in range(AT_ONCE):
            places.enter_context(made.workshop.place())
        with pytest.raises(ServiceUnavailable) as refused, made.workshop.place():
            pass
        assert refused.value.retry_after == 1
    with made.workshop.place():
        pass
    made.stop()
