"""Pictures are selected by mouse, keys and touch, with a script and without, and downloaded together."""

import io
import zipfile
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from tests.kit.folders import address, put
from tests.kit.images import png
from tests.kit.service import Service
from tests.service.browser.conftest import Browser

pytestmark = pytest.mark.browser
COLORS = ("peru", "steelblue", "whitesmoke", "midnightblue", "seagreen", "orchid")


def tally(browser: Browser) -> str:
    return str(browser.one("#tally").text)


def begin(browser: Browser) -> None:
    browser.open()
    browser.wait(lambda: browser.all(".tile .more"), "the script")
    browser.one("#select").click()
    browser.wait(lambda: browser.all(".pick input"), "the checkboxes")


def requested(browser: Browser) -> list[tuple[str, str]]:
    """What the form asks the server for, without leaving the page."""
    script = """
        const form = document.getElementById('picked'), url = new URL(form.action);
        form.addEventListener('submit', (event) => {
          event.preventDefault(); url.search = new URLSearchParams(new FormData(form)); }, { once: true });
        document.getElementById('download').click();
        return url.href
    """
    return parse_qsl(urlsplit(browser.run(script)).query)


def test_selects_with_the_mouse_and_says_how_much_it_is(browser: Browser, service: Service, data: Path) -> None:
    begin(browser)
    assert tally(browser) == "Select up to 100 pictures"
    assert not browser.one("#download").is_enabled()
    first, second, third, *_ = browser.all(".tile .open")
    first.click()
    third.click()
    second.click()
    second.click()
    assert browser.one("#download").text == "Download 2 pictures"
    assert not browser.run("return document.getElementById('lightbox').open")
    browser.wait(lambda: tally(browser).startswith("2 pictures selected, "), "their size")
    ((name, value),) = requested(browser)
    addresses = [browser.tiles()[0], browser.tiles()[2]]
    assert (name, value) == ("p", f"simple/{','.join(addresses)}")
    with zipfile.ZipFile(io.BytesIO(service.ask(f"/preview/zip?p={value}").body)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"simple/{each}.png" for each in addresses]
    assert browser.problems() == []


def test_selects_with_keys_alone(browser: Browser, data: Path) -> None:
    browser.open()
    browser.wait(lambda: browser.all(".tile .more"), "the script")
    browser.one("#select").send_keys(Keys.SPACE)
    assert browser.one("#select").get_attribute("aria-pressed") == "true"
    boxes = browser.all(".pick input")
    boxes[0].send_keys(Keys.SPACE)
    boxes[1].send_keys(Keys.SPACE)
    assert browser.one("#download").text == "Download 2 pictures"
    boxes[1].send_keys(Keys.SPACE)
    assert browser.one("#download").text == "Download 1 picture"
    ActionChains(browser.driver).send_keys(Keys.ESCAPE).perform()
    assert browser.focused() == "select"
    assert not browser.all("#picked")[0].is_displayed()
    assert not browser.all(".pick")[0].is_displayed()
    browser.one("#select").click()
    assert tally(browser) == "Select up to 100 pictures"


def test_selects_a_range_with_shift_and_all_that_is_shown(browser: Browser, data: Path) -> None:
    begin(browser)
    tiles = browser.all(".tile .open")
    tiles[1].click()
    ActionChains(browser.driver).key_down(Keys.SHIFT).click(tiles[3]).key_up(Keys.SHIFT).perform()
    assert browser.one("#download").text == "Download 3 pictures"
    browser.one("#all").click()
    assert browser.one("#download").text == "Download 7 pictures"
    assert len(requested(browser)) == 2  # series
    browser.one("#clear").click()
    assert not browser.one("#download").is_enabled()
    browser.one("#done").click()
    assert browser.focused() == "select"


def test_refuses_more_than_a_hundred(browser: Browser, folder: Path) -> None:
    for number in range(110):
        put(folder, "simple", address(number), age=number)
    browser.open()
    browser.wait(lambda: browser.all(".tile .more"), "the script")
    browser.wait(
        lambda: browser.run("scrollTo(0, 1e6); return document.querySelectorAll('.tile').length") == 110, "all tiles"
    )
    browser.one("#select").click()
    browser.one("#all").click()
    assert tally(browser).startswith("100 pictures selected (the most at once)")
    assert browser.run("return document.getElementById('said').textContent") == "At most 100 pictures can be selected"
    assert browser.one("#download").text == "Download 100 pictures"
    ((_, value),) = requested(browser)
    assert len(value.split(",")) == 100


def test_keeps_the_selection_while_the_list_is_filtered(browser: Browser, data: Path) -> None:
    begin(browser)
    browser.all(".tile .open")[0].click()
    chosen = browser.tiles()[0]
    browser.one("#filter").send_keys("amber")
    browser.wait(lambda: browser.tiles() and chosen not in browser.tiles(), "the filter")
    browser.wait(lambda: len(browser.all(".tile .pick")) == len(browser.all(".tile")), "new checkboxes")
    assert browser.one("#download").text == "Download 1 picture"
    browser.one("#filter").clear()
    browser.one("#filter").send_keys(Keys.SPACE, Keys.BACKSPACE)
    browser.wait(lambda: chosen in browser.tiles(), "all pictures")
    browser.wait(lambda: browser.all(".pick input:checked"), "the selected one")


def test_says_that_a_picture_was_removed(browser: Browser, data: Path) -> None:
    begin(browser)
    browser.all(".tile .open")[0].click()
    (data / "output" / "simple" / "annotated" / f"{browser.tiles()[0]}.png").unlink()
    browser.all(".tile .open")[1].click()
    browser.wait(lambda: "was removed" in tally(browser), "the message")
    assert not browser.one("#download").is_enabled()


def test_needs_no_script(browser: Browser, service: Service, data: Path) -> None:
    browser.look(script=False)
    browser.open("/preview?series=simple")
    assert not browser.all(".pick")
    browser.one("#select").click()
    boxes = browser.wait(lambda: browser.all(".pick input"), "the checkboxes")
    assert len(boxes) == 5
    values = [str(boxes[0].get_attribute("value")), str(boxes[3].get_attribute("value"))]
    assert browser.one("#picked #download").text == "Download selected pictures"
    assert {box.get_attribute("form") is not None for box in boxes} == {True}
    answer = service.ask("/preview/zip?" + "&".join(f"p={value}" for value in values))
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        assert archive.namelist() == [f"{value}.png" for value in values]
    browser.one("#select").click()
    browser.wait(lambda: not browser.all(".pick"), "the page without them")


@pytest.mark.parametrize("width", [1280, 390])
def test_is_good_for_all_readers(browser: Browser, folder: Path, axe: str, width: int) -> None:
    for number in range(9):
        series = "simple" if number < 6 else "deep-sea"
        title = f"The {'amber' if number % 2 else 'quiet'} otter {number}"
        put(folder, series, address(number), title=title, age=number, content=png(COLORS[number % 6], (256, 300)))
    browser.look(width=width, height=844 if width < 500 else 900)
    begin(browser)
    for tile in browser.all(".tile .open")[:4:2]:
        browser.run("arguments[0].click()", tile)
    browser.wait(lambda: "selected, " in tally(browser), "the size")
    assert browser.serious(axe, f"selecting-{width}") == []
    bar, last = browser.one("#picked").rect, browser.run("return innerWidth")
    assert bar["x"] >= 0
    assert bar["x"] + bar["width"] <= last
    assert bar["height"] <= 110  # two rows on a phone
