"""Every visitor: any screen, no script, a screen reader, a server that only reads."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.kit.folders import MOMENT, address, put
from tests.kit.service import Service
from tests.service.browser.conftest import Browser
from tests.service.browser.gallery import SAMPLE, counts, open_menu, settled

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [320, 768, 1440, 3840])
def test_fits_every_screen(browser: Browser, data: Path, width: int) -> None:
    browser.look(width=width, height=640 if width == 320 else 2160)
    for path in ("/preview", f"/preview?picture=simple/{address(1)}"):
        browser.open(path)
        settled(browser)
        assert browser.run("return document.documentElement.scrollWidth") <= width
    browser.one("#about .facts")
    assert browser.run("const d = document.getElementById('lightbox'); return d.scrollWidth <= d.clientWidth")
    assert browser.run("return document.querySelector('.panel').getBoundingClientRect().bottom >= innerHeight")


def test_works_without_a_script(browser: Browser, service: Service, data: Path) -> None:
    for number in range(60):
        put(data, "simple", address(number + 100), age=number + 10)
    service.wait_for(lambda: counts(service).get("simple") == 65, "the index")
    browser.look(script=False)
    browser.open("/preview?series=simple")
    assert len(browser.all(".tile")) == 48
    browser.one("#older").click()
    assert len(browser.all(".tile")) == 17
    browser.one("#filter").send_keys("amber", Keys.ENTER)
    browser.wait(lambda: len(browser.all(".tile")) == 2, "the filter")
    browser.all(".tile .open")[0].click()
    assert browser.one("#shown h2").text.startswith("The amber otter")
    browser.one("#make [name=address]").send_keys(SAMPLE, Keys.ENTER)
    browser.wait(lambda: browser.all(".run"), "the run")
    key = f"/dalle/simple/{SAMPLE}"
    service.wait_for(lambda: service.ask(key).headers["content-type"] == "image/png", "the picture")


def test_offers_no_actions_on_a_read_only_server(browser: Browser, tmp_path: Path) -> None:
    put(tmp_path / "data", "simple", address(1), title="The otter")
    with Service(tmp_path, WORKERS=1, READ_ONLY=1) as service:
        browser.base = service.url
        browser.open()
        open_menu(browser)
        assert "Remove" not in browser.one("#menu").text
        assert "again" not in browser.one("#menu").text
        assert not browser.all("#make")


@pytest.mark.parametrize("place", ["preview", "empty", "lightbox", "menu", "running", "link", "no match"])
def test_is_accessible(
    browser: Browser, service: Service, request: pytest.FixtureRequest, axe: str, place: str
) -> None:
    if place != "empty":
        request.getfixturevalue("data")
        service.wait_for(lambda: len(service.ask("/preview/items").data["items"]) == 7, "the index")
    missing = {"link": f"/preview?picture=simple/{SAMPLE}", "no match": "/preview?q=walrus"}
    browser.open(missing.get(place, "/preview"))
    if place == "lightbox":
        browser.all(".tile .open")[1].click()
        browser.one("#about .facts")
    elif place == "menu":
        open_menu(browser)
    elif place == "running":
        browser.one("#make [name=address]").send_keys(address(MOMENT), Keys.ENTER)
        browser.one(".run progress")
    assert browser.serious(axe, f"gallery-{place}") == []
