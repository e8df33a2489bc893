"""The fault matrix: every way in which a paid call can end, over real HTTP."""

import logging
import socket
import threading
import time
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from dalle.errors import BreakerOpen, DiskTrouble, GenerationError, OutcomeUnknown, TimedOut, Unavailable
from dalle.imaging.decoding import decode, verify
from dalle.limits.breaker import Permit
from dalle.painters.protocol import Admit, Answer, Call
from dalle.storage.protocol import ClaimLost
from tests.kit.clocks import Clock
from tests.kit.provider import API_KEY, Ear, Notebook, order, provider, serving

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
    book, ear = Notebook(tmp_path), Ear()
    deadline = 0.4 if fault in ("slow", "drip", "drip_headers") else 10.0
    with serving({"rules": [{"fault": fault, "wait": 0.01}]}) as stub:
        ours = provider(tmp_path, stub.url, observer=ear, image_timeout=deadline, daily_images=9)
        with pytest.raises(GenerationError) as raised:
            ours.painter.paint(order(), book)
        counts = stub.calls.summary(rows=False)
    assert (counts["images"], counts["other"]) == (calls, 0)
    error = raised.value
    assert (error.code, error.billed) == (code, billed)
    assert book.names == ["sent", "failed"] * calls
    assert book.rows[-1] == ("failed", calls, code, billed)
    state = ours.status()
    assert state["state"] == ("OPEN" if effect in (KEY, QUOTA) else "CLOSED")
    assert state["reason"] == (effect if effect in (KEY, QUOTA) else "")
    assert state["failures"] == (1 if effect else 0)
    assert state["last_code"] == (code if effect else "")
    assert ours.status()["budget"]["images"] == (0 if billed == NO else 1)
    ended = [row for row in ear.heard if row[0] == "ended"]
    assert ended == [("ended", "image", OUTCOMES[billed], code)] * calls
    assert ear.heard.count(("retried", "image")) == calls - 1
    assert (("timed out", "image") in ear.heard) == (fault in ("slow", "drip", "drip_headers"))
    assert len([line for line in caplog.messages if code in line]) == calls
    shown = caplog.text + repr(book.rows) + str(error) + error.details + error.private
    shown += "".join(file.read_text() for file in (tmp_path / "provider").iterdir())
    assert API_KEY not in shown


def test_names_the_category_that_moderation_blocked(tmp_path: Path) -> None:
    with serving(["moderation"]) as stub, pytest.raises(GenerationError) as raised:
        provider(tmp_path, stub.url).painter.paint(order(), Notebook(tmp_path))
    assert raised.value.details == "blocked for: violence, self-harm"


def test_calls_a_refused_connection_not_accepted_and_repeats_it(tmp_path: Path) -> None:
    with serving() as stub:
        url = stub.url
    book = Notebook(tmp_path)
    with pytest.raises(GenerationError) as raised:
        provider(tmp_path, url).painter.paint(order(), book)
    assert (raised.value.code, raised.value.billed) == ("OPENAI_UNAVAILABLE", "no")
    assert "Connection refused" in raised.value.private
    assert book.names == ["sent", "failed"] * 3


def test_tries_the_other_addresses_when_the_first_never_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as stub, socket.socket() as deaf:
        port = stub.server_address[1]
        deaf.bind(("127.0.0.2", port))
        deaf.listen(0)
        callers = [knock("127.0.0.2", port) for _ in range(4)]  # its queue is full: it answers nobody
        real = socket.getaddrinfo

        def two(host: str, *rest: Any, **named: Any) -> Any:
            if host != "two.example":
                return real(host, *rest, **named)
            return [row for address in ("127.0.0.2", "127.0.0.1") for row in real(address, *rest, **named)]

        monkeypatch.setattr(socket, "getaddrinfo", two)
        url = f"http://two.example:{port}/v1"
        provider(tmp_path, url, connect_timeout=1.0, image_attempts=1).painter.paint(order(), Notebook(tmp_path))
        for caller in callers:
            caller.close()


def knock(host: str, port: int) -> socket.socket:
    """A connection that is asked for and not waited for."""
    caller = socket.socket()
    caller.setblocking(False)
    with suppress(BlockingIOError):
        caller.connect((host, port))
    return caller


def test_ends_a_handshake_that_drips_with_the_time_to_connect_and_repeats_it(tmp_path: Path) -> None:
    hello = bytes.fromhex("16030340000200 3ffc0303".replace(" ", ""))
    with socket.create_server(("127.0.0.1", 0)) as server:
        served = []

        def drip() -> None:
            for _ in range(2):
                caller, _ = server.accept()
                served.append(caller)
                with suppress(OSError):
                    caller.sendall(hello)
                    while True:
                        caller.sendall(b"\0")
                        time.sleep(0.02)

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}/v1"
        with pytest.raises(TimedOut) as raised:
            provider(tmp_path, url, connect_timeout=0.3, image_attempts=2).painter.paint(order(), Notebook(tmp_path))
        thread.join()
        for caller in served:
            caller.close()
    assert (len(served), raised.value.billed) == (2, "no")


def test_honours_the_pause_that_the_provider_asks_for(tmp_path: Path) -> None:
    pauses: list[float] = []
    with serving({"rules": [{"fault": "429_after", "wait": 7, "times": 2}]}) as stub:
        answer = provider(tmp_path, stub.url, sleep=pauses.append).painter.paint(order(), Notebook(tmp_path))
    assert pauses == [7.0, 7.0]
    assert verify(answer.data) == "png"
    assert answer.examined
    assert (answer.examined.extension, answer.examined.image.tobytes()) == ("png", decode(answer.data).tobytes())


def test_does_not_wait_beyond_the_deadline_and_hands_the_pause_on(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with serving({"rules": [{"fault": "429_after", "wait": 120}]}) as stub, pytest.raises(GenerationError) as raised:
        provider(tmp_path, stub.url).painter.paint(order(), book)
    assert raised.value.retry_after == 120
    assert book.names == ["sent", "failed"]


def test_repeats_an_unknown_outcome_only_when_told_to(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, repeat_unknown=True, daily_images=9)
        ours.painter.paint(order(), book)
        assert ours.status()["budget"]["images"] == 2
    assert book.names == ["sent", "failed", "sent", "answered"]


def test_paints_with_the_next_model_when_the_first_is_gone(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with serving(["404"]) as stub:
        ours = provider(tmp_path, stub.url, fallback_models=("gpt-image-2.5-flare",))
        assert ours.painter.paint(order(), book).model == "gpt-image-2.5-flare"
        assert ours.painter.paint(order(), book).model == "gpt-image-2.5-flare"
        assert stub.calls.summary(rows=False)["images"] == 3


def test_brings_bytes_cost_usage_and_request_id(tmp_path: Path) -> None:
    book, ear = Notebook(tmp_path), Ear()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=ear, image_quality="low", daily_budget=5.0)
        answer = ours.painter.paint(order(), book)
    assert verify(answer.data) == "png"
    assert answer.request_id.startswith("req_")
    assert answer.usage["output_tokens"] == 7000
    assert answer.cost == pytest.approx(0.211)
    assert ours.status()["budget"]["usd"] == pytest.approx(0.211)
    assert book.rows[0][1].estimate == pytest.approx(0.006)
    assert ("spent", "gpt-image-2", 0.211, {"input": 200, "output": 7000}) in ear.heard


@pytest.mark.parametrize(
    ("fault", "extension"),
    [("webp", "webp"), ("jpeg", "jpeg"), ("url", "png"), ("data_url", "png"), ("lines", "png"), ("zipped", "png")],
)
def test_takes_other_formats_and_urls(fault: str, extension: str, tmp_path: Path) -> None:
    with serving([fault]) as stub:
        painter = provider(tmp_path, stub.url).painter
        answer = painter.paint(order(), Notebook(tmp_path))
        data = answer.data or painter.fetch(answer.url, time.monotonic() + 5)
    assert verify(data) == extension


@pytest.mark.parametrize("fault", ["tiny", "broken_picture"])
def test_hands_over_bytes_that_turn_out_to_be_no_picture_and_counts_them_as_a_failure(
    fault: str, tmp_path: Path
) -> None:
    with serving([fault]) as stub:
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), Notebook(tmp_path))
    with pytest.raises(GenerationError) as raised:
        verify(answer.data)
    assert raised.value.code == "IMAGE_DOWNLOAD_ERROR"
    assert (ours.status()["failures"], ours.status()["last_code"]) == (1, "IMAGE_DOWNLOAD_ERROR")


@pytest.mark.parametrize("fault", ["url_missing", "url_huge", "url_drip"])
def test_gives_a_download_up(fault: str, tmp_path: Path) -> None:
    with serving([fault]) as stub:
        ours = provider(tmp_path, stub.url)
        answer = ours.painter.paint(order(), Notebook(tmp_path))
        seconds = 0.3 if fault == "url_drip" else 10
        with pytest.raises(GenerationError) as raised:
            ours.painter.fetch(answer.url, time.monotonic() + seconds)
    error = raised.value
    assert (error.code, error.billed, error.pause) == ("IMAGE_DOWNLOAD_ERROR", "yes", "unknown")
    assert (ours.status()["failures"], ours.status()["last_code"]) == (1, "IMAGE_DOWNLOAD_ERROR")


def test_fetches_a_picture_again_when_that_may_pass(tmp_path: Path) -> None:
    ear = Ear()
    with serving(["url_flaky", "url_missing"]) as stub:
        painter = provider(tmp_path, stub.url, observer=ear).painter
        answer = painter.paint(order(), Notebook(tmp_path))
        assert verify(painter.fetch(answer.url, time.monotonic() + 5)) == "png"
        assert stub.calls.summary(rows=False)["pictures"] == 3
        assert ear.heard.count(("retried", "download")) == 2
        missing = painter.paint(order(), Notebook(tmp_path))
        with pytest.raises(GenerationError):
            painter.fetch(missing.url, time.monotonic() + 5)
        assert stub.calls.summary(rows=False)["pictures"] == 4


def test_buys_no_sixth_picture_that_cannot_be_fetched(tmp_path: Path) -> None:
    with serving({"rules": [{"fault": "url_missing"}]}) as stub:
        ours = provider(tmp_path, stub.url)
        for _ in range(5):
            answer = ours.painter.paint(order(), Notebook(tmp_path))
            with pytest.raises(GenerationError):
                ours.painter.fetch(answer.url, time.monotonic() + 5)
        with pytest.raises(BreakerOpen):
            ours.painter.paint(order(), Notebook(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 5


def test_forgets_failures_when_a_picture_was_fetched(tmp_path: Path) -> None:
    with serving(["tiny", "url"]) as stub:
        ours = provider(tmp_path, stub.url)
        ours.painter.paint(order(), Notebook(tmp_path))
        answer = ours.painter.paint(order(), Notebook(tmp_path))
        assert ours.status()["failures"] == 1
        ours.painter.fetch(answer.url, time.monotonic() + 5)
    assert ours.status()["failures"] == 0


@pytest.mark.parametrize(
    ("fault", "cost"), [("empty_data", 0.211), ("null_data", 0.211), ("wrong_type", 0.211), ("odd_usage", None)]
)
def test_books_the_estimate_where_usage_says_nothing(fault: str, cost: float | None, tmp_path: Path) -> None:
    book, ear = Notebook(tmp_path), Ear()
    with serving([fault]) as stub:
        ours = provider(tmp_path, stub.url, observer=ear, daily_budget=5.0)
        with nullcontext() if cost is None else pytest.raises(GenerationError) as raised:
            ours.painter.paint(order(), book)
    if raised is not None:
        assert raised.value.cost == cost
    assert ours.status()["budget"]["usd"] == 0.211
    assert [row[2] for row in ear.heard if row[0] == "spent"] == [0.211]


@pytest.mark.parametrize("trouble", [ClaimLost(), DiskTrouble()], ids=["claim lost", "disk full"])
def test_books_what_was_spent_also_when_the_answer_cannot_be_kept(trouble: Exception, tmp_path: Path) -> None:
    class Clumsy(Notebook):
        def answered(self, number: int, answer: Answer) -> None:
            raise trouble

    ear = Ear()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=ear, image_quality="low", daily_budget=5.0)
        with pytest.raises(type(trouble)):
            ours.painter.paint(order(), Clumsy(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 1
    assert ours.status()["budget"]["usd"] == 0.211
    assert [row[2] for row in ear.heard if row[0] == "spent"] == [0.211]


def test_sends_nothing_more_when_the_breaker_opened_while_a_run_waited(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with serving({"rules": [{"fault": "429_after", "wait": 7}]}) as stub:

        def meanwhile(seconds: float) -> None:
            ours.limits.breaker.fail(Permit(), "OPENAI_AUTH", "key")

        ours = provider(tmp_path, stub.url, sleep=meanwhile, daily_images=9)
        with pytest.raises(BreakerOpen):
            ours.painter.paint(order(), book)
        assert stub.calls.summary(rows=False)["images"] == 1
    assert book.names == ["sent", "failed"]
    assert ours.status()["budget"]["images"] == 0


class Sleeper(Notebook):
    """Finds before its first calls that the claim has run out meanwhile."""

    def __init__(self, folder: Path, times: int) -> None:
        super().__init__(folder)
        self._times = times
        self.reserved: list[list[str]] = []

    def leaving(self, number: int) -> None:
        self.reserved.append(list(self.document("budget")["open"]))
        if len(self.reserved) <= self._times:
            late = Unavailable("the claim had run out")
            late.trips = False
            raise late


def test_sends_nothing_and_tries_again_when_the_claim_ran_out_just_before_the_call(tmp_path: Path) -> None:
    book, ear = Sleeper(tmp_path, 2), Ear()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=ear, daily_images=1)
        ours.painter.paint(order(), book)
        assert stub.calls.summary(rows=False)["images"] == 1
    assert book.names == ["sent", "failed", "sent", "failed", "sent", "answered"]
    assert book.rows[1] == ("failed", 1, "OPENAI_UNAVAILABLE", "no")
    assert book.reserved == [["run1.1"], ["run1.2"], ["run1.3"]]
    assert [row[0] for row in ear.heard] == ["retried", "retried", "sent", "ended", "spent"]
    assert (ours.status()["failures"], ours.status()["budget"]["images"]) == (0, 1)
    assert book.document("budget")["open"] == {}


def test_ends_a_run_whose_claim_has_run_out_without_a_call_or_a_cost(tmp_path: Path) -> None:
    book = Sleeper(tmp_path, 9)
    with serving() as stub:
        ours = provider(tmp_path, stub.url, daily_images=1)
        with pytest.raises(Unavailable) as raised:
            ours.painter.paint(order(), book)
        assert stub.calls.summary(rows=False)["images"] == 0
    assert raised.value.billed == "no"
    assert book.names == ["sent", "failed"] * 3
    assert (ours.status()["failures"], ours.status()["budget"]["images"]) == (0, 0)
    assert book.document("budget")["open"] == {}


def test_reserves_and_sends_nothing_when_the_breaker_opened_while_a_call_waited_for_its_turn(tmp_path: Path) -> None:
    first, second = Notebook(tmp_path), Notebook(tmp_path)
    clock = Clock(1_000_000.0)
    with serving() as stub:

        def meanwhile(seconds: float) -> None:
            clock.now += seconds
            ours.limits.breaker.fail(Permit(), "OPENAI_AUTH", "key")

        ours = provider(tmp_path, stub.url, clock=clock, sleep=meanwhile, images_per_minute=20, daily_images=9)
        ours.painter.paint(order(), first)
        with pytest.raises(BreakerOpen):
            ours.painter.paint(order(), second)
        assert stub.calls.summary(rows=False)["images"] == 1
    assert (first.names, second.names) == (["sent", "answered"], [])
    assert ours.status()["budget"]["images"] == 1
    assert second.document("budget")["open"] == {}


@pytest.mark.parametrize(
    ("trouble", "raised"),
    [(OSError("no space"), DiskTrouble), (DiskTrouble(), DiskTrouble), (ClaimLost(), ClaimLost)],
    ids=["disk full", "disk trouble", "claim lost"],
)
@pytest.mark.parametrize("reserves", [True, False], ids=["after the reservation", "before it"])
def test_sends_nothing_when_the_attempt_cannot_be_written(
    trouble: Exception, raised: type[Exception], reserves: bool, tmp_path: Path
) -> None:
    class Clumsy(Notebook):
        def sent(self, call: Call, admit: Admit | None = None) -> int:
            if reserves:
                super().sent(call, admit)
                assert self.document("budget")["open"] == {"run1.1": call.estimate}
                self.rows.clear()
            raise trouble

    book, ear = Clumsy(tmp_path), Ear()
    with serving() as stub:
        ours = provider(tmp_path, stub.url, observer=ear, daily_images=9)
        with pytest.raises(raised):
            ours.painter.paint(order(), book)
        assert stub.calls.summary(rows=False)["images"] == 0
    assert (book.names, ear.heard) == ([], [])
    assert (ours.status()["failures"], ours.status()["budget"]["images"]) == (0, 0)
    assert book.document("budget").get("open", {}) == {}


def test_cancels_a_probe_when_its_attempt_cannot_be_written(tmp_path: Path) -> None:
    class Full(Notebook):
        def sent(self, call: Call, admit: Admit | None = None) -> int:
            super().sent(call, admit)
            assert len(self.document("breaker")["probes"]) == 1
            raise OSError("no space")

    with serving(["502"]) as stub:
        ours = provider(tmp_path, stub.url, breaker_failures=1, breaker_pause=0.0)
        with pytest.raises(OutcomeUnknown):
            ours.painter.paint(order(), Notebook(tmp_path))
        with pytest.raises(DiskTrouble):
            ours.painter.paint(order(), Full(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 1
    assert (ours.status()["state"], ours.limits.breaker.read()["probes"]) == ("HALF_OPEN", {})


@pytest.mark.parametrize(("fault", "count"), [("502", 1), ("401", 0), ("empty_data", 1), ("", 1)])
def test_leaves_no_reservation_open_however_a_call_ends(fault: str, count: int, tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with serving([fault] if fault else None) as stub:
        ours = provider(tmp_path, stub.url, daily_images=9)
        with pytest.raises(GenerationError) if fault else nullcontext():
            ours.painter.paint(order(), book)
    assert (book.document("budget")["images"], book.document("budget")["open"]) == (count, {})


@pytest.mark.parametrize("base_url", ["http://[::1/v1", "ftp://127.0.0.1/v1"])
def test_says_that_an_address_cannot_be_one(base_url: str, tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    with pytest.raises(GenerationError) as raised:
        provider(tmp_path, base_url, daily_images=9).painter.paint(order(), book)
    assert (raised.value.code, raised.value.billed, raised.value.pause) == (
        "OPENAI_UNAVAILABLE",
        "no",
        "configuration",
    )


def test_knows_that_a_call_which_could_not_be_written_was_not_sent(tmp_path: Path) -> None:
    with serving() as stub:
        ours = provider(tmp_path, stub.url, image_params={"weight": float("nan")}, image_attempts=1)
        with pytest.raises(GenerationError) as raised:
            ours.painter.paint(order(), Notebook(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 0
    assert raised.value.billed == "no"


def test_asks_the_provider_itself_whatever_proxy_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving() as stub, serving() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.root)
        provider(tmp_path, stub.url).painter.paint(order(), Notebook(tmp_path))
        assert stub.calls.summary(rows=False)["images"] == 1
        assert proxy.calls.summary(rows=True)["rows"] == []


def test_ends_a_dripping_call_at_its_deadline(tmp_path: Path) -> None:
    with serving(["drip"]) as stub:
        begun = time.monotonic()
        with pytest.raises(GenerationError):
            provider(tmp_path, stub.url, image_timeout=0.5).painter.paint(order(), Notebook(tmp_path))
        assert time.monotonic() - begun < 5
