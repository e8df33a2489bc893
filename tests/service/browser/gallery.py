"""What the tests of the gallery wait for and count."""

from selenium.webdriver import ActionChains

from tests.kit.service import Service
from tests.service.browser.conftest import Browser

SAMPLE = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"


def settled(browser: Browser) -> None:
    """Until every picture on the screen has come."""
    script = (
        "return [...document.images].filter(i => { const r = i.getBoundingClientRect();"
        " return r.width && r.top < innerHeight && r.bottom > 0; }).every(i => i.complete && i.naturalWidth)"
    )
    browser.wait(lambda: browser.run(script), "the pictures")


def open_menu(browser: Browser) -> None:
    """As with a mouse: the button of the first picture shows when the pointer is over it."""
    ActionChains(browser.driver).move_to_element(browser.one(".tile")).perform()
    browser.one(".tile .more").click()
    browser.one("#menu")


def left(browser: Browser) -> None:
    """Until the large view is closed and has said so: that event comes later, with the address and the focus."""
    script = "return document.documentElement.classList.contains('looking')"
    browser.wait(lambda: not browser.run(script), "the end of the large view")


def counts(service: Service) -> dict[str, int]:
    """Series → pictures, as the index knows them at this moment."""
    return {row["series"]: row["count"] for row in service.ask("/preview/items").data["series"]}


def seen(browser: Browser) -> str:
    """The name of the first picture of which at least the half can be seen."""
    script = """
        const line = document.querySelector('.top').getBoundingClientRect().bottom;
        const seen = [...document.querySelectorAll('.tile:not(.kept) .open')].find((link) => {
          const { top, height } = link.closest('.tile').getBoundingClientRect(); return top + height / 2 > line; });
        return seen ? new URL(seen.href).searchParams.get('picture') : ''
    """
    found: str = browser.run(script)
    return found


def top_of(browser: Browser, picture: str) -> int:
    """How far down the screen the tile of a picture begins, in pixels."""
    script = """
        const link = [...document.querySelectorAll('.tile:not(.kept) .open')].find(
          (one) => new URL(one.href).searchParams.get('picture') === arguments[0]);
        return Math.round(link.getBoundingClientRect().top)
    """
    top: int = browser.run(script, picture)
    return top
