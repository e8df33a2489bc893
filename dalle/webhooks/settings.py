"""What an operator decides about webhooks."""

import hashlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

TYPES = (
    "run.completed",
    "run.failed",
    "run.cancelled",
    "picture.removed",
    "breaker.opened",
    "budget.exhausted",
)
"""The types of events that there are."""


@dataclass(frozen=True, kw_only=True)
class WebhookSettings:
    """Where events are sent.

    secrets     the keys that sign, without prefix and encoding; two while the secret changes
    events      the types that are sent
    public_url  where the service is reached, without a slash at the end; "": events name no URLs
    """

    url: str
    secrets: tuple[bytes, ...] = field(repr=False)
    events: frozenset[str] = frozenset(TYPES)
    public_url: str = ""

    @property
    def host(self) -> str:
        """The receiver, for people: the rest of its URL may be a secret."""
        return urlsplit(self.url).netloc

    @property
    def identity(self) -> str:
        """A fingerprint of the URL: what is known of one receiver does not hold for another."""
        return hashlib.sha256(self.url.encode()).hexdigest()[:16]
