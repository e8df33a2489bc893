"""The gallery behind nginx with the recipe for a password: viewers are never asked for it."""

from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from tests.kit.folders import address, put
from tests.kit.nginx import NGINX, Nginx, Place
from tests.service.browser.conftest import Browser
from tests.service.browser.gallery import settled

pytestmark = [
    pytest.mark.browser,
    pytest.mark.nginx,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]


@pytest.fixture
def guarded(chromium: webdriver.Chrome) -> Iterator[Browser]:
    with Place() as place, place.service():
        for number in range(5):
            put(place.data, "simple", address(number), title=f"The Gärten, otter {number}", age=number)
        place.users(ann="secret")
        with Nginx(place, recipes=["password"]) as nginx:
            browser = Browser(chromium, nginx.client.url)
            browser.look()
            browser.problems()
            yield browser
            browser.look()
            chromium.get("about:blank")


def test_is_not_asked_for_by_the_gallerys_own_links(guarded: Browser) -> None:
    guarded.open()
    guarded.wait(guarded.tiles, "the tiles")
    settled(guarded)
    guarded.all(".tile .open")[1].click()
    guarded.one("#about .facts")
    shared = guarded.driver.current_url
    assert "picture=simple%2F0x" in shared
    guarded.driver.refresh()
    guarded.one("#about .facts")
    guarded.open("/preview")
    guarded.driver.get(shared)
    guarded.one("#about .facts")
    guarded.open("/preview?q=G%C3%A4rten%2C+otter+3")
    guarded.wait(lambda: guarded.tiles() == [address(3)], "the picture that was searched for")
    guarded.look(script=False)
    guarded.open("/preview")
    guarded.all(".tile .open")[0].click()
    assert guarded.one("#shown h2").text.startswith("The Gärten")
    guarded.one("#filter").send_keys("Gärten, otter 2", Keys.ENTER)
    guarded.wait(lambda: len(guarded.all(".tile")) == 1, "the filter")
    assert guarded.problems() == []
