"""Checks of the receiver of webhooks, by what the service knows of it; nothing is sent."""

import time
from collections.abc import Iterator

from app.client import terminal
from app.config import Config
from app.wiring import webhook_settings
from dalle.storage.finding import Finding
from dalle.storage.protocol import Storage
from dalle.webhooks.endpoint import Endpoint
from dalle.webhooks.sending import Answer

CHECK = "webhooks"


def webhooks(config: Config, storage: Storage) -> Iterator[Finding]:
    """The receiver takes events, and none was given up. Nothing is said where there is no receiver."""
    settings = webhook_settings(config)
    if settings is None:
        return
    try:
        state = Endpoint(storage.documents, settings.identity).read()
        waiting, given_up = len(storage.outbox.waiting()), len(storage.outbox.given_up())
    except OSError as exc:
        yield Finding(
            CHECK,
            "error",
            f"the outbox cannot be read ({exc.strerror})",
            "see above what is wrong with where everything is kept",
        )
        return
    events = f"{terminal.count(waiting, 'event')} wait{'s' if waiting == 1 else ''}"
    if state.gone:
        message = f"{settings.host} answered that it is gone (HTTP 410): nothing is sent any more, {events}"
        todo = "set TB_DALLE_WEBHOOK_URL to the new receiver; for the same one, dalleserver webhooks retry"
        yield Finding(CHECK, "error", message, todo)
    elif state.failures:
        since = terminal.duration(max(time.time() - state.since, 1))
        answer = Answer(state.status, state.reason).shown
        message = f"{settings.host} has taken nothing for {since} ({answer}): {events}"
        yield Finding(CHECK, "warning", message, "dalleserver webhooks test asks it again")
    else:
        yield Finding(CHECK, "ok", f"{settings.host} takes events, as far as is known; {events}")
    if given_up:
        message = f"{terminal.count(given_up, 'event')} not taken in the end"
        todo = "dalleserver webhooks list names them, and webhooks retry sends them again"
        yield Finding(CHECK, "warning", message, todo)
