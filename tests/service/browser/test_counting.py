"""What the page says while pictures are counted, and that it stops by itself."""

from pathlib import Path

import pytest

from dalle.atomic import flocked
from tests.kit.folders import address, put
from tests.kit.service import Service
from tests.service.browser.conftest import Browser
from tests.service.browser.gallery import counts

pytestmark = pytest.mark.browser
MANY = 1_200  # so many are counted in the background


def test_follows_the_count_without_a_reload(browser: Browser, service: Service, data: Path, tmp_path: Path) -> None:
    service.wait_for(lambda: counts(service) == {"simple": 5, "confetti": 2}, "the index")
    for number in range(MANY):
        put(tmp_path, "deep-sea", address(1_000 + number), age=-number - 1)
    with flocked(data / "gallery" / "listing"):  # as another worker that counts
        (tmp_path / "output" / "deep-sea").rename(data / "output" / "deep-sea")
        browser.open()
        browser.run("window.mark = 'the same page'")
        status = browser.one("#status")
        assert status.text.startswith("Counting pictures: 7 of about ")
        assert browser.tiles() == [address(number) for number in range(7)]
    browser.wait(lambda: browser.tiles()[0] == address(1_000 + MANY - 1), "the newest pictures")
    browser.wait(lambda: not status.text, "the end of the sentence")
    shown = browser.run("return document.querySelector('.shelves a span').textContent")  # it is replaced all the time
    assert shown == "1,207"
    assert browser.one("#place").is_displayed()
    assert browser.run("return window.mark") == "the same page"
    assert browser.problems() == []
