"""The paid painter: one image call per picture, reserved, paced and recorded before it is sent."""

import logging
import time
from dataclasses import replace
from functools import partial

from dalle.errors import (
    BudgetExhausted,
    DeadlinePassed,
    DiskTrouble,
    GenerationError,
    ModelGone,
    OutcomeUnknown,
    TaskOpen,
)
from dalle.limits.breaker import Permit
from dalle.limits.budget import Reservation
from dalle.limits.limits import Limits
from dalle.painters.kept import answer_of
from dalle.painters.openai import answers
from dalle.painters.openai.answers.reading import Reading
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.judge import Judge, tolerate
from dalle.painters.openai.models import ModelWatch
from dalle.painters.openai.parameters import image_parameters, quality_for, size_for
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.openai.tasks import Tasks
from dalle.painters.protocol import Answer, Call, Order, Quote, Recorder
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
        tasks: Tasks,
        limits: Limits,
        settings: ProviderSettings,
    ) -> None:
        self._client = client
        self._calls = calls
        self._watch = watch
        self._tasks = tasks
        self._breaker = limits.breaker
        self._judge = Judge(limits.breaker)
        self._budget = limits.budget
        self._pacing = limits.pacing
        self._prices = limits.prices
        self._observer = calls.observer
        self._choices = settings.choices
        self._timeout = settings.image_timeout

    def paint(self, order: Order, record: Recorder) -> Answer:
        """See `Painter`. Raises BreakerOpen and BudgetExhausted before anything is sent."""
        permit, until = self._admit(order)
        order = replace(order, deadline=until)
        try:
            answer = self._calls.repeat("image", order.deadline, lambda: self._attempt(order, permit, record))
        except GenerationError as error:
            self._judge.failed(permit, error)
            raise
        except BaseException:
            self._judge.cancelled(permit)
            raise
        if answer.data:
            return replace(answer, examined=self._judge.appraised(permit, answer.data, record.examine))
        if permit.token:  # else the download decides
            self._judge.succeeded(permit)
        return answer

    def quote(self, orientation: Orientation) -> Quote:
        """See `Painter`."""
        call = self._call(orientation)
        return Quote(call, self._prices.knows(call.model))

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
                self._judge.failed(permit, error)
                raise
            except BaseException:
                self._judge.cancelled(permit)
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
        tolerate(self._pacing.keep_distance)
        until = min(order.deadline, time.monotonic() + self._timeout)
        try:
            record.confirm_claim(number)
            reading = self._calls.once(
                "image", call.model, call.quality, lambda: self._send(call, order.prompt, until, number, record)
            )
            if reading.task:
                reading = self._tasks.wait(reading, number, until, record)
        except TaskOpen:
            self._spent(call, reservation, reservation.usd, {})
            raise
        except GenerationError as error:
            self._failed(call, error, reservation)
            record.failed(number, error)
            raise
        answer = answer_of(reading, call.model, self._prices.cost_of(call.model, reading.usage, call.estimate))
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
                tolerate(partial(self._budget.release, reservation))
            if isinstance(exc, BudgetExhausted):
                tolerate(self._budget.announce)
            if isinstance(exc, OSError):
                raise DiskTrouble(private=str(exc)) from exc
            raise
        return reserved[0], number

    def _send(self, call: Call, prompt: str, until: float, number: int, record: Recorder) -> Reading:
        """Send the call, and keep the answer before it is read."""
        parameters = image_parameters(call.model, call.size, self._choices)
        received, broken = self._client.image(call.model, prompt, parameters, until - time.monotonic())
        record.received(number, received.pieces())
        record.make_room(len(received.body))
        try:
            return self._client.read(received)
        except GenerationError as error:
            if error.billed == "yes":
                error.cost = self._prices.cost_of(call.model, error.usage, call.estimate)
            if broken and isinstance(error, OutcomeUnknown):
                raise broken from error
            raise

    def _spent(self, call: Call, reservation: Reservation, usd: float, usage: dict[str, int]) -> None:
        tolerate(lambda: self._budget.settle(reservation, usd))
        self._observer.spent(call.model, call.quality, usd, answers.tokens(usage))

    def _failed(self, call: Call, error: GenerationError, reservation: Reservation) -> None:
        """Close the reservation of a failed call; it returns to the budget only if surely nothing was charged."""
        if error.billed == "no":
            tolerate(lambda: self._budget.release(reservation))
        elif error.billed == "yes":
            error.cost = reservation.usd if error.cost is None else error.cost
            self._spent(call, reservation, error.cost, {})
        else:
            tolerate(lambda: self._budget.keep(reservation))
        if isinstance(error, ModelGone):
            tolerate(lambda: self._watch.gone(call.model))
            error.retryable = self._watch.choose() != call.model
