"""The paid painter: one image call per picture, each one reserved, paced and written down before it is sent."""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dalle.errors import (
    AuthRefused,
    BadAnswer,
    ContentBlocked,
    DeadlinePassed,
    DiskTrouble,
    GenerationError,
    ModelGone,
    QuotaExhausted,
)
from dalle.events import Observer
from dalle.imaging.decoding import Examined, examine
from dalle.limits.breaker import Breaker, Pass
from dalle.limits.budget import Budget, Reservation
from dalle.limits.pacing import Pacing
from dalle.limits.prices import Prices
from dalle.painters.openai import answers
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.models import ModelWatch
from dalle.painters.openai.parameters import Choices, image_parameters, size_for
from dalle.painters.protocol import Answer, Call, Order, Recorder
from dalle.words.orientation import Orientation

log = logging.getLogger(__name__)


class OpenAIPainter:
    """Satisfies `Painter`. A run is one `paint`: the breaker counts it once, however many calls it took.

    Good for the breaker is only what can be used as a picture: what cannot was paid for all the same.
    """

    name = "openai"
    paid = True

    def __init__(
        self,
        *,
        client: Client,
        calls: Calls,
        watch: ModelWatch,
        breaker: Breaker,
        budget: Budget,
        pacing: Pacing,
        prices: Prices,
        choices: Choices,
        observer: Observer,
        timeout: float = 300.0,
        download_timeout: float = 60.0,
    ) -> None:
        self._client = client
        self._calls = calls
        self._watch = watch
        self._breaker = breaker
        self._budget = budget
        self._pacing = pacing
        self._prices = prices
        self._choices = choices
        self._observer = observer
        self._timeout = timeout
        self._download_timeout = download_timeout

    def paint(self, order: Order, record: Recorder) -> Answer:
        """See `Painter`. Raises BreakerOpen and BudgetExhausted before anything is sent."""
        leave, until = self._admit(order.deadline)
        order = replace(order, deadline=until)
        try:
            answer = self._calls.repeat("image", order.deadline, lambda: self._attempt(order, leave, record))
        except GenerationError as error:
            self._judge(leave, error)
            raise
        except BaseException:
            self._tolerate(lambda: self._breaker.leave(leave))
            raise
        if answer.data:
            return replace(answer, examined=self._appraise(leave, answer.data))
        if leave.token:  # else the download decides
            self._tolerate(lambda: self._breaker.succeed(leave))
        return answer

    def fetch(self, url: str, deadline: float) -> bytes:
        """See `Painter`. It costs nothing, so what may pass is tried again within the time."""
        until = min(deadline, time.monotonic() + self._download_timeout)
        try:
            data = self._calls.repeat("download", until, lambda: self._client.download(url, until - time.monotonic()))
        except GenerationError as error:
            self._judge(Pass(), error)
            raise
        self._appraise(Pass(), data)
        return data

    def price(self) -> float:
        """USD, as far as is known before it is paid, of a square picture."""
        return self._call("square").estimate

    def _call(self, orientation: Orientation) -> Call:
        """What would be asked for now."""
        model = self._watch.choose()
        size = str(self._choices.extra.get("size") or size_for(model, orientation, self._choices.size))
        quality = str(self._choices.extra.get("quality") or self._choices.quality)
        return Call(model, size, quality, self._prices.estimate(model, size, quality))

    def _admit(self, deadline: float) -> tuple[Pass, float]:
        """Leave to call, and until when. A breaker that a refused key or an empty account opened is probed with the
        models list.

        A probe ends with its lease, its pauses and repeats included, so that never two are on their way at once.
        The lease is as long as one call: on another machine a killed worker must not hold it for longer.
        """
        while True:
            until = min(deadline, time.monotonic() + self._timeout)
            try:
                leave = self._breaker.enter(max(until - time.monotonic(), 0.0))
            except OSError as exc:
                raise DiskTrouble(private=str(exc)) from exc
            if leave.reason not in ("key", "quota"):
                return leave, until if leave.token else deadline
            try:
                self._watch.refresh(until - time.monotonic())
            except GenerationError as error:
                self._judge(leave, error)
                raise
            except BaseException:
                self._tolerate(partial(self._breaker.leave, leave))
                raise
            if self._breaker.succeed(leave):
                return Pass(), deadline

    def _attempt(self, order: Order, leave: Pass, record: Recorder) -> Answer:
        """One call, from its reservation to its record."""
        call = self._call(order.orientation)
        try:
            reservation = self._budget.reserve(call.estimate)
        except OSError as exc:
            raise DiskTrouble(private=str(exc)) from exc
        try:
            self._client.prepare()
            self._pacing.wait(order.deadline - time.monotonic())
            if time.monotonic() >= order.deadline:
                late = DeadlinePassed("no time was left to call the provider")
                late.billed = "no"
                raise late
            self._breaker.confirm(leave)  # others may have opened it while this call waited for its turn
            number = record.sent(call)
        except BaseException:
            self._tolerate(lambda: self._budget.release(reservation))
            raise
        self._tolerate(self._pacing.leave)
        seconds = min(self._timeout, order.deadline - time.monotonic())
        try:
            answer = self._calls.once(
                "image", call.model, call.quality, lambda: self._send(call, order.prompt, seconds)
            )
        except GenerationError as error:
            self._failed(call, error, reservation)
            record.failed(number, error)
            raise
        try:
            record.answered(number, answer)
        finally:
            self._spent(call, reservation, answer.cost, answer.usage)
        return answer

    def _send(self, call: Call, prompt: str, seconds: float) -> Answer:
        parameters = image_parameters(call.model, call.size, self._choices)
        reply = self._client.image(call.model, prompt, parameters, seconds)
        answer = answers.payload(reply)
        usage = answers.usage(answer)
        cost = self._prices.settle(call.model, usage, call.estimate)
        try:
            data, url, revised = answers.picture(answer)
        except BadAnswer as error:
            error.cost = cost
            raise
        return Answer(data, url, call.model, reply.request_id, revised, usage, cost)

    def _spent(self, call: Call, kept: Reservation, usd: float, usage: dict[str, int]) -> None:
        self._tolerate(lambda: self._budget.settle(kept, usd))
        self._observer.spent(call.model, call.quality, usd, answers.tokens(usage))

    def _failed(self, call: Call, error: GenerationError, kept: Reservation) -> None:
        """Draw the consequences; only money that was surely not spent goes back into the budget."""
        if error.billed == "no":
            self._tolerate(lambda: self._budget.release(kept))
        elif error.billed == "yes":
            error.cost = kept.usd if error.cost is None else error.cost
            self._spent(call, kept, error.cost, {})
        if isinstance(error, ModelGone):
            self._tolerate(lambda: self._watch.gone(call.model))
            error.retryable = self._watch.choose() != call.model

    def _appraise(self, leave: Pass, data: bytes) -> Examined | None:
        """Tell the breaker whether a picture was painted. Bytes that are none (None) are the caller's to refuse."""
        try:
            examined = examine(data)
        except BadAnswer as error:
            self._judge(leave, error)
            return None
        self._tolerate(lambda: self._breaker.succeed(leave))
        return examined

    def _judge(self, leave: Pass, error: GenerationError) -> None:
        """Tell the breaker what a failed run says about the provider."""

        def tell() -> None:
            if isinstance(error, AuthRefused):
                self._breaker.fail(leave, error.code, "key")
            elif isinstance(error, QuotaExhausted):
                self._breaker.fail(leave, error.code, "quota")
            elif error.trips:
                self._breaker.fail(leave, error.code)
            elif isinstance(error, ContentBlocked):
                self._breaker.succeed(leave)
            else:
                self._breaker.leave(leave)

        self._tolerate(tell)

    @staticmethod
    def _tolerate(book: Callable[[], object]) -> None:
        """Book-keeping after a call: a disk that fails now must not hide how the call ended."""
        try:
            book()
        except OSError as exc:
            log.error("the provider's books cannot be written: %s", exc)
