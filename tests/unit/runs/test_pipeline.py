import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from dalle.compose import Studio
from dalle.errors import GenerationError, Unavailable
from dalle.imaging import png
from dalle.imaging.thumbnails import AVATAR, packed
from dalle.painters.protocol import Answer, Order, Recorder
from dalle.storage.blob import Blob
from dalle.storage.journal import Journal
from tests.kit.clocks import Clock
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import KEY, OTHER, PaidPainter, ended_journal, studio
from tests.kit.images import as_file, noise, photo, reopened
from tests.kit.waiting import wait


class Noting(PaidPainter):
    """Remembers its orders."""

    def paint(self, order: Order, record: Recorder) -> Answer:
        self.orders = [*getattr(self, "orders", []), order]
        return super().paint(order, record)


class FakeWriter:
    """Enhances each prompt in the same way, or fails; counts."""

    def __init__(self, trouble: GenerationError | None = None) -> None:
        self.trouble = trouble
        self.calls = 0

    def fingerprint(self, author: str, prompt: str) -> str:
        return f"{len(author)}-{len(prompt)}"

    def enhance(self, author: str, prompt: str, deadline: float, *rest: Any, **more: Any) -> Any:
        self.calls += 1
        if self.trouble:
            raise self.trouble
        return SimpleNamespace(text="Richer.", model="m", ids={}, usage={}, cost=0.0)


@pytest.fixture
def closing() -> Iterator[list[Studio]]:
    """Studios to stop."""
    started: list[Studio] = []
    yield started
    for one in started:
        one.stop()


def painted(closing: list[Studio], folder: Path, painter: PaidPainter, **settings: Any) -> tuple[Studio, Journal]:
    begun = studio(folder, painter, **settings)
    closing.append(begun)
    begun.start()
    begun.request(KEY)
    return begun, ended_journal(begun)


def test_orders_the_prompt_with_its_technical_part(tmp_path: Path, closing: list[Studio]) -> None:
    painter = Noting()
    _, journal = painted(closing, tmp_path, painter)
    technical = DataFolder(tmp_path).text(KEY, "technical").read_text().strip()
    assert painter.orders[0].prompt == f"{journal.dress['prompt']}\n\n{technical}"
    assert painter.orders[0].run_id == journal.run_id


def test_skips_phases_that_are_not_needed_and_ends_the_others(tmp_path: Path, closing: list[Studio]) -> None:
    _, journal = painted(closing, tmp_path, PaidPainter())
    assert {phase.name for phase in journal.phases if phase.skipped} == {"enhance_prompt", "image_download"}
    assert all(phase.started_ns <= phase.ended_ns and phase.ended_ns for phase in journal.phases)


def test_enhances_once_while_prompt_and_settings_are_the_same(tmp_path: Path, closing: list[Studio]) -> None:
    painter, writer = Noting(), FakeWriter()
    begun, journal = painted(closing, tmp_path, painter, writer=writer)
    assert journal.dress["enhancedPrompt"] == "Richer."
    begun.remove(KEY)
    begun.request(KEY)
    assert ended_journal(begun).dress["enhancedPrompt"] == "Richer."
    assert writer.calls == 1
    assert [order.prompt.startswith("Richer.\n\n") for order in painter.orders] == [True, True]


def test_paints_from_the_plain_prompt_when_it_cannot_be_enhanced(tmp_path: Path, closing: list[Studio]) -> None:
    _, journal = painted(closing, tmp_path, PaidPainter(), writer=FakeWriter(Unavailable()))
    assert journal.state == "completed"
    assert journal.phase("enhance_prompt").error.startswith("OPENAI_UNAVAILABLE")


def test_enhances_nothing_without_a_literary_style(tmp_path: Path, closing: list[Studio]) -> None:
    series = tmp_path / "series" / f"{KEY.series}.json"
    series.parent.mkdir()
    series.write_text('{"litstyles": ["no style is called so"]}')
    writer = FakeWriter()
    _, journal = painted(closing, tmp_path, PaidPainter(), writer=writer)
    assert (journal.state, writer.calls) == ("completed", 0)
    assert journal.phase("enhance_prompt").skipped
    assert "enhancedPrompt" not in journal.dress


def test_paints_from_a_kept_enhancement_that_is_not_utf_8(tmp_path: Path, closing: list[Studio]) -> None:
    painter, writer = Noting(), FakeWriter()
    begun, _ = painted(closing, tmp_path, painter, writer=writer)
    DataFolder(tmp_path).text(KEY, "enhanced").write_bytes(b"Richer and fl\xfcchtig.")
    begun.remove(KEY)
    begun.request(KEY)
    assert ended_journal(begun).state == "completed"
    assert painter.orders[1].prompt.startswith("Richer and fl\ufffdchtig.\n\n")


def test_leaves_out_the_thoughts_in_a_kept_enhancement(tmp_path: Path, closing: list[Studio]) -> None:
    """Older versions kept what the language model wrote as it came."""
    painter, writer = Noting(), FakeWriter()
    begun, _ = painted(closing, tmp_path, painter, writer=writer)
    file = DataFolder(tmp_path).text(KEY, "enhanced")
    file.write_bytes(b"<think>plan</think>\nStranger.\n")
    begun.remove(KEY)
    begun.request(KEY)
    assert ended_journal(begun).dress["enhancedPrompt"] == "Stranger."
    assert painter.orders[1].prompt.startswith("Stranger.\n\n")
    assert file.read_bytes() == b"Stranger.\n"


def test_lets_the_fallback_paint_while_the_provider_is_away(tmp_path: Path, closing: list[Studio]) -> None:
    painter, fallback = PaidPainter(Unavailable()), PaidPainter(paid=False)
    _, journal = painted(closing, tmp_path, painter, fallback=fallback)
    assert (journal.state, painter.calls, fallback.calls) == ("completed", 1, 1)
    assert [attempt.outcome for attempt in journal.attempts] == ["refused", "accepted"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_keeps_the_painters_bytes_under_their_true_extension(tmp_path: Path, closing: list[Studio], kind: str) -> None:
    data = photo(kind=kind)
    _, journal = painted(closing, tmp_path, PaidPainter(data))
    assert (DataFolder(tmp_path).output / journal.dress["generatedPath"]).read_bytes() == data
    assert journal.dress["generatedPath"].endswith(f".{kind.lower()}")
    assert DataFolder(tmp_path).annotated(KEY).read_bytes().startswith(b"\x89PNG")


def test_makes_four_moments_of_a_paid_run_durable(
    tmp_path: Path, closing: list[Studio], monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def count(descriptor: int) -> None:
        path = os.readlink(f"/proc/self/fd/{descriptor}")
        synced.append("folder" if os.path.isdir(path) else os.path.basename(path).split(".")[-3])
        real(descriptor)

    studio(tmp_path, PaidPainter(), jobs=0)  # pins the catalogue
    DataFolder(tmp_path).original(KEY, "x", 1).parent.mkdir(parents=True)
    DataFolder(tmp_path).annotated(KEY).parent.mkdir(parents=True)
    DataFolder(tmp_path).generated(KEY, "png").parent.mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", count)
    painted(closing, tmp_path, PaidPainter())
    # attempt, outcome, published, terminal; the answer before it is read; the picture, annotated and as it came
    assert sorted(synced) == ["answer"] + ["folder"] * 7 + ["json"] * 4 + ["png"] * 2


def test_ends_as_a_disk_failure_when_a_text_cannot_be_written(tmp_path: Path, closing: list[Studio]) -> None:
    clock, painter = Clock(), PaidPainter()
    (tmp_path / "output" / KEY.series).mkdir(parents=True)
    (tmp_path / "output" / KEY.series / "prompt").write_bytes(b"")
    _, journal = painted(closing, tmp_path, painter, now_ns=clock.ns)
    assert (journal.error_code, journal.retry_after_seconds, painter.calls) == ("FILE_SYSTEM_ERROR", 60, 0)


def test_says_in_the_file_what_it_shows_and_who_painted_it(tmp_path: Path, closing: list[Studio]) -> None:
    _, journal = painted(closing, tmp_path, PaidPainter())
    with Image.open(DataFolder(tmp_path).annotated(KEY)) as picture:
        assert picture.info == {
            "Title": journal.dress["titlePrompt"],
            "Description": journal.dress["tersePrompt"],
            "Software": "dalleserver",
            "Source": "paid model",
        }


@pytest.mark.parametrize("paid", [False, True])
def test_shows_the_avatar_of_a_picture_that_cost_nothing_in_the_smallest_thumbnail(
    paid: bool, tmp_path: Path, closing: list[Studio]
) -> None:
    avatar = packed(Image.new("RGB", (64, 64), (250, 10, 10)))
    picture = png.encode(noise(640, 640), {AVATAR: avatar})
    begun, _ = painted(closing, tmp_path, PaidPainter(picture, paid=paid))
    small = begun.storage.blobs.get(Blob.thumbnail(KEY, 64))
    assert small
    red = reopened(small).convert("RGB").getpixel((20, 20))[0]  # type: ignore[index]
    assert (red > 200) is not paid
    with Image.open(DataFolder(tmp_path).annotated(KEY)) as finished:
        assert finished.info.get(AVATAR, "") == ("" if paid else avatar)


def test_refuses_a_picture_that_is_one_pixel_high_and_keeps_it(tmp_path: Path, closing: list[Studio]) -> None:
    flat = as_file(noise(1024, 1))
    begun, journal = painted(closing, tmp_path, PaidPainter(flat))
    assert journal.error_code == "IMAGE_DOWNLOAD_ERROR"
    assert "1024×1 pixels: expected 64 to 8192 on each side" in journal.error
    (kept,) = begun.storage.blobs.originals(KEY)
    assert begun.storage.blobs.get(kept) == flat


@pytest.mark.parametrize("size", [(64, 64), (64, 300), (300, 64)], ids=str)
def test_takes_the_smallest_pictures_and_keeps_them_as_they_came(
    tmp_path: Path, closing: list[Studio], size: tuple[int, int]
) -> None:
    small = as_file(noise(*size))
    begun, journal = painted(closing, tmp_path, PaidPainter(small))
    assert journal.error == ""
    assert begun.storage.blobs.get(Blob.generated(KEY, "png")) == small
    picture = begun.storage.finished(KEY)
    assert picture
    with picture.file, Image.open(picture.file) as image:
        assert image.width >= 512


def test_lets_other_pictures_pass_while_a_large_one_waits_for_its_turn(tmp_path: Path, closing: list[Studio]) -> None:
    large = as_file(Image.radial_gradient("L").resize((2048, 1600)).convert("RGB"), compress_level=1)
    painter = PaidPainter(large, photo())
    begun = studio(tmp_path, painter, jobs=2)
    closing.append(begun)
    with begun.storage.exclusive("large pictures", local=True):
        begun.start()
        begun.request(KEY)
        wait(lambda: painter.calls == 1)
        begun.request(OTHER)
        assert ended_journal(begun, OTHER).error == ""
        waiting = begun.journal(KEY)
        assert waiting
        assert not waiting.ended
        assert begun.storage.blobs.originals(KEY)  # it is kept before it waits
    assert ended_journal(begun).error == ""
