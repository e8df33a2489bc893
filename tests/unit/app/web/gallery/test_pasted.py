"""The address in what people paste."""

import pytest

from app.web.gallery.pasted import address_in
from dalle.errors import InvalidAddress, MissingParameter

ADDRESS = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"
DIGITS = "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
OTHER = "0x" + "ab" * 20


@pytest.mark.parametrize(
    "text",
    [
        ADDRESS,
        f"0x{DIGITS}",
        f"0X{DIGITS}",
        DIGITS,
        f"  0x{DIGITS}\n",
        f"https://etherscan.io/address/0x{DIGITS}#tokentxns",
        f"etherscan.io/address/{DIGITS}",
        f"ethereum:0x{DIGITS}@1/transfer?uint256=1",
        f"eip155:1:0x{DIGITS}",
        f"My wallet is 0x{DIGITS}, says Ann.",
        f"{ADDRESS} 0x{DIGITS}",
        f"vitalik.eth = 0x{DIGITS}",
        "0x5aAe b605 3F3E 94C9 b9A0 9f33 6694 35E7 Ef1B eAed",
        "5aAeb6053F3E94C9b9A0\n9f33669435E7Ef1BeAed",
        "0x 5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0x5aAeb6053F3E\u200b94C9b9A09f33\u00a0669435E7Ef1BeAed\ufeff",
        "face 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    ],
)
def test_cuts_the_address_out_of_a_text(text: str) -> None:
    assert address_in(text) == ADDRESS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hello", "not an Ethereum address: expected 0x and 40 hexadecimal digits"),
        ("0xhello", "not an Ethereum address"),
        ("0x" + "g" * 40, "not an Ethereum address"),
        (f"0x{DIGITS[:-1]}", "has 39 hexadecimal digits after 0x: an address has 40"),
        ("0x" + "ab" * 32, "has 64 hexadecimal digits"),
        ("https://etherscan.io/tx/0x" + "ab" * 32, "has 64 hexadecimal digits"),
        ("0x5", "has 1 hexadecimal digit after 0x"),
        ("ab" * 32, "not an Ethereum address"),
        (f"{ADDRESS} and {OTHER}", "There are 2 addresses in this text: enter one of them"),
        (f"https://etherscan.io/token/{OTHER}?a={ADDRESS}", "There are 2 addresses"),
        ("vitalik.eth", "vitalik.eth is a name, and names are not looked up here: enter the address"),
        ("https://app.ens.domains/pay.vitalik.eth", "pay.vitalik.eth is a name"),
        ("vitalik.ethereum", "not an Ethereum address"),
        (f"{'x' * 300}{ADDRESS}", "not an Ethereum address"),
    ],
)
def test_says_what_a_text_holds_instead(text: str, expected: str) -> None:
    with pytest.raises(InvalidAddress) as raised:
        address_in(text)
    assert expected in raised.value.details


@pytest.mark.parametrize("text", ["0x" + "ab" * 32, "<b>hello</b>", f"{ADDRESS} and {OTHER}"])
def test_repeats_nothing_that_may_be_secret(text: str) -> None:
    with pytest.raises(InvalidAddress) as raised:
        address_in(text)
    assert text not in raised.value.details


@pytest.mark.parametrize("text", ["", "  \n"])
def test_asks_for_an_address(text: str) -> None:
    with pytest.raises(MissingParameter, match="Enter an address: 0x and 40 hexadecimal digits"):
        address_in(text)
