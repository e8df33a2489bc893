"""The fault matrix: every way in which a paid call can end, over real HTTP."""

import logging
from contextlib import nullcontext
from pathlib import Path

import pytest

from dalle.errors import DiskTrouble, GenerationError, OutcomeUnknown
from dalle.imaging.decoding import decode, verify
from dalle.painters.protocol import Answer
from dalle.storage.protocol import ClaimLost
from tests.kit.provider import API_KEY, EventLog, MemoryRecorder, fetched, order, provider, serving

NO, YES, UNKNOWN = "no", "yes", "unknown"
NONE, COUNTED, KEY, QUOTA = "", "counted", "key", "quota"

#  fault            calls  code                    billed    effect on the breaker
MATRIX = [
    ("moderation", 1, "CONTENT_BLOCKED", NO, NONE),
    ("content_policy", 1, "CONTENT_BLOCKED", NO, NONE),
    ("billing", 1, "OPENAI_QUOTA", NO, QUOTA),
    ("size", 1, "OPENAI_UNAVAILABLE", NO, NONE),
    ("400", 1, "OPENAI_UNAVAILABLE", NO, NONE),
    ("401", 1, "OPENAI_AUTH", NO, KEY),
    ("403", 1, "OPENAI_AUTH", NO, KEY),
    ("404", 1, "OPENAI_UNAVAILABLE", NO, NONE),
    ("408", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("409", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("422", 1, "OPENAI_UNAVAILABLE", NO, NONE),
    ("429", 3, "OPENAI_RATE_LIMIT", NO, COUNTED),
    ("429_after", 3, "OPENAI_RATE_LIMIT", NO, COUNTED),
    ("slow_down", 3, "OPENAI_RATE_LIMIT", NO, COUNTED),
    ("quota", 1, "OPENAI_QUOTA", NO, QUOTA),
    ("spend_limit", 1, "OPENAI_QUOTA", NO, QUOTA),
    ("500", 3, "OPENAI_UNAVAILABLE", NO, COUNTED),
    ("500_html", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("502", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("503", 3, "OPENAI_UNAVAILABLE", NO, COUNTED),
    ("503_html", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("500_gateway", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("503_gateway", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("504", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("redirect", 1, "OPENAI_UNAVAILABLE", NO, NONE),
    ("slow", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("drip", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("drip_headers", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("reset_before", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("reset_after", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("half", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("html", 1, "OUTCOME_UNKNOWN", UNKNOWN, COUNTED),
    ("truncated_json", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
    ("empty_data", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
    ("null_data", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
    ("wrong_type", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
    ("broken_base64", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
    ("list", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
    ("huge", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
    ("zip_bomb", 1, "IMAGE_DOWNLOAD_ERROR", YES, COUNTED),
]
OUTCOMES = {NO: "refused", YES: "accepted", UNKNOWN: "unknown"}


@pytest.mark.parametrize(("fault", "calls", "code", "billed", "effect"), MATRIX, ids=[row[0] for row in MATRIX])
def test_ends_a_call_as_the_matrix_says(
    fault: str, calls: int, code: str, billed: str, effect: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "dalle")
    recorder, events = MemoryRecorder(tmp_path), EventLog()
    deadline = 0.4 if fault in ("slow", "drip", "drip_headers") else 10.0
    with serving({"rules": [{"fault": fault, "wait": 0.01}]}) as stub:
        ours = provider(tmp_path, stub.url, observer=events, image_timeout=deadline, daily_images=9)
        with pytest.raises(GenerationError) as raised:
            ours.painter.paint(order(), recorder)
        counts = stub.calls.summary(rows=False)
    assert (counts["images"], counts["other"]) == (calls, 0)
    error = raised.value
    assert (error.code, error.billed) == (code, billed)
    assert recorder.names == ["sent", "failed"] * calls
    assert recorder.rows[-1] == ("failed", calls, code, billed)
    state = ours.status()
    assert state["state"] == ("OPEN" if effect in (KEY, QUOTA) else "CLOSED")
    assert state["reason"] == (effect if effect in (KEY, QUOTA) else "")
    assert state["failures"] == (1 if effect else 0)
    assert state["last_code"] == (code if effect else "")
    assert ours.status()["budget"]["images"] == (0 if billed == NO else 1)
    ended = [row for row in events.rows if row[0] == "ended"]
    assert ended == [("ended", "image", OUTCOMES[billed], code)] * calls
    assert events.rows.count(("retried", "image")) == calls - 1
    assert (("timed out", "image") in events.rows) == (fault in ("slow", "drip", "drip_headers"))
    assert len([line for line in caplog.messages if code in line]) == calls
    shown = caplog.text + repr(recorder.rows) + str(error) + error.details + error.private
    shown += "".join(file.read_text() for file in (tmp_path / "provider").iterdir())
    assert API_KEY not in shown


@pytest.mark.parametrize("fault", ["500", "503"])
def test_pays_one_call_when_the_host_is_not_known_to_be_a_provider(fault: str, tmp_path: Path) -> None:
    with serving({"rules": [{"fault": fault}]}) as stub, pytest.raises(OutcomeUnknown) as raised:
        provider(tmp_path, stub.url, provider_hosts=()).painter.paint(order(), MemoryRecorder(tmp_path))
    assert stub.calls.summary(rows=False)["images"] == 1
    assert raised.value.billed == UNKNOWN


def test_names_the_category_that_moderation_blocked(tmp_path: Path) -> None:
    with serving(["moderation"]) as stub, pytest.raises(GenerationError) as raised:
        provider(tmp_path, stub.url).painter.paint(order(), MemoryRecorder(tmp_path))
    assert raised.value.details == "blocked for: violence, self-harm"


def test_honours_the_pause_that_the_provider_asks_for(tmp_path: Path) -> None:
    pauses: list[float] = []
    with serving({"rules": [{"fault": "429_after", "wait": 7, "times": 2}]}) as stub:
        answer = provider(tmp_path, stub.url, sleep=pauses.append).painter.paint(order(), MemoryRecorder(tmp_path))
    assert pauses == [7.0, 7.0]
    assert verify(answer.data) == "png"
    assert answer.examined
    assert (answer.examined.extension, answer.examined.image.tobytes()) == ("png", decode(answer.data).tobytes())


def test_does_not_wait_beyond_the_deadline_and_raises_with_the_pause(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving({"rules": [{"fault": "429_after", "wait": 120}]}) as stub, pytest.raises(GenerationError) as raised:
        provider(tmp_path, stub.url).painter.paint(order(), recorder)
    assert raised.value.retry_after == 120
    assert recorder.names == ["sent", "failed"]


def test_repeats_an_unknown_outcome_only_when_it_is_set_to(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, repeat_unknown=True, daily_images=9)
        ours.painter.paint(order(), recorder)
        assert ours.status()["budget"]["images"] == 2
    assert recorder.names == ["sent", "failed", "sent", "answered"]


def test_paints_with_the_next_model_when_the_first_is_gone(tmp_path: Path) -> None:
    recorder = MemoryRecorder(tmp_path)
    with serving(["404"]) as stub:
        ours = provider(tmp_path, stub.url, fallback_models=("gpt-image-2.5-flare",))
        assert ours.painter.paint(order(), recorder).model == "gpt-image-2.5-flare"
        assert ours.painter.paint(order(), recorder).model == "gpt-image-2.5-flare"
        assert stub.calls.summary(rows=False)["images"] == 3


def test_returns_bytes_cost_usage_and_request_id(tmp_path: Path) -> None:
    recorder, events = MemoryRecorder(tmp_path), EventLog()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=events, image_quality="low", daily_budget=5.0)
        answer = ours.painter.paint(order(), recorder)
    assert verify(answer.data) == "png"
    assert answer.ids["x-request-id"].startswith("req_")
    assert answer.usage["output_tokens"] == 7000
    assert answer.cost == pytest.approx(0.211)
    assert ours.status()["budget"]["usd"] == pytest.approx(0.211)
    assert recorder.rows[0][1].estimate == pytest.approx(0.006)
    assert ("spent", "gpt-image-2", 0.211, {"input": 200, "output": 7000}) in events.rows


@pytest.mark.parametrize(
    ("fault", "extension"),
    [("webp", "webp"), ("jpeg", "jpeg"), ("url", "png"), ("data_url", "png"), ("lines", "png"), ("zipped", "png")],
)
def test_accepts_other_formats_and_urls(fault: str, extension: str, tmp_path: Path) -> None:
    with serving([fault]) as stub:
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
        data = answer.data or fetched(ours, tmp_path, answer.url, 5)
    assert verify(data) == extension


@pytest.mark.parametrize("fault", ["tiny", "broken_picture"])
def test_returns_bytes_that_are_no_picture_and_counts_them_as_a_failure(fault: str, tmp_path: Path) -> None:
    with serving([fault]) as stub:
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), MemoryRecorder(tmp_path))
    with pytest.raises(GenerationError) as raised:
        verify(answer.data)
    assert raised.value.code == "IMAGE_DOWNLOAD_ERROR"
    assert (ours.status()["failures"], ours.status()["last_code"]) == (1, "IMAGE_DOWNLOAD_ERROR")


@pytest.mark.parametrize(
    ("fault", "cost"), [("empty_data", 0.211), ("null_data", 0.211), ("wrong_type", 0.211), ("odd_usage", None)]
)
def test_books_the_estimate_where_usage_says_nothing(fault: str, cost: float | None, tmp_path: Path) -> None:
    recorder, events = MemoryRecorder(tmp_path), EventLog()
    with serving([fault]) as stub:
        ours = provider(tmp_path, stub.url, observer=events, daily_budget=5.0)
        with nullcontext() if cost is None else pytest.raises(GenerationError) as raised:
            ours.painter.paint(order(), recorder)
    if raised is not None:
        assert raised.value.cost == cost
    assert ours.status()["budget"]["usd"] == 0.211
    assert [row[2] for row in events.rows if row[0] == "spent"] == [0.211]


@pytest.mark.parametrize("trouble", [ClaimLost(), DiskTrouble()], ids=["claim lost", "disk full"])
def test_books_what_was_spent_also_when_the_answer_cannot_be_kept(trouble: Exception, tmp_path: Path) -> None:
    class Clumsy(MemoryRecorder):
        def answered(self, number: int, answer: Answer) -> None:
            raise trouble

    events = EventLog()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=events, image_quality="low", daily_budget=5.0)
        with pytest.raises(type(trouble)):
            ours.painter.paint(order(), Clumsy(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 1
    assert ours.status()["budget"]["usd"] == 0.211
    assert [row[2] for row in events.rows if row[0] == "spent"] == [0.211]


def test_logs_the_status_of_a_refused_call_once_and_with_its_ids(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answer = {"status": 400, "json": {"error": {"message": "no"}}, "headers": {"x-litellm-call-id": "call-7"}}
    with serving({"rules": [{"answer": answer}]}) as stub, pytest.raises(GenerationError):
        provider(tmp_path, stub.url).painter.paint(order(), MemoryRecorder(tmp_path))
    (line,) = [record.getMessage() for record in caplog.records if "image call to" in record.getMessage()]
    assert (line.count("400"), "no" in line, "(x-litellm-call-id call-7)" in line) == (1, True, True)
