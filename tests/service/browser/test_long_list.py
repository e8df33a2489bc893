"""A list of twenty thousand pictures: jumping in it, going back to where one was, and what it costs the browser."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.kit.folders import MOMENT, put
from tests.kit.images import png
from tests.kit.service import Service
from tests.service.browser.conftest import Browser
from tests.service.browser.gallery import counts, left, seen, top_of

pytestmark = pytest.mark.browser
HOUR = 3600
SIMPLE, CONFETTI = 19_000, 1_000
END = int(os.environ.get("DALLE_SCROLL", "150"))  # thousandths of the list that are scrolled through, 1000: minutes


def name(number: int) -> str:
    """An address whose last digits are the number as people read it."""
    return f"0x{number:040}"


@pytest.fixture(scope="module")
def filled(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture an hour, in two series; each comes at once, so that a share of the list is an exact place in it."""
    content, apart = png(size=(32, 32)), tmp_path_factory.mktemp("apart")
    for number in range(SIMPLE):
        put(apart, "simple", name(number), age=number * HOUR, content=content)
    for number in range(CONFETTI):
        put(apart, "confetti", name(number), age=(number + 1) * HOUR, content=content)
    (service.data / "output").mkdir(exist_ok=True)
    for series in ("simple", "confetti"):
        (apart / "output" / series).rename(service.data / "output" / series)
    service.wait_for(lambda: counts(service) == {"simple": SIMPLE, "confetti": CONFETTI}, "the index")
    return service.data


@pytest.fixture
def folder(filled: Path) -> Path:
    """The same pictures for all tests of this module."""
    return filled


def value(browser: Browser) -> int:
    return int(browser.run("return document.getElementById('place').value"))


def order(browser: Browser) -> list[str]:
    """The pictures that the browser has, in order."""
    found: list[str] = browser.run(
        "return [...document.querySelectorAll('.tile:not(.kept) .open')]"
        ".map(link => new URL(link.href).searchParams.get('picture'))"
    )
    return found


def is_in_first_row(browser: Browser, picture: str) -> bool:
    """Whether a picture is in the row that is seen first."""
    return picture in order(browser) and top_of(browser, picture) == top_of(browser, seen(browser))


def follow_each_other(pictures: list[str]) -> bool:
    """Whether the pictures of a series are there without a gap, each once."""
    numbers = [int(picture[-5:]) for picture in pictures]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def press(browser: Browser, *keys: str) -> None:
    browser.driver.switch_to.active_element.send_keys(*keys)


def cost(browser: Browser) -> tuple[int, int]:
    """Nodes and bytes that the page keeps, after the garbage is gone."""
    browser.cdp("Performance.enable")
    browser.cdp("HeapProfiler.collectGarbage")
    metrics = {one["name"]: one["value"] for one in browser.cdp("Performance.getMetrics")["metrics"]}
    return browser.cdp("Memory.getDOMCounters")["nodes"], int(metrics["JSHeapUsedSize"])


@pytest.fixture
def without_thumbnails(browser: Browser) -> Iterator[None]:
    """The time goes into the page: 20,000 thumbnails are not made."""
    browser.cdp("Network.enable")
    browser.cdp("Network.setBlockedURLs", urls=["*?w=*"])
    yield
    browser.cdp("Network.setBlockedURLs", urls=[])
    browser.cdp("Network.disable")


@pytest.mark.timeout(END * 2)
@pytest.mark.usefixtures("without_thumbnails")
def test_keeps_nodes_and_memory_flat_over_twenty_thousand_pictures(browser: Browser) -> None:
    browser.run("localStorage.setItem('density', 4)")
    browser.open()
    down = "scrollTo(0, document.body.scrollHeight); return Number(document.getElementById('place').value)"
    browser.wait(lambda: browser.run(down) >= 50, "a thousand pictures")
    nodes, heap = cost(browser)
    for part in range(100, END + 1, 50):
        browser.wait(lambda share=part: browser.run(down) >= share, f"{part} thousandths of them")
    if END == 1000:
        assert order(browser)[-1] == f"confetti/{name(CONFETTI - 1)}"
    late_nodes, late_heap = cost(browser)
    assert late_nodes < 1.5 * nodes
    assert late_heap < 1.5 * heap
    assert browser.run("return document.querySelectorAll('.tile').length") < 1500
    up = "scrollBy(0, -1000); return Number(document.getElementById('place').value)"
    browser.wait(lambda: browser.run(up) < END - 80, "the way up")
    assert follow_each_other([one for one in order(browser) if "simple" in one])
    browser.run("scrollTo(0, 0)")
    browser.wait(lambda: order(browser)[0] == f"simple/{name(0)}", "the newest picture")
    assert seen(browser) == f"simple/{name(0)}"


def test_goes_anywhere_with_the_keys_of_a_slider(browser: Browser) -> None:
    browser.open()
    slider = browser.one("#place")
    assert slider.accessible_name == "Place in the list, newest to oldest"
    assert slider.aria_role == "slider"
    slider.send_keys(Keys.PAGE_DOWN)
    browser.wait(lambda: seen(browser) == f"simple/{name(2000)}", "a tenth of the list")
    assert value(browser) == 100
    for key, expected in ((Keys.ARROW_DOWN, 2040), (Keys.ARROW_UP, 2000), (Keys.PAGE_UP, 0)):
        press(browser, key)
        browser.wait(lambda number=expected: seen(browser) == f"simple/{name(number)}", f"picture {expected}")
    press(browser, Keys.END)
    browser.wait(lambda: order(browser)[-1] == f"confetti/{name(CONFETTI - 1)}", "the oldest")
    browser.wait(lambda: value(browser) == 1000, "the slider at its end")
    assert "confetti" in str(slider.get_attribute("aria-valuetext"))
    press(browser, Keys.HOME)
    browser.wait(lambda: seen(browser) == f"simple/{name(0)}", "the beginning")
    assert browser.run("return scrollY") == 0
    assert browser.focused() == "place"
    assert browser.problems() == []


def test_shows_the_date_while_the_slider_is_dragged(browser: Browser) -> None:
    browser.open()
    bar = browser.one("#place").rect
    mouse = ActionChains(browser.driver, duration=50)
    mouse.move_to_element_with_offset(browser.one("#place"), 0, 12 - round(bar["height"] / 2)).click_and_hold()
    mouse.move_by_offset(0, round(bar["height"] / 2)).perform()
    browser.wait(
        lambda: "2023" not in browser.one("#moment").text and "simple" in browser.one("#moment").text, "a date"
    )
    assert browser.one("#moment").is_displayed()
    assert seen(browser) == f"simple/{name(0)}"
    shown = browser.one("#moment").text.splitlines()[0]
    ActionChains(browser.driver).release().perform()
    browser.wait(lambda: 8_000 < int(seen(browser)[-5:]) < 12_000, "the middle of the list")
    assert browser.one("#moment").text.splitlines()[0] == shown
    assert browser.problems() == []


@pytest.mark.parametrize("script", [True, False])
def test_goes_to_a_day(browser: Browser, script: bool) -> None:
    browser.look(script=script)
    browser.open("/preview?series=simple")
    field = browser.one("#jump input[type=date]")
    field.send_keys("08152023", Keys.ENTER)  # as the browser's language has it: month first
    end = 1_692_144_000  # of 15 August 2023, UTC
    first = (MOMENT - end) // HOUR + 1
    if script:
        browser.wait(lambda: is_in_first_row(browser, f"simple/{name(first)}"), "the last picture of the day")
    else:
        browser.wait(lambda: "before=2023-08-15" in browser.driver.current_url, "the page of the day")
        assert browser.tiles()[0] == name(first)
        assert browser.all("#newer")
        browser.one("#newer").click()
        assert browser.tiles()[-1] == name(first - 1)


def test_scrolls_up_from_the_middle_without_a_shift(browser: Browser) -> None:
    browser.open("/preview?series=simple&share=0.5")
    browser.wait(lambda: order(browser)[0] < f"simple/{name(9_500)}", "the page in front")
    assert seen(browser) == f"simple/{name(9_500)}"
    for _ in range(12):
        before = order(browser)[0]
        browser.run("scrollBy(0, -1400)")
        here = seen(browser)
        top = top_of(browser, here)
        browser.wait(lambda: "aria-busy" not in str(browser.one("#gallery").get_attribute("outerHTML"))[:80], "rest")
        assert abs(top_of(browser, here) - top) <= 2, before
    assert follow_each_other(order(browser))
    assert int(seen(browser)[-5:]) < 9_480


def test_keeps_the_place_over_a_reload_a_link_and_the_way_back(browser: Browser) -> None:
    browser.open("/preview?series=simple")
    browser.one("#place").send_keys(Keys.PAGE_DOWN)
    browser.wait(lambda: "at=simple" in browser.driver.current_url, "the address")
    place = seen(browser)
    assert place == f"simple/{name(1_900)}"
    link = browser.driver.current_url
    browser.driver.refresh()
    browser.wait(lambda: seen(browser) == place, "the same place after a reload")
    browser.one(".brand").click()
    browser.wait(lambda: seen(browser) == f"simple/{name(0)}", "another page")
    browser.driver.back()
    browser.wait(lambda: seen(browser) == place, "the same place on the way back")
    browser.driver.get("about:blank")
    browser.driver.get(link)
    browser.wait(lambda: seen(browser) == place, "the same place by its link")
    browser.run("scrollTo(0, 0)")
    browser.wait(lambda: "at=" not in browser.driver.current_url, "an address without a place at the beginning")
    assert seen(browser) == f"simple/{name(0)}"
    assert browser.problems() == []


def test_keeps_the_focus_of_a_tile_that_is_far_away(browser: Browser) -> None:
    browser.open("/preview?series=simple")
    browser.run("document.querySelectorAll('.tile .open')[3].focus()")
    focused = "return new URL(document.activeElement.href ?? location.href).searchParams.get('picture')"
    down = "scrollBy(0, 3000); return document.querySelectorAll('.tile.kept').length"
    browser.wait(lambda: browser.run(down), "its page to be dropped")
    assert browser.run(focused) == f"simple/{name(3)}"
    browser.run("scrollTo(0, 0)")
    browser.wait(lambda: not browser.all(".tile.kept") and order(browser)[3] == f"simple/{name(3)}", "its page again")
    assert browser.run(focused) == f"simple/{name(3)}"
    browser.wait(lambda: browser.run(down), "its page to be dropped again")
    browser.run("document.getElementById('filter').focus()")
    assert not browser.all(".tile.kept")


def test_steps_at_depth_and_returns_to_the_list_there(browser: Browser) -> None:
    browser.open(f"/preview?series=simple&picture=simple/{name(9_000)}")
    shown = "return document.getElementById('large').src.slice(-5)"
    browser.wait(lambda: browser.run(shown) == "09000", "the picture of the link")
    browser.one("#about .facts")
    for key, expected in ((Keys.ARROW_RIGHT, "09001"), (Keys.ARROW_LEFT, "09000"), (Keys.ARROW_LEFT, "08999")):
        press(browser, key)
        browser.wait(lambda number=expected: browser.run(shown) == number, expected)
    press(browser, Keys.ESCAPE)
    left(browser)
    picture = f"simple/{name(8_999)}"
    browser.wait(lambda: browser.focused() == "open", "the focus")
    assert browser.run("return new URL(document.activeElement.href).searchParams.get('picture')") == picture
    assert is_in_first_row(browser, picture)
    browser.wait(lambda: "at=simple" in browser.driver.current_url, "the place in the address")
    press(browser, Keys.ENTER)
    browser.wait(lambda: browser.run(shown) == "08999", "the same picture")
    browser.driver.back()
    left(browser)
    assert is_in_first_row(browser, picture)
    assert browser.problems() == []


def test_jumps_among_the_matches_of_a_filter(browser: Browser) -> None:
    browser.open("/preview?q=0x")
    assert browser.one("#found").text.startswith("More than 1,000 pictures match “0x”.")
    browser.one("#filter").send_keys(" 1")
    browser.wait(lambda: "q=0x+1" in browser.driver.current_url, "the filter")
    browser.wait(lambda: "More than 1,000 pictures match “0x 1”." in browser.one("#found").text, "the same words")
    browser.one("#place").send_keys(Keys.PAGE_DOWN, Keys.PAGE_DOWN)
    browser.wait(lambda: seen(browser) == f"simple/{name(4_001)}", "the next match behind a fifth")
    browser.run("scrollBy(0, -3000)")
    browser.wait(lambda: 3_000 < int(order(browser)[0][-5:]) < 4_000, "the matches in front")
    assert all("1" in one[-5:] for one in order(browser))


def test_has_no_scrubber_in_a_short_list(browser: Browser) -> None:
    browser.open("/preview?q=9999")
    assert browser.one("#found").text.startswith("1 picture matches")
    assert not browser.all("#place")[0].is_displayed()
    assert not browser.all("#jump input")[0].is_displayed()


def test_has_a_compact_control_on_a_phone(browser: Browser) -> None:
    browser.look(width=390, height=844)
    browser.open("/preview?series=simple")
    where = browser.one("#where")
    browser.wait(lambda: "2023" in where.text, "the date")
    assert not browser.all("#place")[0].is_displayed()
    where.click()
    assert where.get_attribute("aria-expanded") == "true"
    bar = browser.one("#place").rect
    assert bar["width"] > 250
    assert bar["height"] < 60
    assert browser.one("#jump button").rect["y"] + 36 < 844
    browser.one("#place").send_keys(Keys.ARROW_RIGHT)
    browser.wait(lambda: is_in_first_row(browser, f"simple/{name(57)}"), "the next page")
    assert browser.run("return document.documentElement.scrollWidth") <= 390
    where.click()
    assert not browser.all("#place")[0].is_displayed()


@pytest.mark.parametrize("width", [1280, 390])
def test_is_accessible_while_it_is_long(browser: Browser, axe: str, width: int) -> None:
    browser.look(width=width)
    browser.open("/preview?series=simple&share=0.3")
    browser.wait(lambda: order(browser)[0] < f"simple/{name(5_700)}", "the list")
    if width < 600:
        browser.one("#where").click()
    assert browser.serious(axe, f"long-{width}") == []
