"""The tiles of the gallery: shown, filtered, remembered, in any number."""

import re
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.kit.folders import MOMENT, address, put
from tests.kit.images import png
from tests.kit.service import Service
from tests.service.browser.conftest import Browser
from tests.service.browser.gallery import SAMPLE, counts, settled
from tests.stub_openai.server import StubServer

pytestmark = pytest.mark.browser


def test_shows_an_empty_gallery_and_makes_the_first_picture(browser: Browser) -> None:
    browser.open()
    browser.one("#empty button").click()
    run = browser.one(".run progress")
    assert "#5aae" not in browser.one(".run").text
    browser.wait(lambda: browser.run("return document.querySelector('.run progress')?.value > 0"), "progress")
    assert re.search(r"\d+ %", browser.one(".run .phase").text)
    assert run.get_attribute("max") == "100"
    browser.wait(lambda: browser.tiles() == [SAMPLE], "the picture")
    assert not browser.all(".run")
    settled(browser)
    browser.one(".tile .open").click()
    assert browser.one("#about .address").text == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
    assert "gpt-image" in browser.one("#about .facts").text
    assert not browser.problems()


def test_shows_pictures_without_a_shift_or_a_complaint(browser: Browser, data: Path) -> None:
    browser.open()
    settled(browser)
    browser.wait(lambda: browser.run("return document.querySelectorAll('.more').length") == 7, "the menus")
    shift = (
        "const done = arguments[0]; let all = 0; new PerformanceObserver(list => { for (const e of list.getEntries())"
        " all += e.value; }).observe({type: 'layout-shift', buffered: true}); setTimeout(() => done(all), 300)"
    )
    assert browser.driver.execute_async_script(shift) < 0.01
    paint = (
        "const done = arguments[0]; new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))"
        ".observe({type: 'largest-contentful-paint', buffered: true})"
    )
    assert browser.driver.execute_async_script(paint) > 0
    assert browser.tiles() == [address(number) for number in range(7)]
    assert browser.problems() == []


def test_shifts_nothing_while_more_pictures_come(browser: Browser, service: Service, data: Path) -> None:
    for number in range(100, 260):
        put(data, "simple", address(number), age=number)
    service.wait_for(lambda: counts(service).get("simple") == 165, "the index")
    browser.open("/preview?series=simple")
    # The way to a day sticks to the window: on a busy machine Chromium counts it as shifted while that is scrolled.
    browser.run(
        "window.shifts = []; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " for (const from of one.sources) if (!document.getElementById('jump').contains(from.node))"
        " shifts.push([one.value, from.node?.outerHTML.slice(0, 90), from.previousRect, from.currentRect]);"
        " }).observe({type: 'layout-shift', buffered: true})"
    )
    browser.wait(lambda: browser.all(".tile .more"), "the script to begin")
    down = "scrollTo(0, document.body.scrollHeight); return true"
    browser.wait(lambda: browser.run(down) and browser.tiles()[-1] == address(259), "the last of them")
    browser.run("scrollTo(0, 0)")
    browser.wait(lambda: browser.tiles()[0] == address(0), "the first page again")
    settled(browser)
    assert browser.run("return shifts") == []


@pytest.mark.parametrize("width", [1280, 900, 390])
def test_places_nothing_by_what_comes_after_it(browser: Browser, data: Path, width: int) -> None:
    """A browser paints before it has the whole page: what moved then would be a shift that only slow machines see."""
    browser.look(width=width)
    browser.open()
    settled(browser)
    script = """
        const place = (element) => { const r = element.getBoundingClientRect(); return `${r.left} ${r.top}`; };
        const following = (element) => { const all = [];
          for (let up = element; up !== document.body; up = up.parentElement)
            for (let next = up.nextElementSibling; next; next = next.nextElementSibling) all.push(next);
          return all; };
        const clipped = (element) => getComputedStyle(element).clipPath !== 'none';
        const seen = [...document.querySelectorAll('header *, main *')].filter(e => e.checkVisibility() && !clipped(e));
        return [seen.length, seen.map(element => {
          const later = following(element), styles = later.map(e => e.style.cssText);
          for (const one of later) one.style.setProperty('display', 'none', 'important');
          const early = place(element);
          later.forEach((one, index) => one.style.cssText = styles[index]);
          return early === place(element) ? '' : `${element.outerHTML.slice(0, 80)}: ${early} → ${place(element)}`;
        }).filter(Boolean)];
    """
    count, moved = browser.run(script)
    assert count > 40
    assert moved == []


def test_filters_while_one_types_and_asks_the_server_for_the_rest(
    browser: Browser, service: Service, data: Path
) -> None:
    for number in range(100, 200):
        put(data, "simple", address(number), title=f"A heron {number}", age=number)
    put(data, "simple", address(999), title="The last walrus", age=999)
    service.wait_for(lambda: counts(service).get("simple") == 106, "the index")
    browser.open()
    browser.wait(lambda: browser.run("return document.querySelectorAll('.tile').length >= 48"), "the first page")
    browser.driver.switch_to.active_element.send_keys("/")
    assert browser.focused() == "filter"
    browser.one("#filter").send_keys("quiet otter")
    browser.wait(lambda: browser.tiles() == [address(n) for n in (0, 2, 4, 6)], "what is loaded to narrow")
    browser.one("#filter").clear()
    browser.one("#filter").send_keys("walrus")
    browser.wait(lambda: browser.tiles() == [address(999)], "what only the server knew")
    assert "q=walrus" in browser.driver.current_url
    browser.wait(lambda: "1 picture matches “walrus”." in browser.one("#found").text, "their number")
    browser.one("#filter").send_keys("xyz")
    browser.wait(lambda: "No picture matches “walrusxyz”." in browser.one("#found").text, "the end of the matches")
    browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))")
    browser.wait(lambda: len(browser.tiles()) > 20, "everything again")
    assert browser.tiles()[:2] == [address(0), address(1)]
    assert browser.problems() == []


def test_cancels_a_run(browser: Browser, service: Service, provider: StubServer) -> None:
    provider.script.load({"latency": {"images": 60}})
    browser.open()
    browser.one("#empty button").click()
    browser.one(".run .buttons button").click()
    browser.wait(lambda: not browser.all(".run"), "the end of the run")
    assert service.ask(f"/dalle/simple/{SAMPLE}").json["errorCode"] == "CANCELLED"
    browser.look(script=False)
    browser.open()
    browser.one("#make [name=address]").send_keys(SAMPLE, Keys.ENTER)
    browser.one(".run .buttons button").click()
    browser.wait(lambda: not browser.all(".run"), "the end of the run")
    assert service.ask(f"/dalle/simple/{SAMPLE}").json["errorCode"] == "CANCELLED"
    browser.look()
    browser.open()
    browser.one("#make [name=address]").send_keys(SAMPLE, Keys.ENTER)
    provider.script.load({})
    provider.hurry()
    browser.wait(lambda: browser.tiles() == [SAMPLE], "the picture")
    assert not browser.problems()


def test_asks_nothing_while_nobody_sees_it(browser: Browser, service: Service, data: Path) -> None:
    runs = 'dalleserver_requests_total{endpoint="gallery.runs",method="GET",status="200"}'
    browser.open()
    made = [address(MOMENT + number) for number in range(12)]
    for name in made:
        service.ask(f"/dalle/simple/{name}?generate=1")
    browser.one("#make [name=address]").send_keys(made[0], Keys.ENTER)
    browser.wait(lambda: len(browser.all(".run")) == 12, "the runs")
    page = browser.driver.current_window_handle
    browser.driver.switch_to.new_window("tab")
    before = service.client.figures()[runs]
    for name in made:
        service.wait_for(lambda key=name: service.ask(f"/dalle/simple/{key}").body[:4] == b"\x89PNG", "the picture")
    # One request may have been on its way; while it is seen, the page asks at least once a second.
    assert service.client.figures()[runs] <= before + 1
    browser.driver.close()
    browser.driver.switch_to.window(page)
    browser.wait(lambda: set(browser.tiles()) >= set(made), "all the pictures, now that the page is seen again")
    assert not browser.all(".run")


def test_says_clearly_what_is_wrong(browser: Browser, service: Service, data: Path) -> None:
    browser.open()
    field = browser.one("#make [name=address]")
    browser.one("#make button").click()
    browser.wait(lambda: "40 hexadecimal digits" in browser.one("#problem").text, "the sentence")
    assert browser.focused() == field.get_attribute("class") or browser.run(
        "return document.activeElement.name === 'address'"
    )
    field.send_keys("0xhello")
    field.send_keys(Keys.ENTER)
    browser.wait(lambda: "not an Ethereum address" in browser.one("#problem").text, "another sentence")
    browser.run("const s = document.querySelector('#make select'); s.options[0].value = 'nowhere'; s.selectedIndex = 0")
    field.clear()
    field.send_keys(SAMPLE)
    field.send_keys(Keys.ENTER)
    browser.wait(lambda: "nowhere" in browser.one("#problem").text, "the server's sentence")


def test_shows_a_picture_put_there_by_hand_and_a_broken_one(browser: Browser, service: Service, data: Path) -> None:
    nasty = png()[:40] + b"not what it says" * 9 + png()[-12:]
    put(data, "simple", address(50), title="Broken <b>&", content=nasty, age=-5)
    put(data, "<script>alert(1)<", "%2e <img>", age=-9)
    service.wait_for(lambda: len(service.ask("/preview/items").data["items"]) == 9, "the index")
    browser.open()
    assert browser.tiles()[:2] == ["%2e <img>", address(50)]
    browser.wait(lambda: browser.all(".tile.broken"), "the broken picture to be marked")
    browser.all(".tile .open")[0].click()
    browser.wait(lambda: browser.one("#lightbox-title").text == "Untitled", "the foreign picture")
    browser.wait(lambda: browser.run("return document.getElementById('large').naturalWidth > 0"), "its file")
    assert not [one for one in browser.problems() if "400" not in one and "500" not in one]


def test_remembers_looks(browser: Browser, data: Path) -> None:
    browser.open()
    wide = browser.one(".tile").rect["width"]
    light = browser.run("return getComputedStyle(document.body).backgroundColor")
    browser.one("#theme").click()
    slider = "const s = document.getElementById('density'); s.value = 1; s.dispatchEvent(new Event('input'))"
    browser.run(slider)
    browser.run("document.getElementById('density').value = 4")
    browser.open()
    assert browser.one(".tile").rect["width"] < wide
    assert browser.run("return getComputedStyle(document.body).backgroundColor") != light
    assert browser.run("return document.getElementById('density').value") == "1"
    browser.one("#theme").click()
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == light
    browser.look(dark=True)
    assert browser.run("return getComputedStyle(document.body).backgroundColor") != light


def test_shows_large_tiles_sharply(browser: Browser, data: Path) -> None:
    browser.run("localStorage.setItem('density', 1)")
    browser.open()
    settled(browser)
    assert "w=512" in browser.run("return document.querySelector('.tile img').currentSrc")
