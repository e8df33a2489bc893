"""What an export says of a picture besides its files: an extract of its journal, without what is private to a run."""

from typing import Any

from dalle.storage.codec import chat_line, image_line
from dalle.storage.journal import Journal

OF_JOURNAL = {"series", "address"}
"""Fields of a call that stand above it already."""


def extract(journal: Journal) -> dict[str, Any]:
    """Returns who made a picture and when, and each call that its journal remembers."""
    calls = [image_line(journal, attempt) for attempt in journal.attempts]
    chats = [chat_line(journal, chat) for chat in journal.chats]
    return {
        "series": journal.series,
        "address": journal.address,
        "runId": journal.run_id,
        "state": journal.state,
        "title": journal.dress.get("titlePrompt", ""),
        "painter": journal.painter,
        "startedNs": journal.started_ns,
        "endedNs": journal.ended_ns,
        "error": journal.error,
        "errorCode": journal.error_code,
        "catalog": journal.catalog,
        "catalogSha": journal.catalog_sha,
        "seriesSha": journal.series_sha,
        "usd": round(sum(attempt.cost for attempt in journal.attempts), 6),
        "calls": [{name: value for name, value in call.items() if name not in OF_JOURNAL} for call in (*chats, *calls)],
    }
