"""Conditions and ranges, one header at a time and in their order."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Request
from werkzeug.test import create_environ

from app.web import conditions

TAG, SIZE = "12-ab", 100
MODIFIED = datetime(2026, 11, 29, 12, 0, 5, tzinfo=UTC)
DATE, BEFORE, AFTER = (f"Sun, 29 Nov 2026 12:00:0{second} GMT" for second in (5, 4, 6))


def request(method: str = "GET", **headers: Any) -> Request:
    """`headers` have underscores for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Request(create_environ("/", method=method, headers=named))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Match": f'"a", "{TAG}"'}, 200),
        ({"If_Match": f'W/"{TAG}"'}, 412),
        ({"If_Match": ""}, 412),
        ({"If_Match": "*", "If_Unmodified_Since": BEFORE}, 200),
        ({"If_Unmodified_Since": DATE}, 200),
        ({"If_Unmodified_Since": BEFORE}, 412),
        ({"If_Unmodified_Since": "yesterday"}, 200),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": f'"a", W/"{TAG}"'}, 304),
        ({"If_None_Match": '"a"'}, 200),
        ({"If_None_Match": '"a"', "If_Modified_Since": AFTER}, 200),
        ({"If_None_Match": f'"{TAG}"', "If_Modified_Since": BEFORE}, 304),
        ({"If_Modified_Since": DATE}, 304),
        ({"If_Modified_Since": AFTER}, 304),
        ({"If_Modified_Since": BEFORE}, 200),
        ({"If_Modified_Since": "yesterday"}, 200),
        ({"If_Match": '"a"', "If_None_Match": f'"{TAG}"'}, 412),
        ({"If_Unmodified_Since": BEFORE, "If_None_Match": f'"{TAG}"'}, 412),
    ],
)
def test_decides_in_the_order_of_the_rfc(headers: dict[str, str], status: int) -> None:
    assert conditions.status(request(**headers), TAG, MODIFIED) == status


@pytest.mark.parametrize(
    ("headers", "part"),
    [
        ({}, ""),
        ({"Range": "bytes=0-0"}, "bytes=0-0"),
        ({"Range": "bytes=200-"}, "bytes=200-"),
        ({"Range": "bytes=-101"}, "bytes=-100"),
        ({"Range": f"bytes=1-{'9' * 30}"}, f"bytes=1-{'9' * 30}"),
        ({"Range": "bytes=0-1,5-6"}, ""),
        ({"Range": "bytes=5-2"}, ""),
        ({"Range": "bytes=abc"}, ""),
        ({"Range": "items=0-1"}, ""),
        ({"Range": "bytes=0-1", "If_Range": f'"{TAG}"'}, "bytes=0-1"),
        ({"Range": "bytes=0-1", "If_Range": f'W/"{TAG}"'}, ""),
        ({"Range": "bytes=0-1", "If_Range": DATE}, "bytes=0-1"),
        ({"Range": "bytes=0-1", "If_Range": AFTER}, ""),
        ({"Range": "bytes=0-1", "If_Range": ""}, ""),
    ],
)
def test_heeds_one_valid_range_of_the_version_that_the_client_has(headers: dict[str, str], part: str) -> None:
    assert conditions.part(request(**headers), TAG, MODIFIED, SIZE) == part
    assert conditions.part(request("HEAD", **headers), TAG, MODIFIED, SIZE) == ""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_Unmodified_Since": BEFORE}, 200),
        ({"If_Modified_Since": AFTER}, 200),
        ({"If_None_Match": f'"{TAG}"', "If_Modified_Since": BEFORE}, 304),
        ({"If_Match": '"a"'}, 412),
    ],
)
def test_ignores_dates_where_there_is_none(headers: dict[str, str], status: int) -> None:
    assert conditions.status(request(**headers), TAG, None) == status
