"""Secrets become `***` here, before any text reaches a log, a file or a person."""

import re

# what must be in the text, in lower case, for the pattern to be worth a search: most log lines need none
PATTERNS = (
    (("sk-", "sess-", "rk-"), re.compile(r"\b(?:sk|sess|rk)-[A-Za-z0-9_*.-]{4,}")),
    (("bearer ",), re.compile(r"(?<=Bearer )[!-~]{4,}", re.IGNORECASE)),
    (("://",), re.compile(r"(?<=://)[^/@\s]+(?=@)")),
)


def mask(text: str, *secrets: str) -> str:
    """`text` without the given secrets, and without anything that looks like an API key or a password in a URL."""
    for secret in secrets:
        if len(secret) >= 4:
            text = text.replace(secret, "***")
    lowered = text.lower()
    for signs, pattern in PATTERNS:
        if any(sign in lowered for sign in signs):
            text = pattern.sub("***", text)
    return text
