"""Writes addresses with the checksum of EIP-55: the case of their letters."""

from functools import lru_cache

from Crypto.Hash import keccak


@lru_cache(maxsize=4096)  # pages show the same addresses again and again
def checksummed(address: str) -> str:
    """Returns `0x` and 40 lower-case hexadecimal digits in mixed case; any other text is returned unchanged."""
    digits = address[2:]
    if len(address) != 42 or not address.startswith("0x") or set(digits) - set("0123456789abcdef"):
        return address
    check = keccak.new(digest_bits=256, data=digits.encode()).hexdigest()
    return "0x" + "".join(
        digit.upper() if int(nibble, 16) >= 8 else digit for digit, nibble in zip(digits, check, strict=False)
    )
