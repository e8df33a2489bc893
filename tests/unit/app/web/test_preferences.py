import pytest

from app.web.preferences import wait


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("wait=10", 10),
        ("wait=60", 60),
        ("wait=61", 60),
        ("wait=" + "9" * 5000, 60),
        ("wait=" + "0" * 5000 + "7", 7),
        ("wait", 60),
        ("wait=", 60),
        ('wait=""', 60),
        ('wait="10"', 10),
        ("WAIT=10", 10),
        ("wait = 10", 10),
        ("wait=10; foo=1", 10),
        ("respond-async, wait=10", 10),
        ("respond-async,wait=10,wait=20", 10),
        ("wait=nonsense, wait=20", 0),
        ('foo="a, wait=5", wait=10', 10),
        ('foo="a\\", wait=5", wait=10', 10),
        ('foo="a, wait=5', 0),
        ("foo; wait=5", 0),
        ("wait=0", 0),
        ("wait=-1", 0),
        ("wait=1.5", 0),
        ("wait=1e1", 0),
        ("wait=\u0661", 0),
        ('wait="', 0),
        ("waiting=10", 0),
        ("handling=lenient", 0),
        ("", 0),
        (",,, ,", 0),
    ],
    ids=lambda value: str(value)[:40],
)
def test_reads_how_long_a_client_would_wait(header: str, seconds: int) -> None:
    assert wait(header) == seconds
