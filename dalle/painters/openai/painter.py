"""The paid painter: one image call per picture, reserved, paced and recorded before it is sent."""

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
    EmptyPicture,
    GenerationError,
    ModelGone,
    QuotaExhausted,
)
from dalle.events import Observer
from dalle.imaging.decoding import Examined, examine
from dalle.limits.breaker import Permit
from dalle.limits.budget import Reservation
from dalle.limits.limits import Limits
from dalle.painters.openai import answers
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.models import ModelWatch
from dalle.painters.openai.parameters import image_parameters, quality_for, size_for
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.protocol import Answer, Call, Order, Recorder
from dalle.storage.protocol import Edit
from dalle.words.orientation import Orientation

log = logging.getLogger(__name__)


class OpenAIPainter:
    """Satisfies `Painter`. A `paint` is one run for the breaker, however many calls it took.

    Only usable pictures count as a success there: unusable ones are paid for as well.
    """

    name = "openai"
    paid = True

    def __init__(
        self,
        client: Client,
        calls: Calls,
        watch: ModelWatch,
        limits: Limits,
        observer: Observer,
        settings: ProviderSettings,
    ) -> None:
        self._client = client
        self._calls = calls
        self._watch = watch
        self._breaker = limits.breaker
        self._budget = limits.budget
        self._pacing = limits.pacing
        self._prices = limits.prices
        self._observer = observer
        self._choices = settings.choices
        self._timeout = settings.image_timeout
        self._download_timeout = settings.download_timeout

    def paint(self, order: Order, record: Recorder) -> Answer:
        """See `Painter`. Raises BreakerOpen and BudgetExhausted before anything is sent."""
        permit, until = self._admit(order)
        order = replace(order, deadline=until)
        try:
            answer = self._calls.repeat("image", order.deadline, lambda: self._attempt(order, permit, record))
        except GenerationError as error:
            self._judge(permit, error)
            raise
        except BaseException:
            self._tolerate(lambda: self._breaker.cancel(permit))
            raise
        if answer.data:
            return replace(answer, examined=self._appraise(permit, answer.data))
        if permit.token:  # else the download decides
            self._tolerate(lambda: self._breaker.succeed(permit))
        return answer

    def fetch(self, url: str, deadline: float) -> bytes:
        """See `Painter`. A download costs nothing, so temporary failures are retried within the time."""
        until = min(deadline, time.monotonic() + self._download_timeout)
        try:
            data = self._calls.repeat("download", until, lambda: self._client.download(url, until - time.monotonic()))
        except GenerationError as error:
            self._judge(Permit(), error)
            raise
        self._appraise(Permit(), data)
        return data

    def price(self) -> float:
        """Return the estimated price of a square picture, in USD."""
        return self._call("square").estimate

    def _call(self, orientation: Orientation) -> Call:
        """Return the call that would be sent now."""
        model = self._watch.choose()
        size = str(self._choices.extra.get("size") or size_for(model, orientation, self._choices.size))
        quality = quality_for(model, self._choices)
        return Call(model, size, quality, self._prices.estimate(model, size, quality))

    def _admit(self, order: Order) -> tuple[Permit, float]:
        """Return a permit to call, and the moment at which it ends.

        A breaker that a refused key or an empty account opened is probed with the list of models. A probe, with its
        pauses and repeats, ends with its lease, so that there are never two at once. The lease is as long as one call,
        so that a worker that is killed on another machine does not hold it for longer.
        """
        while True:
            until = min(order.deadline, time.monotonic() + self._timeout)
            try:
                permit = self._breaker.acquire(order.holder, max(until - time.monotonic(), 0.0))
            except OSError as exc:
                raise DiskTrouble(private=str(exc)) from exc
            if permit.reason not in ("key", "quota"):
                return permit, until if permit.token else order.deadline
            try:
                self._watch.refresh(until - time.monotonic())
            except GenerationError as error:
                self._judge(permit, error)
                raise
            except BaseException:
                self._tolerate(partial(self._breaker.cancel, permit))
                raise
            if self._breaker.succeed(permit):
                return Permit(), order.deadline

    def _attempt(self, order: Order, permit: Permit, record: Recorder) -> Answer:
        """Make one attempt: wait for its turn, reserve and record it, send it, and record how it ended."""
        call = self._call(order.orientation)
        try:
            self._budget.check(call.estimate)  # reserved later; without money no turn is taken
        except OSError as exc:
            raise DiskTrouble(private=str(exc)) from exc
        self._client.prepare()
        self._pacing.wait(order.deadline - time.monotonic())
        if time.monotonic() >= order.deadline:
            late = DeadlinePassed("no time was left to call the provider")
            late.billed = "no"
            raise late
        reservation, number = self._reserve(call, order, permit, record)
        self._tolerate(self._pacing.keep_distance)
        seconds = min(self._timeout, order.deadline - time.monotonic())
        try:
            record.confirm_claim(number)
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

    def _reserve(self, call: Call, order: Order, permit: Permit, record: Recorder) -> tuple[Reservation, int]:
        """Record reservation and attempt in one commit, unless another run has opened the breaker meanwhile."""
        reserved: list[Reservation] = []

        def admit(edit: Edit, number: int) -> None:
            self._breaker.confirm(permit, edit)
            reserved.append(self._budget.reserve(call.estimate, order.run_id, number, edit))

        try:
            number = record.sent(call, admit)
        except BaseException as exc:
            for reservation in reserved:
                self._tolerate(partial(self._budget.release, reservation))
            if isinstance(exc, OSError):
                raise DiskTrouble(private=str(exc)) from exc
            raise
        return reserved[0], number

    def _send(self, call: Call, prompt: str, seconds: float) -> Answer:
        parameters = image_parameters(call.model, call.size, self._choices)
        reply = self._client.image(call.model, prompt, parameters, seconds)
        answer = answers.payload(reply)
        usage = answers.usage(answer)
        cost = self._prices.cost_of(call.model, usage, call.estimate)
        try:
            data, url, revised = answers.picture(answer)
        except BadAnswer as error:
            error.cost = cost
            raise
        return Answer(data, url, call.model, reply.request_id, revised, usage, cost)

    def _spent(self, call: Call, reservation: Reservation, usd: float, usage: dict[str, int]) -> None:
        self._tolerate(lambda: self._budget.settle(reservation, usd))
        self._observer.spent(call.model, call.quality, usd, answers.tokens(usage))

    def _failed(self, call: Call, error: GenerationError, reservation: Reservation) -> None:
        """Close the reservation of a failed call; it returns to the budget only if surely nothing was charged."""
        if error.billed == "no":
            self._tolerate(lambda: self._budget.release(reservation))
        elif error.billed == "yes":
            error.cost = reservation.usd if error.cost is None else error.cost
            self._spent(call, reservation, error.cost, {})
        else:
            self._tolerate(lambda: self._budget.keep(reservation))
        if isinstance(error, ModelGone):
            self._tolerate(lambda: self._watch.gone(call.model))
            error.retryable = self._watch.choose() != call.model

    def _appraise(self, permit: Permit, data: bytes) -> Examined | None:
        """Report to the breaker whether the bytes are a picture; return it, or None: the caller raises for that."""
        try:
            examined = examine(data)
        except (BadAnswer, EmptyPicture) as error:
            self._judge(permit, error)
            return None
        self._tolerate(lambda: self._breaker.succeed(permit))
        return examined

    def _judge(self, permit: Permit, error: GenerationError) -> None:
        """Report a failed run to the breaker."""

        def judge() -> None:
            if isinstance(error, AuthRefused):
                self._breaker.fail(permit, error.code, "key")
            elif isinstance(error, QuotaExhausted):
                self._breaker.fail(permit, error.code, "quota")
            elif error.trips:
                self._breaker.fail(permit, error.code)
            elif isinstance(error, ContentBlocked):
                self._breaker.succeed(permit)
            else:
                self._breaker.cancel(permit)

        self._tolerate(judge)

    @staticmethod
    def _tolerate(write: Callable[[], object]) -> None:
        """Record after a call: a disk that fails now must not hide how the call ended."""
        try:
            write()
        except OSError as exc:
            log.error("the state of breaker, budget or models cannot be written: %s", exc)
