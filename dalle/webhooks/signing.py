"""Signs events as Standard Webhooks 1.0 describes: HMAC-SHA256 of id, time and body, with each of the secrets."""

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Sequence

PREFIX = "whsec_"
LEAST, MOST = 24, 64  # bytes of a secret


def headers(event_id: str, moment: int, body: bytes, secrets: Sequence[bytes]) -> dict[str, str]:
    """Return the headers of one attempt. `moment`: of this attempt, in Unix seconds, as receivers refuse old ones."""
    content = f"{event_id}.{moment}.".encode() + body
    signatures = [b64encode(hmac.digest(secret, content, "sha256")).decode() for secret in secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(moment),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }


def secret_key(text: str) -> bytes:
    """Return the bytes of a secret. Raises ValueError for anything but `whsec_` and the base64 of 24 to 64 bytes."""
    encoded = text.removeprefix(PREFIX)
    if encoded == text or not re.fullmatch(r"[A-Za-z0-9+/]+={0,2}", encoded):
        raise ValueError(text)
    key = b64decode(encoded.rstrip("=") + "=" * (-len(encoded.rstrip("=")) % 4), validate=True)
    if not LEAST <= len(key) <= MOST:
        raise ValueError(text)
    return key
