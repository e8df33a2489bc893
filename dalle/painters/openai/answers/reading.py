"""Reads an answer: what of a picture is in it, or which error of ours it means."""

import codecs
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from time import time
from typing import Any

from dalle.errors import BadAnswer, ContentBlocked, GenerationError, OutcomeUnknown, TaskFailed, Unavailable
from dalle.painters.openai.answers import events, figures, values
from dalle.painters.openai.answers.chat import storable
from dalle.painters.openai.answers.complaints import Complaint, complaint_in
from dalle.painters.openai.answers.pictures import Finder
from dalle.painters.openai.answers.received import Received, ids_of
from dalle.painters.openai.answers.sniffing import is_complete, sort_of, stripped
from dalle.painters.openai.answers.statuses import by_status, described, kind_of
from dalle.painters.openai.answers.tasks import Task, task_in
from dalle.painters.openai.answers.urls import Origin
from dalle.painters.openai.answers.verdicts import status_meant, verdict
from dalle.painters.openai.hosts import is_provider

MOST_CONTENT = 64 * 1024 * 1024 * 4 // 3 + (1 << 20)  # base64 of the largest picture, and the rest of the JSON
LONGEST_SENTENCE = 2000
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SEE_OTHER, FAILED = 303, 300
PROMISING = (201, 202, SEE_OTHER)
"""Statuses with which `Location` leads to what was made, or will be (RFC 9110, 15.3.2, 15.3.3, 15.4.4)."""
CUT = "the answer is cut or damaged, but what it says of the picture is complete"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What an answer contains: exactly one of data, urls and task is set.

    data            the bytes of the picture
    urls            where the picture can be fetched; the first is the best, the others are alternatives
    task            where to ask, in this order, what has become of a picture that is not ready
    revised_prompt  what the provider painted from, if it says so
    usage           the provider's numbers, flat
    ids             by which provider and gateways find the call, the most telling one first
    retry_after     the seconds that the provider asks to wait before the next question
    note            what was odd about the answer, in a sentence
    """

    data: bytes = field(default=b"", repr=False)
    urls: tuple[str, ...] = ()
    task: tuple[str, ...] = ()
    revised_prompt: str = ""
    usage: dict[str, int] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    retry_after: float | None = None
    note: str = ""


@dataclass(frozen=True)
class _Context:
    """An answer without its body, and who gave it."""

    status: int
    origin: Origin
    location: str
    trusted: bool


def read(
    received: Received, *, base_url: str = "", hosts: Collection[str] = (), now: Callable[[], float] = time
) -> Reading:
    """Return what an answer contains. Raises GenerationError, with the usage and the ids that the answer states.

    `base_url` is the API's: tasks are polled below it. `hosts` are those that the operator knows to be providers.
    """
    try:
        return _understood(received, base_url, hosts, now)
    except GenerationError as error:
        error.ids = ids_of(received.headers)
        raise


def _understood(received: Received, base_url: str, hosts: Collection[str], now: Callable[[], float]) -> Reading:
    origin = Origin(received.url, base_url)
    headers = received.headers
    location = headers.get("location") or headers.get("operation-location") or ""
    context = _Context(received.status, origin, location, is_provider(received.url or base_url, hosts))
    if received.status >= FAILED and not (received.status == SEE_OTHER and location):
        raise _refusal(received, context, now)
    try:
        content = received.content(MOST_CONTENT)
        reading = _read(content, context)
        if not received.whole and reading.data is content and not is_complete(content):
            raise BadAnswer("the picture is cut off")
    except BadAnswer as error:
        if received.whole or isinstance(error, TaskFailed):
            raise
        unknown = OutcomeUnknown("the answer broke off", private=str(error))
        unknown.usage = error.usage
        raise unknown from error
    return replace(
        reading,
        ids=ids_of(headers),
        retry_after=figures.retry_after(headers, now),
        note=reading.note or ("" if received.whole else CUT),
    )


def body_of(content: bytes) -> Any:
    """Return the JSON of an error's body; its text if it is none, and nothing of a web page."""
    sort = sort_of(content)
    text = _text(content[: 1 << 20])
    if sort == "json":
        found = values.parse(text)[0]
        return found[0] if len(found) == 1 else found
    if sort == "events":
        return events.parse(text)[0]
    return text[:LONGEST_SENTENCE] if sort == "text" else None


def _refusal(received: Received, context: _Context, now: Callable[[], float]) -> GenerationError:
    try:
        body = body_of(received.content(MOST_CONTENT))
    except BadAnswer:
        body = None  # whatever the body is, the status says enough
    error = by_status(received.status, body, received.headers, trusted=context.trusted, now=now)
    error.usage = figures.usage_in([body])
    return error


def _read(content: bytes, context: _Context) -> Reading:
    if content.startswith(UTF_16):
        content = content.decode("utf-16", errors="replace").encode()
    sort = sort_of(content)
    if sort == "picture":
        return Reading(data=content)
    if sort == "markup":
        raise OutcomeUnknown("a web page came instead of an answer")
    if sort == "json":
        return _judge(*values.read(stripped(content)), context)
    text = _text(content)
    if sort == "events":
        return _judge(*events.parse(text), context)
    return _judge([text] if text else [], True, context)


def _text(content: bytes) -> str:
    return stripped(content).decode(errors="replace")


def _judge(parts: list[Any], whole: bool, context: _Context) -> Reading:
    """Return what the parts of an answer contain. Raises GenerationError."""
    finder = Finder(context.origin)
    for part in [*parts, *events.joined_text(parts)]:
        finder.walk(part)
    task = task_in(parts, context.origin)
    usage = figures.usage_in(parts)
    common = Reading(usage=usage, revised_prompt=storable(finder.revised), note="" if whole else CUT)
    if finder.data:
        return replace(common, data=finder.data)
    places = task.places(context.origin, context.location)
    if task.state == "pending" and places:
        return replace(common, task=places)
    if finder.urls and task.state not in ("failed", "blocked"):
        return replace(common, urls=tuple(finder.urls))
    complaint = complaint_in(parts)
    serious = task.state in ("failed", "blocked") or verdict(complaint) is not None or status_meant(complaint) != 0
    if (data := finder.spare or finder.unproven) and not serious:
        return replace(common, data=data)
    places = _promised(task, places, context)
    if places and not serious:
        return replace(common, task=places)
    error = _error(parts, complaint, task, finder, context)
    error.usage, error.ended = usage, task.state in ("done", "failed", "blocked")
    raise error


def _promised(task: Task, places: tuple[str, ...], context: _Context) -> tuple[str, ...]:
    """Return where to ask for a picture that the answer promises without naming a state."""
    if task.state == "done":
        return tuple(task.results)
    if task.state:
        return ()
    if task.promise:
        return places
    location = context.origin.absolute(context.location)
    return (location,) if location else ()


def _error(parts: list[Any], complaint: Complaint, task: Task, finder: Finder, context: _Context) -> GenerationError:
    """Return the error that an answer of status 2xx means."""
    kind = verdict(complaint)
    if kind is None and (task.state == "blocked" or finder.withheld):
        kind = ContentBlocked
    if kind is None and (status := status_meant(complaint)):
        kind = kind_of(status, complaint, own=context.trusted)
    if task.state == "failed" and task.id and (kind is None or issubclass(kind, Unavailable | OutcomeUnknown)):
        kind = TaskFailed
    if kind is None:
        return BadAnswer(_missing(parts, finder))
    error = described(kind, context.status, complaint)
    if kind is ContentBlocked:
        error.billed = "yes" if figures.is_charged(parts) else "unknown" if finder.withheld else "no"
    return error


def _missing(parts: list[Any], finder: Finder) -> str:
    if finder.broken:
        return "the picture in the answer is not valid base64"
    if not parts:
        return "the answer is empty, or not JSON"
    return "the answer contains neither a picture nor a URL of one"
