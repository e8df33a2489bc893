"""The gallery as a visitor meets it."""

import re
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.kit.folders import MOMENT, address, put
from tests.kit.images import png
from tests.kit.service import Service
from tests.service.browser.conftest import Browser

pytestmark = pytest.mark.browser

SAMPLE = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed"


def settled(browser: Browser) -> None:
    """Until every picture on the screen has come."""
    script = (
        "return [...document.images].filter(i => { const r = i.getBoundingClientRect();"
        " return r.width && r.top < innerHeight && r.bottom > 0; }).every(i => i.complete && i.naturalWidth)"
    )
    browser.wait(lambda: browser.run(script), "the pictures")


def left(browser: Browser) -> None:
    """Until the large view is closed and has said so: that event comes later, with the address and the focus."""
    script = "return document.documentElement.classList.contains('looking')"
    browser.wait(lambda: not browser.run(script), "the end of the large view")


def counts(service: Service) -> dict[str, int]:
    """Series → pictures, as the index knows them at this moment."""
    return {row["series"]: row["count"] for row in service.ask("/preview/items").data["series"]}


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
    browser.run(
        "window.shifts = 0; new PerformanceObserver(list => { for (const one of list.getEntries())"
        " shifts += one.value; }).observe({type: 'layout-shift', buffered: true})"
    )
    browser.one(".tile .more")  # the script has begun
    down = "scrollTo(0, document.body.scrollHeight); return document.querySelectorAll('.tile').length"
    browser.wait(lambda: browser.run(down) == 165, "all of them")
    settled(browser)
    assert browser.run("return shifts") == 0


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
    browser.one("#filter").send_keys("xyz")
    browser.one("#none")
    browser.run("const f = document.getElementById('filter'); f.value = ''; f.dispatchEvent(new Event('input'))")
    browser.wait(lambda: len(browser.tiles()) > 20, "everything again")
    assert browser.tiles()[:2] == [address(0), address(1)]
    assert browser.problems() == []


def test_looks_closer_with_keys_and_goes_back(browser: Browser, data: Path) -> None:
    browser.open()
    settled(browser)
    third = browser.all(".tile .open")[2]
    third.click()
    title = browser.one("#lightbox-title")
    browser.wait(lambda: title.text == "The quiet otter 2", "the picture")
    for key, expected in (
        (Keys.ARROW_RIGHT, 3),
        (Keys.ARROW_LEFT, 2),
        (Keys.END, 6),
        (Keys.ARROW_RIGHT, 6),
        (Keys.HOME, 0),
        (Keys.ARROW_LEFT, 0),
        (Keys.ARROW_RIGHT, 1),
    ):
        browser.driver.switch_to.active_element.send_keys(key)
        browser.wait(lambda number=expected: title.text.endswith(f"otter {number}"), f"picture {expected}")
        browser.wait(lambda: browser.run("return document.getElementById('large').complete"), "the file")
    assert address(1) in browser.driver.current_url
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    left(browser)
    assert "picture=" not in browser.driver.current_url
    assert browser.run("return document.activeElement.closest('.tile') === document.querySelectorAll('.tile')[1]")
    browser.all(".tile .open")[0].click()
    browser.one("#about .facts")
    browser.driver.back()
    left(browser)
    browser.all(".tile .open")[0].click()
    browser.one("#about .facts")
    browser.driver.switch_to.active_element.send_keys("/")
    browser.wait(lambda: browser.focused() == "filter", "the filter")
    assert browser.problems() == []


def test_opens_a_deep_link(browser: Browser, data: Path) -> None:
    browser.open(f"/preview?picture=simple/{address(4).upper().replace('0X', '0x')}")
    browser.wait(lambda: browser.one("#lightbox-title").text == "The quiet otter 4", "the picture")
    browser.one("#about .facts")
    browser.one('[data-step="next"]').click()
    browser.wait(lambda: browser.one("#lightbox-title").text == "The amber otter 5", "the next series")
    browser.open(f"/preview?picture=simple/{address(77)}")
    assert "Picture not found" in browser.one("main > .notice").text
    assert not browser.run("return document.getElementById('lightbox').open")


def test_removes_only_after_a_question(browser: Browser, data: Path) -> None:
    browser.open()
    settled(browser)
    browser.one(".tile .more").click()
    menu = browser.one("#menu")
    assert menu.text.splitlines()[-2:] == ["Make again…", "Remove…"]
    browser.driver.switch_to.active_element.send_keys(Keys.END)
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.one("#confirm button:not(.danger)").click()
    browser.wait(lambda: not browser.run("return document.getElementById('confirm').open"), "the dialogue to close")
    browser.wait(lambda: "more" in browser.focused(), "the focus to return")
    assert (data / "output" / "simple" / "annotated" / f"{address(0)}.png").exists()
    browser.one(".tile .more").click()
    browser.driver.switch_to.active_element.send_keys(Keys.END)
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.one("#confirm .danger").click()
    browser.wait(lambda: browser.tiles()[0] == address(1), "the picture to go")
    assert not (data / "output" / "simple" / "annotated" / f"{address(0)}.png").exists()
    assert browser.focused() == "open"
    assert browser.problems() == []


def test_makes_a_picture_again(browser: Browser, data: Path) -> None:
    browser.open("/preview?series=confetti")
    settled(browser)
    before = (data / "output" / "confetti" / "annotated" / f"{address(5)}.png").read_bytes()
    browser.one(".tile .more").click()
    [again] = [one for one in browser.all("#menu [role=menuitem]") if one.text.startswith("Make again")]
    again.click()
    browser.one("#confirm .danger").click()
    browser.one(".run progress")
    browser.wait(lambda: browser.tiles() == [address(5), address(6)], "the new picture, first of all")
    assert (data / "output" / "confetti" / "annotated" / f"{address(5)}.png").read_bytes() != before


def test_brings_a_picture_back_that_cannot_be_made_again(browser: Browser, data: Path, refusing: None) -> None:
    browser.open("/preview?series=confetti")
    settled(browser)
    path = data / "output" / "confetti" / "annotated" / f"{address(5)}.png"
    before = path.read_bytes()
    browser.one(".tile .more").click()
    [again] = [one for one in browser.all("#menu [role=menuitem]") if one.text.startswith("Make again")]
    again.click()
    browser.one("#confirm .danger").click()
    browser.wait(lambda: browser.all(".run.failed"), "the failure")
    assert "moderation" in browser.one(".run.failed").text
    browser.wait(lambda: browser.tiles() == [address(5), address(6)], "the picture to come back")
    assert path.read_bytes() == before
    assert "2" in browser.one('.shelves [data-series="confetti"]').text
    browser.run("document.getElementById('said').textContent = ''")
    browser.all(".run.failed button")[0].click()
    said = "return document.getElementById('said').textContent"
    browser.wait(lambda: "You can try again in" in browser.run(said), "the answer that it is too early")


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


def test_copies_the_address_as_people_write_it(browser: Browser, data: Path) -> None:
    put(data, "simple", SAMPLE, title="The otter", age=-3)
    browser.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite"], origin=browser.base)
    browser.open(f"/preview?picture=simple/{SAMPLE}")
    button = browser.one("#about .facts .copy")
    button.click()
    browser.wait(lambda: button.text == "Copied", "the button to tell")
    read = "const done = arguments[0]; navigator.clipboard.readText().then(done, done)"
    assert browser.driver.execute_async_script(read) == "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"


def test_steps_beyond_what_is_loaded(browser: Browser, data: Path) -> None:
    for number in range(100, 260):
        put(data, "simple", address(number), title=f"A heron {number}", age=number)
    browser.open("/preview?series=simple&picture=simple/" + address(4))
    title = browser.one("#lightbox-title")
    browser.wait(lambda: title.text == "The quiet otter 4", "the picture")
    for key, expected in (
        (Keys.ARROW_RIGHT, "A heron 100"),
        (Keys.END, "A heron 259"),
        (Keys.ARROW_LEFT, "A heron 258"),
    ):
        browser.driver.switch_to.active_element.send_keys(key)
        browser.wait(lambda told=expected: title.text == told, expected)
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    left(browser)
    assert browser.focused() == "gallery"


def test_says_clearly_what_is_wrong(browser: Browser, service: Service, data: Path) -> None:
    browser.open()
    field = browser.one("#make [name=address]")
    browser.one("#make button").click()
    assert "40 hexadecimal digits" in browser.one("#problem").text
    assert browser.focused() == field.get_attribute("class") or browser.run(
        "return document.activeElement.name === 'address'"
    )
    field.send_keys("0xhello")
    field.send_keys(Keys.ENTER)
    assert "not an Ethereum address" in browser.one("#problem").text
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
    slider = "const s = document.getElementById('density'); s.value = 4; s.dispatchEvent(new Event('input'))"
    browser.run(slider)
    browser.run("document.getElementById('density').value = 1")
    browser.open()
    assert browser.one(".tile").rect["width"] < wide
    assert browser.run("return getComputedStyle(document.body).backgroundColor") != light
    assert browser.run("return document.getElementById('density').value") == "4"
    browser.one("#theme").click()
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == light
    browser.look(dark=True)
    assert browser.run("return getComputedStyle(document.body).backgroundColor") != light


def test_shows_large_tiles_sharply(browser: Browser, data: Path) -> None:
    browser.run("localStorage.setItem('density', 1)")
    browser.open()
    settled(browser)
    assert "w=512" in browser.run("return document.querySelector('.tile img').currentSrc")


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
        browser.one(".tile .more").click()
        assert "Remove" not in browser.one("#menu").text
        assert "again" not in browser.one("#menu").text
        assert not browser.all("#make")


def test_keeps_its_memory_flat_over_five_thousand_pictures(browser: Browser, service: Service, data: Path) -> None:
    content = png(size=(64, 64))
    for number in range(5000):
        # No address: its file itself is shown, and the time goes into the page instead of thumbnails.
        put(data, "simple", f"picture {number}", age=10 + number, content=content)
    service.wait_for(lambda: counts(service).get("simple") == 5005, "the index")
    browser.open("/preview?series=simple")
    browser.run("document.documentElement.dataset.density = '4'")
    down = "scrollTo(0, document.body.scrollHeight); return document.querySelectorAll('.tile').length"
    browser.wait(lambda: browser.run(down) >= 1000, "a thousand")
    early = browser.run("gc(); return performance.memory.usedJSHeapSize")
    browser.wait(lambda: browser.run(down) == 5005, "all of them")
    late = browser.run("gc(); return performance.memory.usedJSHeapSize")
    filled = browser.run("return document.querySelectorAll('.tile img').length")
    assert filled < 1500
    assert late - early < 12_000_000
    assert browser.problems() == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("place", ["/preview", "empty", "lightbox", "menu", "running"])
def test_is_accessible(
    browser: Browser, service: Service, request: pytest.FixtureRequest, axe: str, place: str, dark: bool
) -> None:
    browser.look(dark=dark)
    if place != "empty":
        request.getfixturevalue("data")
        service.wait_for(lambda: len(service.ask("/preview/items").data["items"]) == 7, "the index")
    browser.open()
    if place == "lightbox":
        browser.all(".tile .open")[1].click()
        browser.one("#about .facts")
    elif place == "menu":
        browser.one(".tile .more").click()
    elif place == "running":
        browser.one("#make [name=address]").send_keys(address(MOMENT + dark), Keys.ENTER)
        browser.one(".run progress")
    browser.run(axe)
    found = browser.driver.execute_async_script(
        "const done = arguments[0]; axe.run().then(r => done(r.violations.map(v =>"
        " `${v.impact} ${v.id}: ${v.nodes.map(n => n.html.slice(0, 120)).slice(0, 3).join(' | ')}`)))"
    )
    assert [one for one in found if one.startswith(("serious", "critical"))] == []
