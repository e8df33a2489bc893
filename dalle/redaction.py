"""Masks secrets before a text reaches a log, a file or a client."""

import re

# Substrings, one of which the lower-case text must contain before its pattern is searched: most log lines have none.
PATTERNS = (
    (("sk-", "sess-", "rk-"), re.compile(r"\b(?:sk|sess|rk)-[A-Za-z0-9_*.-]{4,}"), "***"),
    (("bearer ",), re.compile(r"(?<=Bearer )[!-~]{4,}", re.IGNORECASE), "***"),
    (("://",), re.compile(r"(?<=://)[^/@\s]+(?=@)"), "***"),
    (
        ("key=", "token=", "sig=", "signature=", "secret=", "password=", "credential=", "code="),
        re.compile(
            r"([?&](?:[\w.-]{0,40}(?:key|token|sig|signature|secret|password|credential)|code)=)[^&\s\"'<>#]+",
            re.IGNORECASE,
        ),
        r"\1***",
    ),
)


def mask(text: str, *secrets: str) -> str:
    """Returns `text` with `***` for the secrets and for anything that looks like an API key, or a secret in a URL."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    lowered = text.lower()
    for marks, pattern, replacement in PATTERNS:
        if any(mark in lowered for mark in marks):
            text = pattern.sub(replacement, text)
    return text
