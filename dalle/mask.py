"""Secrets become `***` here, before any text reaches a log, a file or a person."""

import re

PATTERNS = (
    re.compile(r"\b(?:sk|sess|rk)-[A-Za-z0-9_*.-]{4,}"),
    re.compile(r"(?<=Bearer )[!-~]{4,}", re.IGNORECASE),
    re.compile(r"(?<=://)[^/@\s]+(?=@)"),
)


def mask(text: str, *secrets: str) -> str:
    """`text` without the given secrets, and without anything that looks like an API key or a password in a URL."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    for pattern in PATTERNS:
        text = pattern.sub("***", text)
    return text
