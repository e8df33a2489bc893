"""Finds what a body says went wrong, whichever way a dialect writes it; `verdicts` says what it means."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dalle.painters.openai.answers.fields import joined, members, table

MOST_NODES = 5000
MOST_DEPTH = 12
MOST_ITEMS = 20
MOST_CODES = 100
MOST_TEXT = 4000
MOST_NUMBER = 10**18

ERRORS = table(
    "error errors err exception fault failure innererror innererrors lasterror taskerror errorinfo "
    "errordata errormessage errormsg errmsg errorcode errorcodes errortype errorreason failurereason "
    "failreason failurecode incompletedetails detail details"
)
"""Fields whose value is about an error."""
CODES = table("code type status state reason statuscode subcode errcode taskstatus")
STATUSES = frozenset(["code", "status", "statuscode", "errorcode", "errcode"])
"""Fields in which a number from 400 to 599 is a status."""
TEXTS = table("message msg title statusmsg statusmessage taskstatusmsg")
CONTAINERS = table("data output result results response task prediction job baseresp header choices candidates")
"""Fields in which an error may be said a level deeper than at the top."""
ECHOES = table(
    "param params parameter parameters argument prompt input inputs messages loc ctx model url request "
    "requestid id object created user documentationurl usage arguments instructions"
)
"""Fields that repeat the request, or say nothing about what went wrong: a prompt may contain any word."""

BLOCKED_IF_TRUE = table(
    "filtered blocked flagged moderated contentfiltered contentblocked promptblocked moderationblocked "
    "contentmoderated safetyblocked"
)
BLOCKED_IF_FALSE = frozenset(["respectmoderation", "respectsmoderation", "moderationpassed", "issafe", "isimagesafe"])
REASONS = table(
    "finishreason finishreasons stopreason nativefinishreason blockreason raifilteredreason incompletereason"
)
BLOCKING_REASONS = table(
    "safety imagesafety contentfilter contentfiltered contentpolicy prohibitedcontent "
    "imageprohibitedcontent blocklist spii recitation imagerecitation moderation moderated refusal "
    "guardrailintervened"
)
NO_REASONS = frozenset(["", "none", "null", "blockreasonunspecified", "blockedreasonunspecified"])
ALWAYS_BLOCKING = frozenset(["blockreason", "raifilteredreason"])
"""Reasons that are only given for what was blocked, whatever they say."""


@dataclass(frozen=True)
class Complaint:
    """What a body says went wrong.

    codes    words that name it: codes, types, states
    texts    sentences about it
    code     the first of the codes that stands in a field of that name, as it was written
    blocked  whether a field says that moderation withheld the picture
    status   the HTTP status that a number in a body means; 0 if there is none
    """

    codes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    code: str = ""
    blocked: bool = False
    status: int = 0


def complaint_in(values: Iterable[Any]) -> Complaint:
    """Return what the parts of a body say went wrong, which may be nothing."""
    values = list(values)
    codes: list[str] = []
    texts: list[str] = []
    numbers: list[int] = []
    named: list[str] = []
    for name, value in _sayings(values):
        text = str(value)[:MOST_TEXT] if isinstance(value, str) or abs(value) < MOST_NUMBER else ""
        if name in STATUSES and re.fullmatch(r"[45][0-9]{2}", text):
            numbers.append(int(text))
        if name == "code":
            named.append(text)
        if re.fullmatch(r"[\w.:-]{1,80}", text):
            codes.append(text)
        texts.append(text)
    blocked = any(is_blocking(name, value) for name, value in _fields(values))
    return Complaint(tuple(codes[:MOST_CODES]), tuple(texts), next(iter(named), ""), blocked, next(iter(numbers), 0))


def states_an_error(body: Any) -> bool:
    """Return whether a body is an error in the form that providers use: an object with the object `error`."""
    first = body[0] if isinstance(body, list) and body else body
    error = first.get("error") if isinstance(first, dict) else None
    return isinstance(error, dict)


def _sayings(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield names and values of the fields that are about an error, the uppermost first."""
    queue: list[tuple[Any, bool, int, str]] = [(value, False, 0, "error") for value in values[:MOST_ITEMS]]
    for node, inside, depth, name in queue:
        if isinstance(node, str | int) and not isinstance(node, bool):
            if name:
                yield name, node
        elif isinstance(node, list) and depth < MOST_DEPTH:
            queue += [(item, inside, depth + 1, name) for item in node[:MOST_ITEMS]]
        elif isinstance(node, dict) and depth < MOST_DEPTH:
            queue += _about_errors(node, inside, depth)
        if len(queue) > MOST_NODES:
            return


def _about_errors(node: dict[str, Any], inside: bool, depth: int) -> Iterator[tuple[Any, bool, int, str]]:
    for key, value in members(node):
        name = joined(key)
        plain = isinstance(value, str | int)
        if name in ECHOES:
            continue
        if name in ERRORS:
            yield value, True, depth + 1, name
        elif (plain and (inside or name in CODES or name in TEXTS)) or (not plain and inside):
            yield value, inside, depth + 1, name
        elif not plain and name in CONTAINERS:
            yield value, False, depth + 1, ""


def _fields(values: list[Any]) -> Iterator[tuple[str, Any]]:
    """Yield names and values of all fields but those that repeat the request."""
    queue: list[tuple[Any, int]] = [(value, 0) for value in values[:MOST_NODES]]
    for node, depth in queue:
        inner: list[Any] = []
        if isinstance(node, dict):
            rows = [(joined(key), value) for key, value in members(node)]
            yield from rows
            inner = [value for name, value in rows if name not in ECHOES]
        elif isinstance(node, list):
            inner = node[:MOST_NODES]
        if depth < 2 * MOST_DEPTH and len(queue) < MOST_NODES:
            queue += [(value, depth + 1) for value in inner if isinstance(value, dict | list)]


def is_blocking(name: str, value: Any) -> bool:
    """Return whether a field, by its joined name, says that moderation withheld the picture."""
    if name in REASONS and isinstance(value, list):
        return any(isinstance(reason, str) and is_blocking(name, reason) for reason in value[:MOST_ITEMS])
    if name in REASONS and isinstance(value, str):
        reason = joined(value)
        return (
            reason in BLOCKING_REASONS
            or reason.startswith("filterreason")
            or (name in ALWAYS_BLOCKING and reason not in NO_REASONS)
        )
    if name == "refusal":
        return isinstance(value, str) and bool(value.strip())
    if name == "raimediafilteredcount":
        return isinstance(value, int) and value > 0
    return (name in BLOCKED_IF_TRUE and value is True) or (name in BLOCKED_IF_FALSE and value is False)
