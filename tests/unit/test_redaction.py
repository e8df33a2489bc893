import pytest

from dalle.redaction import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Incorrect API key provided: sk-proj-abcdefgh12345678.", "Incorrect API key provided: ***"),
        ("two: sess-abcd1234 and rk-efgh5678", "two: *** and ***"),
        ("Authorization: BEARER abcd1234efgh", "Authorization: BEARER ***"),
        ("https://user:password@host/v1", "https://***@host/v1"),
        (
            "GET https://host/v1/models?subscription-key=ab%2Bcd failed",
            "GET https://host/v1/models?subscription-key=*** failed",
        ),
        ("https://host?KEY=abc&api-version=1&access_token=def", "https://host?KEY=***&api-version=1&access_token=***"),
        ("https://host/a.png?se=1&sig=abc%3D&code=x1 'and'", "https://host/a.png?se=1&sig=***&code=*** 'and'"),
    ],
)
def test_masks_what_looks_like_a_secret(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_masks_known_secrets_wherever_they_appear() -> None:
    assert mask("my-own-secret=my-own-secret, other", "my-own-secret", "other") == "***=***, ***"


def test_masks_no_secret_that_is_too_short_to_be_one() -> None:
    assert mask("a cat", "a", "", "cat") == "a cat"


@pytest.mark.parametrize(
    "text", ["", "a task-force of risk-takers", "https://host/v1?mail=a@b", "bearer of news", "monkey=1 and ?page=2"]
)
def test_leaves_other_text_unchanged(text: str) -> None:
    assert mask(text) == text
