"""Enhances a prompt by a chat completion. If that fails, the picture is painted from the plain prompt."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dalle.errors import BadAnswer, GenerationError, TimedOut
from dalle.events import OUTCOMES, Observer
from dalle.limits.limits import Limits
from dalle.painters.openai import answers
from dalle.painters.openai.calls import Calls
from dalle.painters.openai.client import Client
from dalle.painters.openai.parameters import chat_parameters
from dalle.painters.openai.settings import ProviderSettings
from dalle.painters.prose import clean
from dalle.storage.attempt import Chat, note_ids

CUT = frozenset({"length", "max_length", "max_tokens", "max_output_tokens", "model_length", "token_limit"})
"""Why an answer ended, in the words of several servers, if it ended before its end."""


@dataclass(frozen=True, slots=True)
class Enhancement:
    """An enhanced prompt, at most 8,000 characters; `usage` is the provider's, flat; `cost` is in USD."""

    text: str
    model: str
    usage: dict[str, int] = field(default_factory=dict)
    cost: float = 0.0
    ids: dict[str, str] = field(default_factory=dict)


class OpenAIWriter:
    """Satisfies `Writer` with a language model. The timeout of the enhancement limits all its calls together.

    `price` returns what the picture will cost: if the budget has less left, no prompt is enhanced.
    """

    def __init__(
        self,
        client: Client,
        calls: Calls,
        limits: Limits,
        observer: Observer,
        settings: ProviderSettings,
        *,
        price: Callable[[], float] = lambda: 0.0,
        now_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        self._client = client
        self._calls = calls
        self._limits = limits
        self._observer = observer
        self._model = settings.chat_model
        self._parameters = chat_parameters(
            settings.chat_model, temperature=settings.chat_temperature, seed=settings.chat_seed
        )
        self._timeout = settings.enhance_timeout
        self._price = price
        self._now_ns = now_ns

    def fingerprint(self, author: str, prompt: str) -> str:
        """Return a hash of texts, model and parameters: an enhancement with the same one may be reused."""
        parts = [author, prompt, self._model, self._parameters]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]

    def enhance(
        self, author: str, prompt: str, deadline: float, note: Callable[[Chat], None] = lambda _: None
    ) -> Enhancement:
        """Return the enhanced prompt by `deadline` (a moment of `time.monotonic()`).

        `author` is the system's message, `prompt` the user's; `note` is called with each call that has ended. Raises
        GenerationError; BreakerOpen and BudgetExhausted when no picture could follow anyway.
        """
        self._limits.breaker.check()
        self._limits.budget.check(self._price())
        until = min(deadline, time.monotonic() + self._timeout)
        return self._calls.repeat("chat", until, lambda: self._attempt(author, prompt, until, note))

    def _attempt(self, author: str, prompt: str, until: float, note: Callable[[Chat], None]) -> Enhancement:
        seconds = until - time.monotonic()
        if seconds <= 0:
            raise TimedOut("no time was left to enhance the prompt")
        chat = Chat(self._model, self._now_ns())
        try:
            enhancement = self._calls.once("chat", self._model, "", lambda: self._send(author, prompt, seconds))
        except GenerationError as error:
            chat.ended_ns, chat.outcome, chat.billed = self._now_ns(), OUTCOMES[error.billed], error.billed
            chat.error_code, chat.detail, chat.cost = error.code, error.private or error.details, error.cost or 0.0
            note_ids(chat, error.ids)
            self._book(chat, note)
            raise
        chat.ended_ns, chat.outcome, chat.billed = self._now_ns(), "accepted", "yes"
        chat.usage, chat.cost = dict(enhancement.usage), enhancement.cost
        note_ids(chat, enhancement.ids)
        self._book(chat, note)
        return enhancement

    def _book(self, chat: Chat, note: Callable[[Chat], None]) -> None:
        if chat.billed == "yes":
            self._observer.spent(self._model, "", chat.cost, answers.tokens(chat.usage))
        try:
            note(chat)
        finally:
            self._limits.budget.add(chat.cost)

    def _send(self, author: str, prompt: str, seconds: float) -> Enhancement:
        messages = [{"role": "system", "content": author}, {"role": "user", "content": prompt}]
        reply = self._client.chat(self._model, messages, self._parameters, seconds)
        answer = answers.payload(reply)
        usage = answers.usage(answer)
        cost = self._limits.prices.cost_of(self._model, usage)
        try:
            text = prompt_in(answer)
        except GenerationError as error:
            error.billed, error.cost = "yes", cost  # a refusal is charged as well
            error.ids = reply.ids
            raise
        return Enhancement(text, self._model, usage, cost, reply.ids)


def prompt_in(answer: Mapping[str, Any]) -> str:
    """Return the prompt in a chat completion, without what the model thinks and says around it.

    Raises BadAnswer, ContentBlocked: also for an answer that was cut, since half a sentence is no prompt.
    """
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        return answers.text(answer)
    if any(str(choice.get(name)).lower() in CUT for name in ("finish_reason", "native_finish_reason", "stop_reason")):
        raise BadAnswer("the language model's answer was cut at its greatest length")
    # cleaned first: its thoughts may be longer than all that is kept of a text
    cleaned = {**message, "content": clean(content_of(message))}
    return answers.text({**answer, "choices": [{**choice, "message": cleaned}]})


def content_of(message: Mapping[str, Any]) -> str:
    """Return the text of a message; of a list of parts, as some servers send it, those that are text."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part for part in content if isinstance(part, dict) and part.get("type") in ("text", "output_text")]
        content = "".join(text for part in parts if isinstance(text := part.get("text"), str))
    return content if isinstance(content, str) else ""
