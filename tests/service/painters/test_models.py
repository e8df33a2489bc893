"""The model watch: what is gone, what ends, and which model paints then."""

import json
from pathlib import Path
from typing import Any

import pytest

from dalle.events import Observer
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.models import ModelWatch
from dalle.painters.openai.settings import ProviderSettings
from dalle.storage.folder.engine import FolderStorage
from tests.kit.clocks import Clock
from tests.kit.provider import API_KEY, MemoryRecorder, order, provider, serving

NOVEMBER = 1_795_400_000.0  # 2026-11-23


def watch(folder: Path, url: str, **settings: Any) -> ModelWatch:
    return provider(folder, url, clock=lambda: NOVEMBER, **settings).watch


def test_warns_of_nothing_while_the_model_is_listed(tmp_path: Path) -> None:
    with serving() as stub:
        models = watch(tmp_path, stub.url)
        models.refresh()
    assert (models.status()["warnings"], models.status()["days_left"]) == ([], None)


def test_counts_the_days_of_a_model_that_ends(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serving() as stub:
        models = watch(tmp_path, stub.url, image_model="gpt-image-1.5")
        models.refresh()
    assert models.status()["days_left"] == 8
    assert "will be shut down in 8 days" in caplog.text


def test_paints_with_the_fallback_when_the_model_is_gone(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, image_model="dall-e-3", fallback_models=("gpt-image-2",))
        ours.watch.refresh()
        assert ours.painter.paint(order(), MemoryRecorder(tmp_path)).model == "gpt-image-2"
    assert ours.status()["models"]["warnings"] == ["the image model dall-e-3 is gone"]


def test_adds_a_model_that_is_gone_to_what_the_list_said(tmp_path: Path) -> None:
    with serving() as stub:
        models = watch(tmp_path, stub.url, image_model="gpt-image-1.5", fallback_models=("gpt-image-2",))
        models.refresh()
    for model in ("gpt-image-1.5", "gpt-image-2"):
        models.gone(model)
    assert [warning.rpartition(" ")[2] for warning in models.status()["warnings"]] == ["gone", "gone"]
    assert models.status()["checked"] == NOVEMBER


def test_ignores_a_list_that_contains_none_of_the_models(tmp_path: Path) -> None:
    with serving({"models": [{"id": "something-else"}]}) as stub:
        models = watch(tmp_path, stub.url)
        models.refresh()
    assert models.choose() == "gpt-image-2"
    assert models.status()["warnings"] == []


def test_does_no_harm_when_the_list_cannot_be_fetched(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "500_html", "path": "models"}]}) as stub:
        models = watch(tmp_path, stub.url)
        models._check()
        assert stub.calls.summary(rows=False)["models"] == 1
    assert models.status()["checked"] == 0
    assert models.choose() == "gpt-image-2"


@pytest.mark.parametrize(
    "damage", [{"known": None}, {"gone": "all"}, {"checked": "then"}, {"known": {"gpt-image-2": ["soon"]}}]
)
def test_paints_also_with_a_damaged_record(damage: dict[str, Any], tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url)
        ours.watch.refresh()
        file = tmp_path / "provider" / "models.json"
        file.write_text(json.dumps(json.loads(file.read_text()) | damage))
        assert ours.painter.paint(order(), MemoryRecorder(tmp_path)).model == "gpt-image-2"
        assert ours.status()["models"]["in_use"] == "gpt-image-2"


def test_checks_again_when_the_clock_was_put_back(tmp_path: Path) -> None:
    with serving() as stub:
        watch(tmp_path, stub.url).refresh()
        provider(tmp_path, stub.url, clock=lambda: NOVEMBER - 86_400).watch._check()
        assert stub.calls.summary(rows=False)["models"] == 2


def test_checks_once_a_day_whatever_the_number_of_workers(tmp_path: Path) -> None:
    days = 3
    clock = Clock(NOVEMBER)

    class Enough(Exception):
        pass

    def sleep(seconds: float) -> None:
        watches[1]._check(seconds / 2)  # the other worker, at the same hour
        clock.sleep(seconds)
        if clock.now > NOVEMBER + days * 86_400:
            raise Enough

    with serving() as stub:
        watches = [
            ModelWatch(
                FolderStorage(tmp_path),
                Client(api_key=API_KEY, base_url=stub.url),
                Calls(secret=API_KEY, observer=Observer()),
                ProviderSettings(api_key=API_KEY, base_url=stub.url),
                clock=clock,
                sleep=sleep,
            )
            for _ in range(2)
        ]
        with pytest.raises(Enough):
            watches[0]._watch()
        assert stub.calls.summary(rows=False)["models"] == 1 + days


def test_fetches_the_list_once_for_all_workers(tmp_path: Path) -> None:
    with serving() as stub:
        for _ in range(4):
            watch(tmp_path, stub.url)._check()
        assert stub.calls.summary(rows=False)["models"] == 1
