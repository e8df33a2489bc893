"""Which error a status means, and what the body beside it adds.

The status first decides whether a call was accepted. A 500 or 503 means "not accepted" only with the provider's own
JSON error, and only from a host that is known to be a provider: a gateway's says nothing about what happened behind it.
"""

import re
from collections.abc import Callable, Mapping
from time import time
from typing import Any

from dalle.errors import (
    AuthRefused,
    ContentBlocked,
    CoolingDown,
    GenerationError,
    Misconfigured,
    ModelGone,
    OutcomeUnknown,
    QuotaExhausted,
    RateLimited,
    Unavailable,
)
from dalle.painters.openai.answers.complaints import Complaint, complaint_in, states_an_error
from dalle.painters.openai.answers.figures import LONGEST_WAIT, retry_after
from dalle.painters.openai.answers.verdicts import Kind, verdict

BY_STATUS: dict[int, Kind] = {
    400: Misconfigured,
    401: AuthRefused,
    402: QuotaExhausted,
    403: AuthRefused,
    404: Misconfigured,
    408: OutcomeUnknown,
    409: OutcomeUnknown,
    422: Misconfigured,
    429: RateLimited,
    500: Unavailable,
    502: OutcomeUnknown,
    503: Unavailable,
    504: OutcomeUnknown,
}
NO_NAME = frozenset({"none", "null", "error"})
NEEDS_JSON = frozenset({500, 503})
SURELY_REFUSED = frozenset({400, 401, 402, 403, 404, 422, 429})
"""Only with these statuses does a body decide: the others do not say whether the call was accepted."""
NO_DEPLOYMENT = re.compile(r"no deployments? (are )?available", re.IGNORECASE)
TRY_AGAIN = re.compile(r"try again in ([0-9]{1,6}(?:\.[0-9]{1,6})?) ?s", re.IGNORECASE)


def by_status(
    status: int,
    body: Any,
    headers: Mapping[str, str],
    *,
    trusted: bool = False,
    now: Callable[[], float] = time,
) -> GenerationError:
    """Return the error for a status 3xx, 4xx or 5xx.

    `body` is the answer's JSON, its text if it is none, or None; `trusted` is whether a provider itself answered.
    """
    complaint = complaint_in([body])
    kind = kind_of(status, complaint, own=trusted and states_an_error(body))
    return described(kind, status, complaint, retry_after(headers, now))


def kind_of(status: int, complaint: Complaint, *, own: bool) -> Kind:
    """Return the error for a status and a complaint; `own` is whether it is the provider's own word."""
    kind = BY_STATUS.get(status, Misconfigured if status < 500 else OutcomeUnknown)
    if status in NEEDS_JSON and not own:
        kind = OutcomeUnknown
    meant = verdict(complaint)
    if status == 429 and meant is not ModelGone and any(map(NO_DEPLOYMENT.search, complaint.texts)):
        return CoolingDown
    if status in SURELY_REFUSED or meant is ContentBlocked:
        return meant or kind
    return kind


def described(kind: Kind, status: int, complaint: Complaint, wait: float | None = None) -> GenerationError:
    """Return an error of a kind with public details: never a sentence of the provider's."""
    details = f"HTTP {status}"
    if name := name_of(complaint, status):
        details += f", {name}"
    if kind is ContentBlocked:
        found = (re.search(r"safety_violations=\[([a-z0-9_/, -]{1,200})\]", text) for text in complaint.texts)
        categories = next((match[1].strip() for match in found if match), "")
        details = f"blocked for: {categories}" if categories else details
    if wait is None and kind is CoolingDown:
        asked = next((match for text in complaint.texts if (match := TRY_AGAIN.search(text))), None)
        wait = min(float(asked[1]), LONGEST_WAIT) if asked else None
    error = kind(details, retry_after=wait)
    if kind is ContentBlocked and status not in SURELY_REFUSED and status >= 300:
        error.billed = "unknown"  # surely no picture, but nobody says whether it was charged
    return error


def name_of(complaint: Complaint, status: int) -> str:
    """Return the word by which a body names its error, "" if there is none.

    A gateway may repeat the status as the code, and name the error in a type beside it.
    """
    repeats = complaint.code == str(status)
    names = complaint.codes if repeats else (complaint.code,)
    fitting = (name for name in names if re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", name))
    return next((name for name in fitting if not repeats or not (name.isdigit() or name.lower() in NO_NAME)), "")
