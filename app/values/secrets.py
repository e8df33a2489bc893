"""What a variable or a file says, without what people and programs leave around it. Imports nothing of app.

Env files of containers keep quotes, editors write a byte order mark, and a key is copied with the line it stood in.
What is clear is read. What could mean two things is refused: a ValueError says what was expected.
"""

import codecs
import re
from pathlib import Path

QUOTES = ('"', "'")
INVISIBLE = " \t\r\n\v\f\0\u00a0\ufeff\u200b\u200c\u200d\u2060"
"""What cannot be seen and is copied along: spaces, byte order marks, zero-width characters."""

LARGEST = 65_536  # bytes of a file with a secret
OTHER = re.compile(r"(?!whsec_)(?:export\s+)?[A-Za-z_][A-Za-z0-9_]*\s*=(?!=*\Z).*")
"""A line that gives another variable a value. A text in base64 has its equals signs at the end, and of two secrets of
webhooks the first has them before a space."""


def unquoted(text: str) -> str:
    """Returns the text without space and matching quotes around it. Raises ValueError if one quote is left alone."""
    text = text.strip()
    while len(text) > 1 and text[0] in QUOTES and text[0] == text[-1]:
        text = text[1:-1].strip()
    if text and (text[0] in QUOTES or text[-1] in QUOTES):
        raise ValueError("two matching quotes, or none")
    return text


def secret_in(name: str, text: str) -> str:
    """Returns the one secret in a text, "" if there is none.

    The text may be the secret alone, NAME=secret as in an env file, also among other variables, or the line of a
    header. Empty lines and comments do not count. Raises ValueError if it holds two, or something else.
    """
    assignment = re.compile(rf"(?i)(?:export\s+)?{name}\s*[=:](.*)")
    named, bare, others = set(), set(), False
    for line in lines(text):
        if match := assignment.fullmatch(line):
            named.add(alone(match[1]))
        elif OTHER.fullmatch(line):
            others = True
        else:
            bare.add(alone(line))
    if others and (bare or not named):
        raise ValueError(f"{name}=… or the key alone, not another variable")
    secrets = (named | bare) - {""}
    if len(secrets) > 1:
        raise ValueError(f"one key, not {len(secrets)} different lines")
    secret = secrets.pop() if secrets else ""
    if name.lower() in secret.lower() or any(quote in secret for quote in QUOTES):
        raise ValueError("the key alone")  # a piece of JSON or of a script, or a variable that nobody replaced
    return secret


def lines(text: str) -> list[str]:
    """Returns the lines that say something, without comments."""
    stripped = (re.sub(r"(\A|\s+)#.*", "", line).strip(INVISIBLE) for line in text.splitlines())
    return [line for line in stripped if line]


def alone(text: str) -> str:
    """Returns a secret without quotes and without the scheme of the header that it was copied from."""
    return re.sub(r"(?i)\A(?:authorization:\s*)?bearer\s+", "", unquoted(text)).strip(INVISIBLE)


def secret_of_file(name: str, path: str) -> str:
    """Returns the secret that a file holds. Raises ValueError, which says what was expected of the file."""
    try:
        with Path(path).expanduser().open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise ValueError("a readable text file") from None
    except (OSError, RuntimeError) as exc:  # RuntimeError: a home folder that is not known
        raise ValueError(f"a readable text file ({getattr(exc, 'strerror', None) or exc})") from None
    text = decoded(content)
    if len(content) > LARGEST:
        raise ValueError("a file with one key in it, not one of this size")
    if not (secret := secret_in(name, text)):
        raise ValueError("a key in the file, which is empty")
    return secret


def decoded(content: bytes) -> str:
    """Returns a text in UTF-8 or, after a byte order mark, in UTF-16, as Windows writes it. Raises ValueError."""
    utf_16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = content.decode("utf-16" if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise ValueError("a readable text file in UTF-8")
    return text
