"""Drafts leave nothing behind, and take no thread from polls."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from dalle.errors import ServiceUnavailable
from dalle.words.series import Series
from dalle.workshop.workshop import AT_ONCE
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
