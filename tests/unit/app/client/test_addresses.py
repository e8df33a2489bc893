"""Lists of addresses."""

from pathlib import Path

import click
import pytest

from app.client import addresses

ONE = f"0x{1:040x}"
TWO = f"0x{'ab' * 20}"


def test_reads_each_address_once_in_order_and_in_lower_case(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"\ufeff# holders\n{TWO.upper().replace('X', 'x')} # first\n\n  {ONE}\n{TWO}\n", encoding="utf-8")
    assert addresses.read(str(file)) == [TWO, ONE]


def test_names_the_first_invalid_lines_and_counts_the_others(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(f"{ONE}\n" + "0x12\n" * 7)
    with pytest.raises(click.BadParameter, match=r"expected 0x and 40 .*: line 2: 0x12, .*line 6: 0x12 and 2 more"):
        addresses.read(str(file))


@pytest.mark.parametrize(("content", "reason"), [(None, "No such file"), (b"\xff\xfe", "not UTF-8")])
def test_says_why_a_file_cannot_be_read(tmp_path: Path, content: bytes | None, reason: str) -> None:
    file = tmp_path / "list.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(click.BadParameter, match=reason):
        addresses.read(str(file))


def test_reads_no_source_without_an_end() -> None:
    with pytest.raises(click.BadParameter, match="/dev/zero: larger than 100 MB"):
        addresses.read("/dev/zero")
