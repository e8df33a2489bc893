"""Looks at every answer, whatever was sent: what the contract promises of all of them."""

import json
import re
import threading
from collections import Counter

from tests.kit.http import Answer
from tests.kit.stub import API_KEY

EXPECTED = frozenset(
    {200, 204, 206, 303, 304, 400, 403, 404, 405, 408, 411, 412, 413, 414, 415, 416, 417, 429, 431, 501, 503}
)
GATEWAY = frozenset({502, 504})
"""What nginx says while the service is being killed."""
EISDIR = b'"code": "FILE_SYSTEM_ERROR"'
"""What is said where a hand has put a folder in the place of a file: nobody expects that (tests/unit/host)."""
WHOLE = b"\0\0\0\0IEND\xaeB`\x82"
MOST = 6  # violations of a kind that are kept
LONGEST = 6000  # characters of one


class Witness:
    """Counts answers by status, and keeps what must not be. Used by many threads."""

    def __init__(self, secrets: tuple[str, ...]) -> None:
        self.secrets = tuple(secret.encode() for secret in (API_KEY, "Traceback (most recent", *secrets))
        self.answers: Counter[str] = Counter()
        self.violations: list[str] = []
        self._lock = threading.Lock()

    def accuse(self, kind: str, what: object) -> None:
        with self._lock:
            self.answers[f"VIOLATION {kind}"] += 1
            if self.answers[f"VIOLATION {kind}"] <= MOST:
                self.violations.append(f"{kind}: {what}"[:LONGEST])

    def count(self, what: str) -> None:
        with self._lock:
            self.answers[what] += 1

    def look(self, sent: object, answer: Answer, *, proxied: bool, head: bool = False) -> None:
        """Check one answer; `sent` is what is shown of the request if something is wrong."""
        self.count(str(answer.status))
        shown = (sent, answer.status, answer.headers, answer.body[:300])
        excused = (proxied and answer.status in GATEWAY) or (answer.status == 500 and (head or EISDIR in answer.body))
        if answer.status not in EXPECTED and not excused:
            self.accuse("status", shown)
        if not re.fullmatch("[0-9a-f]{8}", answer.headers.get("x-request-id", "")):
            self.accuse("request id", shown)
        if answer.status == 503 and "retry-after" not in answer.headers and "health" not in str(sent):
            self.accuse("no Retry-After", shown)
        if any(secret in answer.body or secret in str(answer.headers).encode() for secret in self.secrets):
            self.accuse("leak", shown)
        if head and answer.body:
            self.accuse("body of HEAD", shown)
        if answer.status >= 400 and not head:
            self._look_at_error(shown, answer)
        is_picture = answer.status == 200 and answer.headers.get("content-type") == "image/png" and not head
        if is_picture and not (answer.body.startswith(b"\x89PNG") and answer.body.endswith(WHOLE)):
            self.accuse("torn picture", shown)

    def _look_at_error(self, shown: object, answer: Answer) -> None:
        try:
            value = json.loads(answer.body)
            right = value["success"] is False and value["request_id"] == answer.headers["x-request-id"]
            right = right and {"code", "message", "details", "timestamp", "request_id"} == set(value["error"])
        except (ValueError, KeyError, TypeError):
            right = False
        if not right:
            self.accuse("error shape", shown)
