"""Signatures, as the library of Standard Webhooks and its specification have them."""

import time
from base64 import b64encode

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from dalle.webhooks import signing
from tests.kit.receiver import OTHER_SECRET, SECRET

BODY = '{"type":"run.completed","data":{"error":"żal"}}'.encode()


def signed(*secrets: str, moment: int | None = None) -> dict[str, str]:
    keys = [signing.secret_key(secret) for secret in secrets]
    return signing.headers("msg_1", int(time.time()) if moment is None else moment, BODY, keys)


def test_signs_as_the_specification_does() -> None:
    """Its own example, made with its own secret."""
    body = b'{"test": 2432232314}'
    key = signing.secret_key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    assert signing.headers("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body, [key]) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_is_verified_by_the_library() -> None:
    assert Webhook(SECRET).verify(BODY, signed(SECRET))["type"] == "run.completed"
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER_SECRET).verify(BODY, signed(SECRET))
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(BODY + b" ", signed(SECRET))
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(SECRET).verify(BODY, signed(SECRET, moment=int(time.time()) - 301))


def test_signs_with_two_secrets_while_one_changes() -> None:
    for secret in (SECRET, OTHER_SECRET):
        assert Webhook(secret).verify(BODY, signed(SECRET, OTHER_SECRET))


@pytest.mark.parametrize("size", [24, 25, 26, 32, 64])
def test_takes_secrets_of_each_size_with_and_without_padding(size: int) -> None:
    text = f"whsec_{b64encode(bytes(range(size))).decode()}"
    assert signing.secret_key(text) == signing.secret_key(text.rstrip("=")) == bytes(range(size))
    assert Webhook(text).verify(BODY, signed(text))


@pytest.mark.parametrize(
    "text",
    [
        *("", "whsec_", SECRET.removeprefix("whsec_"), "whsec_MfKQ", f"{SECRET}!", "whsec_" + "ab=c" * 9),
        *(f"whsec_{b64encode(bytes(size)).decode()}" for size in (23, 65)),
        f"whpk_{SECRET.removeprefix('whsec_')}",
    ],
)
def test_refuses_what_is_no_secret(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 — its text is the secret, which nobody shows
        signing.secret_key(text)
