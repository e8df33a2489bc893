import errno
import os
import re
from pathlib import Path

import pytest

from dalle.errors import AuthRefused, ContentBlocked, FileSystemError, OutcomeUnknown, QueueFull, Unavailable
from dalle.outcome import Idle, Ready
from dalle.runs.settings import Pauses
from dalle.storage.blob import TEXTS
from dalle.storage.version import version_of
from tests.kit.clocks import Clock
from tests.kit.data_folder import DataFolder, put_bytes
from tests.kit.fakes import KEY, OTHER, PaidPainter, Start, body, ended_journal, studio
from tests.kit.images import photo
from tests.kit.waiting import wait


def test_leaves_exactly_the_files_of_its_layout(start: Start, tmp_path: Path) -> None:
    begun = start()
    begun.request(KEY)
    ended_journal(begun)
    begun.stop()
    found = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()}
    version = version_of(DataFolder(tmp_path).annotated(KEY).read_bytes())
    output = f"output/{KEY.series}"
    of_key = {name for name in found if KEY.address in name}
    assert of_key == {
        *(f"{output}/{kind}/{KEY.address}.txt" for kind in TEXTS if kind != "enhanced"),
        f"{output}/selector/{KEY.address}.json",
        f"{output}/generated/{KEY.address}.png",
        f"{output}/annotated/{KEY.address}.png",
        *(f"{output}/thumbs/{width}/{KEY.address}.webp" for width in (64, 128, 256, 512)),
        f"{output}/versions/{KEY.address}.txt",
        f"{output}/versions/{KEY.address}.{version}.png",
        *(f"{output}/versions/{width}/{KEY.address}.{version}.webp" for width in (64, 128, 256, 512)),
        f"{output}/progress/{KEY.address}.json",
        f"runs/{KEY.series}/{KEY.address}.json",
    }
    beside = {re.sub(r"guard-[0-9a-f]{2}", "guard-XX", name) for name in found - of_key}
    assert {name for name in beside if not name.startswith("gallery/")} == {
        "locks/guard-XX",
        "queue/guard",
        "queue/sweep",
        "metrics/calls.jsonl",
        "metrics/failures.earlier.txt",
        "metrics/progress_phase_stats.json",
        "metrics/progress_phase_stats.json.guard",
        "catalog.json",
        "catalog.json.guard",
    }


def test_pays_once_however_often_it_is_asked(start: Start) -> None:
    painter = PaidPainter()
    begun = start(painter)
    for _ in range(5):
        begun.request(KEY)
    ended_journal(begun)
    assert '"cacheHit":true' in body(begun.request(KEY))
    assert painter.calls == 1


def test_starts_nothing_by_looking(start: Start) -> None:
    painter = PaidPainter()
    begun = start(painter)
    assert begun.look(KEY) == Idle()
    assert begun.storage.tickets() == []


@pytest.mark.parametrize(
    ("error", "pause"),
    [(Unavailable(), 60), (OutcomeUnknown(), 900), (ContentBlocked(), 86400), (AuthRefused(), 600)],
    ids=lambda value: type(value).__name__,
)
def test_repeats_a_failure_until_its_pause_is_over(start: Start, error: Exception, pause: float) -> None:
    clock = Clock()
    painter = PaidPainter(error, photo())
    begun = start(painter, now_ns=clock.ns)
    begun.request(KEY)
    failed = ended_journal(begun)
    assert failed.retry_after_seconds == pause
    clock.now += pause - 1
    bodies = {re.sub(r'"updatedNs":\d+', "", body(begun.request(KEY))) for _ in range(3)}
    assert len(bodies) == 1
    assert painter.calls == 1
    clock.now += 2
    begun.request(KEY)
    assert ended_journal(begun).state == "completed"
    assert painter.calls == 2


def test_keeps_a_failure_after_a_restart_until_the_configuration_changes(start: Start) -> None:
    first = start(PaidPainter(AuthRefused()), configuration="old")
    first.request(KEY)
    ended_journal(first)
    first.stop()
    same = start(PaidPainter(), configuration="old")
    assert '"errorCode":"OPENAI_AUTH"' in body(same.request(KEY))
    same.stop()
    repaired = start(PaidPainter(), configuration="new")
    repaired.request(KEY)
    assert ended_journal(repaired).state == "completed"


def test_does_not_wait_for_the_operator_after_other_failures(start: Start) -> None:
    first = start(PaidPainter(OutcomeUnknown()), configuration="old", pauses=Pauses(unknown=900))
    first.request(KEY)
    ended_journal(first)
    first.stop()
    painter = PaidPainter()
    changed = start(painter, configuration="new")
    assert '"errorCode":"OUTCOME_UNKNOWN"' in body(changed.request(KEY))
    assert painter.calls == 0


def test_refuses_what_does_not_fit_into_the_queue(tmp_path: Path) -> None:
    idle = studio(tmp_path, jobs=0, queue=1)
    idle.request(KEY)
    with pytest.raises(QueueFull):
        idle.request(OTHER)
    assert idle.look(OTHER) == Idle()
    assert idle.journal(OTHER) is None
    idle.stop()


def test_removes_in_order_and_leaves_prompts_and_raw_picture(start: Start, tmp_path: Path) -> None:
    begun = start()
    begun.request(KEY)
    ended_journal(begun)
    assert begun.remove(KEY)
    assert not begun.remove(KEY)
    assert begun.look(KEY) == Idle()
    assert DataFolder(tmp_path).generated(KEY, "png").exists()
    assert not DataFolder(tmp_path).progress(KEY).exists()
    assert not list(DataFolder(tmp_path).output.rglob("*.webp"))
    found = begun.journal(KEY)
    assert found
    assert found.state == "removed"


def test_paints_a_new_picture_after_a_removal(start: Start) -> None:
    painter = PaidPainter()
    begun = start(painter)
    for _ in range(2):
        begun.request(KEY)
        ended_journal(begun)
        begun.remove(KEY)
    assert painter.calls == 2


def test_never_removes_during_a_run(tmp_path: Path) -> None:
    idle = studio(tmp_path, jobs=0)
    idle.request(KEY)
    assert not idle.remove(KEY)
    assert idle.storage.ticket(KEY)
    idle.stop()


@pytest.mark.parametrize("torn", [b"", photo()[:50]], ids=["empty", "torn"])
def test_quarantines_a_torn_picture_and_paints_it_again(start: Start, torn: bytes, tmp_path: Path) -> None:
    begun = start()
    path = DataFolder(tmp_path).annotated(KEY)
    path.parent.mkdir(parents=True)
    path.write_bytes(torn)
    os.utime(path, (1, 1))
    assert begun.look(KEY) == Idle()
    begun.request(KEY)
    assert DataFolder(tmp_path).torn(KEY).read_bytes() == torn
    assert ended_journal(begun).state == "completed"
    ready = begun.look(KEY)
    assert isinstance(ready, Ready)
    ready.picture.close()


def test_paints_beside_a_torn_picture_that_may_still_be_being_written(start: Start, tmp_path: Path) -> None:
    painter = PaidPainter()
    begun = start(painter)
    put_bytes(DataFolder(tmp_path).annotated(KEY), photo()[:50])
    assert '"done":false' in body(begun.request(KEY))
    assert ended_journal(begun).state == "completed"
    assert painter.calls == 1
    assert DataFolder(tmp_path).annotated(KEY).read_bytes().endswith(b"IEND\xaeB`\x82")


def test_waits_for_no_pipe_in_a_pictures_place(start: Start, tmp_path: Path) -> None:
    begun = start()
    path = DataFolder(tmp_path).annotated(KEY)
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert begun.look(KEY) == Idle()


def test_shows_runs_beside_a_folder_in_a_reports_place(tmp_path: Path) -> None:
    idle = studio(tmp_path)
    idle.request(KEY)
    idle.request(OTHER)
    path = DataFolder(tmp_path).progress(OTHER)
    path.unlink()
    path.mkdir()
    assert [fields["address"] for fields in idle.runs()] == [KEY.address]
    assert OTHER.address in body(idle.look(OTHER))


def test_goes_on_for_other_keys_beside_a_damaged_and_a_newer_journal(start: Start, tmp_path: Path) -> None:
    painter = PaidPainter()
    begun = start(painter)
    path = DataFolder(tmp_path).journal(KEY)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"\0" * 40)
    assert '"errorCode":"FILE_SYSTEM_ERROR"' in body(begun.look(KEY))
    assert '"errorCode":"FILE_SYSTEM_ERROR"' in body(begun.request(KEY))
    path.write_bytes(b'{"version": 2}')
    with pytest.raises(FileSystemError):
        begun.request(KEY)
    assert path.read_bytes() == b'{"version": 2}'
    assert painter.calls == 0
    begun.request(OTHER)
    assert ended_journal(begun, OTHER).state == "completed"


def test_forgets_no_bytes_beside_a_damaged_journal(start: Start, tmp_path: Path) -> None:
    clock, painter = Clock(), PaidPainter()
    begun = start(painter, now_ns=clock.ns)
    DataFolder(tmp_path).journal(KEY).parent.mkdir(parents=True)
    DataFolder(tmp_path).journal(KEY).write_bytes(b"{")
    DataFolder(tmp_path).original(KEY, "run1", 3).write_bytes(photo())
    begun.request(KEY)
    clock.now += 901
    begun.request(KEY)
    assert ended_journal(begun).state == "completed"
    assert painter.calls == 0


def test_logs_a_call_once_whose_journal_was_damaged_meanwhile(start: Start, tmp_path: Path) -> None:
    painter, path = PaidPainter(), DataFolder(tmp_path).journal(KEY)
    begun = start(painter)

    def damage() -> None:
        path.write_bytes(path.read_bytes()[:-9])
        DataFolder(tmp_path).progress(KEY).unlink(missing_ok=True)
        begun.request(KEY)

    painter.before = damage
    begun.request(KEY)
    found = ended_journal(begun)
    assert (found.state, [attempt.outcome for attempt in found.attempts]) == ("completed", ["accepted"])
    assert path.with_suffix(".damaged").exists()
    assert [line["outcome"] for line in begun.storage.calls.since()] == ["accepted"]


def test_fetches_an_answer_by_its_url(start: Start) -> None:
    painter = PaidPainter("https://pictures.example/1?secret=2")
    begun = start(painter)
    begun.request(KEY)
    found = ended_journal(begun)
    assert (found.state, painter.fetches) == ("completed", 1)
    assert found.dress["imageUrl"] == "https://pictures.example/1"
    assert found.dress["downloadMode"] == "url"


def test_keeps_an_answer_that_is_no_picture_and_pays_again_only_after_a_day(start: Start, tmp_path: Path) -> None:
    clock, painter = Clock(), PaidPainter(b"no picture", photo())
    begun = start(painter, now_ns=clock.ns)
    begun.request(KEY)
    found = ended_journal(begun)
    assert (found.error_code, found.retry_after_seconds) == ("IMAGE_DOWNLOAD_ERROR", 60)
    assert [path.read_bytes() for path in DataFolder(tmp_path).runs.glob("*/*.answer")] == [b"no picture"]
    clock.now += 61
    begun.request(KEY)
    assert (ended_journal(begun).error_code, painter.calls) == ("IMAGE_DOWNLOAD_ERROR", 1)
    clock.now += 24 * 3600
    begun.request(KEY)
    assert (ended_journal(begun).state, painter.calls) == ("completed", 2)


def test_marks_a_call_unknown_when_its_painter_fails_unexpectedly(start: Start) -> None:
    begun = start(PaidPainter(ValueError("meant")))
    begun.request(KEY)
    found = ended_journal(begun)
    assert (found.error_code, found.retry_after_seconds) == ("INTERNAL_SERVER_ERROR", 900)
    assert found.attempts[0].outcome == "unknown"


def test_ends_a_run_at_its_deadline_and_takes_the_late_picture(start: Start, tmp_path: Path) -> None:
    painter = PaidPainter()
    begun = start(painter, longest_run=2.0)
    seen = []

    def wait_for_the_end() -> None:
        failed = ended_journal(begun)
        seen.append((failed.error_code, failed.attempts[0].outcome))

    painter.before = wait_for_the_end
    begun.request(KEY)
    wait(DataFolder(tmp_path).annotated(KEY).exists)
    assert seen == [("GENERATION_TIMEOUT", "unknown")]
    assert ended_journal(begun).state == "completed"
    assert painter.calls == 1
    assert len(DataFolder(tmp_path).calls.read_text().splitlines()) == 1


def test_writes_the_attempt_before_the_call(start: Start, tmp_path: Path) -> None:
    painter = PaidPainter()
    begun = start(painter)
    seen = []
    painter.before = lambda: seen.append(DataFolder(tmp_path).read_journal(KEY))
    begun.request(KEY)
    ended_journal(begun)
    assert seen[0]
    assert [attempt.outcome for attempt in seen[0].attempts] == [""]


def test_says_which_folder_trouble_it_has(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    idle = studio(folder, jobs=0)
    (folder / "locks").write_bytes(b"")  # a file where a folder should be
    with pytest.raises(FileSystemError) as caught:
        idle.request(KEY)
    assert str(tmp_path) not in caught.value.details
    assert os.strerror(errno.ENOTDIR) in caught.value.private or os.strerror(errno.EEXIST) in caught.value.private
    idle.stop()
