"""Finds the Ethereum address in what people paste into a form: an address, a link to an explorer, a line of a table."""

import re
import unicodedata

from dalle.errors import InvalidAddress, MissingParameter

LONGEST = 300  # characters of a pasted text
EXPECTED = "0x and 40 hexadecimal digits"
ADDRESS = re.compile(r"(?<![0-9a-z])(?:0x)?([0-9a-f]{40})(?![0-9a-z])", re.IGNORECASE)
NEARLY = re.compile(r"(?<![0-9a-z])0x([0-9a-f]+)(?![0-9a-z])", re.IGNORECASE)
NAME = re.compile(r"(?<![\w.-])(?:[\w-]{1,60}\.)+eth(?![\w-])", re.IGNORECASE)


def address_in(text: str) -> str:
    """Returns the only address in a text, lower case with 0x; spaces within it do not count, nor does a missing 0x.

    Raises MissingParameter for an empty text, and InvalidAddress, whose details say what was found instead.
    """
    text = text[:LONGEST].strip()
    if not text:
        raise MissingParameter(f"Enter an address: {EXPECTED}.")
    closed = without_spaces(text)
    addresses = all_in(text) or all_in(closed)
    if len(addresses) == 1:
        return addresses.pop()
    if addresses:
        raise InvalidAddress(f"There are {len(addresses)} addresses in this text: enter one of them.")
    if name := NAME.search(text):
        raise InvalidAddress(
            f"{name[0]} is a name, and names are not looked up here: enter the address that it stands for, {EXPECTED}."
        )
    if nearly := NEARLY.search(closed):
        digits = len(nearly[1])
        raise InvalidAddress(f"This has {digits} hexadecimal digit{'s'[: digits != 1]} after 0x: an address has 40.")
    raise InvalidAddress(f"This is not an Ethereum address: expected {EXPECTED}.")


def all_in(text: str) -> set[str]:
    return {f"0x{digits.lower()}" for digits in ADDRESS.findall(text)}


def without_spaces(text: str) -> str:
    """Returns the text without spaces, line breaks and characters that nobody sees."""
    return "".join(each for each in text if not each.isspace() and unicodedata.category(each) != "Cf")
