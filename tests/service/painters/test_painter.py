"""What a run's journal and the call log keep of the provider's answers."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dalle.compose import Painting, Studio
from dalle.key import Key
from dalle.settings import StudioSettings
from dalle.storage.journal import Journal
from tests.kit.data_folder import DataFolder
from tests.kit.fakes import ended_journal
from tests.kit.provider import provider, serving
from tests.stub_openai.server import StubServer

CHAT_COST = (120 * 0.25 + 240 * 2) / 1e6


@contextmanager
def working(folder: Path, stub: StubServer, **settings: Any) -> Iterator[Studio]:
    """A studio that pays the stub."""
    ours = provider(folder, stub.url, image_size="256x256", **settings)
    painting = Painting(ours.painter, writer=ours.writer)
    studio = Studio(StudioSettings(data_dir=folder, jobs=1), painting=painting)
    studio.start()
    try:
        yield studio
    finally:
        studio.stop()


def painted(studio: Studio, key: Key) -> Journal:
    """The journal of a run, once it has ended."""
    studio.request(key)
    return ended_journal(studio, key)


def lines(studio: Studio) -> list[dict[str, Any]]:
    return list(studio.storage.calls.since())


@pytest.fixture
def key() -> Key:
    return Key("simple", f"0x{secrets.token_hex(20)}")


def test_keeps_usage_request_id_revised_prompt_and_cost_of_a_picture(tmp_path: Path, key: Key) -> None:
    with serving(["revised"]) as stub, working(tmp_path, stub) as studio:
        journal = painted(studio, key)
        (row,) = [row for row in stub.calls.summary(rows=True)["rows"] if row["path"] == "images"]
    (attempt,) = journal.attempts
    assert (journal.state, attempt.outcome, attempt.billed) == ("completed", "accepted", "yes")
    assert (attempt.model, attempt.size) == ("gpt-image-2", "256x256")
    assert attempt.usage == {
        "input_tokens": 200,
        "input_tokens_details_text_tokens": 200,
        "input_tokens_details_image_tokens": 0,
        "output_tokens": 7000,
        "total_tokens": 7200,
    }
    assert attempt.request_id.startswith("req_")
    assert attempt.revised_prompt == f"Revised: {row['prompt']}"
    assert attempt.cost == pytest.approx((200 * 5 + 7000 * 30) / 1e6)
    assert DataFolder(tmp_path).read_journal(key) == journal


def test_ends_a_run_whatever_texts_come_beside_its_picture(tmp_path: Path, key: Key) -> None:
    with serving(["half_characters"]) as stub, working(tmp_path, stub) as studio:
        journal = painted(studio, key)
    assert (journal.state, journal.last and journal.last.revised_prompt) == ("completed", "a ? and a ?")


def test_keeps_what_an_answer_without_a_picture_cost(tmp_path: Path, key: Key) -> None:
    with serving(["empty_data"]) as stub, working(tmp_path, stub) as studio:
        (attempt,) = painted(studio, key).attempts
        logged = [line["cost"] for line in lines(studio) if line["kind"] == "image"]
    assert (attempt.outcome, attempt.billed, attempt.cost) == ("accepted", "yes", attempt.estimate)
    assert logged == [attempt.estimate] != [0]


def test_keeps_the_providers_name_for_a_refused_request(tmp_path: Path, key: Key) -> None:
    with serving(["size"]) as stub, working(tmp_path, stub) as studio:
        (attempt,) = painted(studio, key).attempts
    assert "(x-request-id req_" in attempt.detail


def test_keeps_the_enhancement_and_what_it_cost(tmp_path: Path, key: Key) -> None:
    with serving() as stub, working(tmp_path, stub) as studio:
        journal = painted(studio, key)
        prompt = (tmp_path / f"output/simple/prompt/{key.address}.txt").read_text().strip()
        (row,) = [row for row in stub.calls.summary(rows=True)["rows"] if row["path"] == "images"]
    (chat,) = journal.chats
    assert len(journal.enhancement) == 32
    assert journal.dress["enhancedPrompt"] == f"Richer and stranger: {prompt}"
    assert row["prompt"].startswith(journal.dress["enhancedPrompt"])
    assert (chat.model, chat.run_id, chat.outcome, chat.billed) == ("gpt-5-mini", journal.run_id, "accepted", "yes")
    assert chat.usage == {"prompt_tokens": 120, "completion_tokens": 240, "total_tokens": 360}
    assert chat.request_id.startswith("req_")
    assert chat.cost == pytest.approx(CHAT_COST)
    assert journal.started_ns < chat.sent_ns < chat.ended_ns < journal.attempts[0].sent_ns


IDS = {"x-litellm-call-id": "call-7", "helicone-id": "h-7", "X-Cache": "MISS"}
NOTED = {"x-litellm-call-id": "call-7", "helicone-id": "h-7"}


@pytest.mark.parametrize(
    ("path", "answer", "outcome"),
    [
        ("images", {"json": {"data": [{"b64_json": "{B64}"}]}}, "accepted"),
        ("images", {"json": {"data": []}}, "accepted"),
        ("images", {"status": 400, "json": {"error": {"message": "no"}}}, "refused"),
        ("images", {"status": 504, "text": "too late"}, "unknown"),
        ("images", {"json": {"data": [{"b64_json": "{B64}"}]}, "cut": 400}, "unknown"),
        ("chat", {"json": {"choices": [{"message": {"content": "Richer."}}]}}, "accepted"),
        ("chat", {"json": {"choices": []}}, "accepted"),
        ("chat", {"status": 400, "json": {"error": {"message": "no"}}}, "refused"),
    ],
)
def test_logs_the_ids_by_which_a_gateway_finds_a_call(
    path: str, answer: dict[str, Any], outcome: str, tmp_path: Path, key: Key
) -> None:
    plan = {"rules": [{"path": path, "answer": answer | {"headers": IDS}}]}
    with serving(plan) as stub, working(tmp_path, stub) as studio:
        painted(studio, key)
        (line,) = [line for line in lines(studio) if path.startswith(line["kind"])][-1:]
    request_id = line["ids"].pop("x-request-id", "")
    assert (line["outcome"], line["ids"]) == (outcome, NOTED)
    assert line["requestId"] == (request_id or "call-7")


def test_logs_the_ids_of_the_call_and_not_those_of_questions_after_its_task(tmp_path: Path, key: Key) -> None:
    plan = {
        "rules": [
            {
                "answer": {"status": 202, "json": {"id": "{TASK}", "status": "queued"}, "headers": IDS},
                "task": {"ended": {"json": {"status": "completed", "output": ["{URL}"]}, "headers": {"cf-ray": "8"}}},
            }
        ]
    }
    with serving(plan) as stub, working(tmp_path, stub) as studio:
        painted(studio, key)
        (line,) = [line for line in lines(studio) if line["kind"] == "image"]
    line["ids"].pop("x-request-id", "")
    assert line["ids"] == NOTED


def test_logs_one_line_a_call_of_either_kind(tmp_path: Path, key: Key) -> None:
    with serving({"rules": [{"fault": "429", "path": "chat", "times": 1}]}) as stub, working(tmp_path, stub) as studio:
        painted(studio, key)
        logged = lines(studio)
    assert [(line["kind"], line["model"], line["outcome"], line["errorCode"]) for line in logged] == [
        ("chat", "gpt-5-mini", "refused", "OPENAI_RATE_LIMIT"),
        ("chat", "gpt-5-mini", "accepted", ""),
        ("image", "gpt-image-2", "accepted", ""),
    ]
    assert [line["cost"] for line in logged] == pytest.approx([0, CHAT_COST, 0.211])
    assert logged[1]["usage"]["completion_tokens"] == 240
    assert {(line["series"], line["address"]) for line in logged} == {("simple", key.address)}
    assert all(line["paid"] and line["sentNs"] <= line["endedNs"] for line in logged)


def test_names_no_enhancement_when_the_plain_prompt_was_painted(tmp_path: Path, key: Key) -> None:
    with serving() as stub, working(tmp_path, stub) as studio:
        assert painted(studio, key).enhancement
        assert studio.remove(key)
    with (
        serving({"rules": [{"fault": "502", "path": "chat"}]}) as stub,
        working(tmp_path, stub, chat_model="gpt-5.4-nano") as studio,
    ):
        journal = painted(studio, key)
    assert (journal.state, journal.enhancement) == ("completed", "")
    assert [chat.outcome for chat in journal.chats] == ["accepted", "unknown"]
    assert "enhancedPrompt" not in journal.dress


def test_pays_for_an_enhancement_once(tmp_path: Path, key: Key) -> None:
    with serving({"rules": [{"fault": "moderation", "times": 1}]}) as stub:
        with working(tmp_path, stub) as studio:
            assert painted(studio, key).error_code == "CONTENT_BLOCKED"
            present = studio.journal(key)
            assert present
            present.retry_at_ns = 0
            DataFolder(tmp_path).write_journal(present)
            assert painted(studio, key).state == "completed"
        assert stub.calls.summary(rows=False)["chat"] == 1
