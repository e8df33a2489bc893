"""What the eye expects: nothing cut in half, nothing said twice, nothing in the way of the pictures."""

import io
from pathlib import Path

import pytest
from PIL import Image
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from dalle.eip55 import checksummed
from tests.kit.folders import MOMENT, address, put
from tests.kit.images import as_file
from tests.kit.service import Service
from tests.service.browser.conftest import Browser
from tests.service.browser.gallery import SAMPLE, counts, left, settled
from tests.stub_openai.server import StubServer

pytestmark = pytest.mark.browser
SHAPES = [(96, 96), (192, 96), (96, 192), (64, 640), (500, 80)]
PAINTING, CAPTION = (200, 30, 30), (20, 40, 220)


def put_painted(folder: Path, number: int, size: tuple[int, int], series: str = "simple") -> None:
    """A red painting above a blue caption, and the picture without it."""
    width, height = size
    whole = Image.new("RGB", (width, height + max(30, height // 3)), CAPTION)
    whole.paste(Image.new("RGB", size, PAINTING))
    generated = folder / "output" / series / "generated"
    generated.mkdir(parents=True, exist_ok=True)
    (generated / f"{address(number)}.png").write_bytes(as_file(Image.new("RGB", size, PAINTING)))
    put(folder, series, address(number), title=f"Shape {number}", age=number, content=as_file(whole))


def other_than_red(tile: WebElement) -> list[tuple[int, int]]:
    """The points of a tile that do not show the painting, of some near its edges and in its middle."""
    shot = Image.open(io.BytesIO(tile.screenshot_as_png)).convert("RGB")
    middle, end = shot.width // 2, shot.width - 4
    points = [
        (middle, 3),
        (3, middle),
        (middle, middle),
        (end, middle),
        (middle, end),
        (20, end - 16),
        (end - 16, end - 16),
    ]
    pixels = {point: shot.getpixel(point) for point in points}
    return [point for point, (red, _, blue) in pixels.items() if red < 140 or blue > 90]  # type: ignore[misc]


@pytest.mark.parametrize(("width", "script"), [(1280, True), (1280, False), (390, True)])
def test_shows_all_of_a_tile_with_the_painting_alone(browser: Browser, folder: Path, width: int, script: bool) -> None:
    for number, size in enumerate(SHAPES):
        put_painted(folder, number, size)
    browser.look(width=width, height=2400, script=script)
    browser.open()
    browser.wait(lambda: len(browser.all(".tile .open")) == len(SHAPES), "the tiles")
    settled(browser)
    assert [(size, other_than_red(tile)) for size, tile in zip(SHAPES, browser.all(".tile .open"), strict=True)] == [
        (size, []) for size in SHAPES
    ]


def test_shows_the_menu_s_button_at_rest_only_on_touch(browser: Browser, data: Path) -> None:
    opacity = "return getComputedStyle(document.querySelector('.tile .more')).opacity"
    browser.open()
    browser.wait(lambda: browser.all(".tile .more"), "the menus")
    assert browser.run(opacity) == "0"
    browser.all(".tile .open")[0].send_keys("")  # the focus is in the tile
    browser.wait(lambda: browser.run(opacity) == "1", "the button, for those who use keys")
    browser.cdp("Emulation.setTouchEmulationEnabled", enabled=True)
    try:
        browser.look(width=390)
        browser.open()
        browser.wait(lambda: browser.all(".tile .more"), "the menus")
        browser.wait(lambda: browser.run(opacity) == "1", "the button")
    finally:
        browser.cdp("Emulation.setTouchEmulationEnabled", enabled=False)


def test_invites_with_a_sketch_and_one_button(browser: Browser) -> None:
    browser.open()
    settled(browser)
    assert browser.one("#empty img").get_attribute("naturalWidth") == "512"
    outstanding = """
        const accent = getComputedStyle(document.querySelector('#empty button')).backgroundColor;
        return [...document.querySelectorAll('button')].filter(b => b.checkVisibility()
          && getComputedStyle(b).backgroundColor === accent).map(b => b.textContent)
    """
    assert browser.run(outstanding) == ["Make the first picture"]
    assert not browser.all("#filter")[0].is_displayed()
    assert not browser.all("#density")[0].is_displayed()
    browser.one("#empty button").click()
    browser.wait(lambda: browser.tiles() == [SAMPLE], "the picture")
    browser.one("#filter")
    browser.one("#density")
    assert browser.one("#make button").value_of_css_property("background-color") != "rgba(0, 0, 0, 0)"
    assert "main" in str(browser.one("#make button").get_attribute("class"))


@pytest.mark.parametrize("script", [True, False])
def test_says_each_thing_about_a_picture_once(browser: Browser, service: Service, data: Path, script: bool) -> None:
    service.ask(f"/dalle/simple/{SAMPLE}?generate=1")
    service.wait_for(lambda: service.ask(f"/dalle/simple/{SAMPLE}").body[:4] == b"\x89PNG", "the picture")
    terse = service.ask(f"/preview/picture?picture=simple/{SAMPLE}").data["prompts"]["terse"]
    browser.look(script=script)
    browser.open(f"/preview?picture=simple/{SAMPLE}")
    about = browser.one("#lightbox .about" if script else "#shown .about")
    browser.wait(lambda: "Download picture" in about.text, "the details")
    assert terse not in about.text
    labels = [link.text for link in about.find_elements("css selector", ".links a")]
    assert labels == ["Download picture", "Open full size", "Open without caption"]
    assert about.find_element("css selector", ".address").text == checksummed(SAMPLE)
    if script:
        [code, button] = [about.find_element("css selector", f".line {each}").rect for each in ("code", "button")]
        assert code["y"] < button["y"] + button["height"] / 2 < code["y"] + code["height"]
        assert button["x"] >= code["x"] + code["width"]


def test_keeps_many_runs_out_of_the_way(browser: Browser, service: Service, provider: StubServer, held: None) -> None:
    sent = provider.calls.summary(rows=False)["images"]
    for number in range(9):
        service.ask(f"/dalle/simple/{address(MOMENT + number)}?generate=1")
    service.wait_for(lambda: provider.calls.summary(rows=False)["images"] >= sent + 4, "the first of them to begin")
    browser.look(width=390, height=844)
    browser.open()
    browser.wait(lambda: browser.one(".runs summary").text == "9 pictures in progress", "all of them")
    assert browser.one(".tile").rect["y"] < 450
    assert not browser.all(".run")[0].is_displayed()
    browser.one(".runs summary").click()
    assert browser.one(".run").is_displayed()
    browser.wait(lambda: "Painting" in browser.one(".run .phase").text, "words for a phase")


def test_drops_a_run_that_ended_before_the_script_began(browser: Browser, service: Service, data: Path) -> None:
    """The page was rendered while it ran, and nothing that the script asks for names it."""
    made = address(MOMENT)
    service.ask(f"/dalle/simple/{made}?generate=1")
    browser.look(script=False)
    browser.open()
    assert browser.all(".run")
    service.wait_for(lambda: service.ask(f"/dalle/simple/{made}").body[:4] == b"\x89PNG", "the picture")
    browser.look()
    browser.run("return import(document.querySelector('script[type=module]').src)")
    browser.wait(lambda: browser.tiles()[:1] == [made], "the picture")
    assert not browser.all(".run")


def test_scrolls_to_the_chosen_series_on_a_phone(browser: Browser, folder: Path) -> None:
    for number, series in enumerate(("simple", "confetti", "deep-sea", "empty", "floating-world", "pixel-arcade")):
        put(folder, series, address(number), age=number)
    browser.look(width=390)
    browser.open("/preview?series=pixel-arcade")
    script = "const r = document.querySelector('[aria-current]').getBoundingClientRect(); return [r.left, r.right]"
    browser.wait(lambda: browser.run(script)[1] <= 390, "the chosen series")
    assert browser.run(script)[0] >= 0


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("script", [True, False])
def test_fills_the_row_of_a_series_of_three(browser: Browser, folder: Path, width: int, script: bool) -> None:
    for number in range(3):
        put(folder, "simple", address(number), age=number)
    browser.look(width=width, script=script)
    browser.open()
    settled(browser)
    sizes = """
        const right = (e) => Math.round(e.getBoundingClientRect().right);
        return [right(document.querySelector('.grid')), right([...document.querySelectorAll('.tile')].at(-1))]
    """
    if script:
        browser.wait(lambda: browser.all(".tile .more"), "the menus")
    grid, tile = browser.run(sizes) if script else measured(browser)
    assert abs(tile - grid) <= 1


def measured(browser: Browser) -> tuple[int, int]:
    """The right edges of the list and of its last tile, without a script of the page."""
    [grid, *_, tile] = [round(each.rect["x"] + each.rect["width"]) for each in browser.all(".grid, .tile")]
    return grid, tile


def test_explains_a_link_and_offers_to_make_its_picture(browser: Browser, data: Path) -> None:
    made = address(MOMENT)
    browser.open(f"/preview?picture=nowhere/{made}")
    assert "There is no series “nowhere” here." in browser.one("#notice").text
    assert str(browser.one("#make [name=address]").get_attribute("value")).lower() == made
    browser.open(f"/preview?picture=simple/{made}")
    assert "it has not been made yet, or it was removed" in browser.one("#notice").text
    browser.one("#notice button").click()
    browser.wait(lambda: browser.tiles()[:1] == [made], "the picture")
    assert not browser.all("#notice")


def test_opens_a_picture_that_exists_already(browser: Browser, data: Path) -> None:
    browser.open()
    settled(browser)
    before = browser.tiles()
    browser.one("#make [name=address]").send_keys(address(3), Keys.ENTER)
    browser.wait(lambda: browser.one("#lightbox-title").text == "The amber otter 3", "the picture")
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    left(browser)
    assert browser.tiles() == before


def test_says_when_a_failure_can_be_tried_again(browser: Browser, data: Path, refusing: None) -> None:
    browser.open()
    browser.one("#make [name=address]").send_keys(address(MOMENT), Keys.ENTER)
    browser.wait(lambda: browser.all(".run.failed .buttons button"), "the failure")
    button = browser.one(".run.failed .buttons button")
    assert button.text == "Try again in 24 hours"
    assert not button.is_enabled()
    browser.run("const now = Date.now; Date.now = () => now() + 86400e3")
    browser.wait(button.is_enabled, "the end of the pause")
    assert button.text == "Try again"
    browser.look(script=False)
    browser.open()
    assert browser.one(".run.failed button").text == "Try again in 24 hours"
    assert not browser.one(".run.failed button").is_enabled()


@pytest.mark.parametrize("script", [True, False])
def test_takes_what_people_paste(browser: Browser, service: Service, data: Path, script: bool) -> None:
    browser.look(script=script)
    browser.open()
    browser.one("#make [name=address]").send_keys("vitalik.eth", Keys.ENTER)
    browser.wait(lambda: "vitalik.eth is a name" in browser.one("#problem").text, "the sentence about names")
    made = address(MOMENT)
    field = browser.one("#make [name=address]")
    field.clear()
    field.send_keys(f"https://etherscan.io/address/{made}#tokens", Keys.ENTER)
    service.wait_for(lambda: service.ask(f"/dalle/simple/{made}").body[:4] == b"\x89PNG", "the picture")
    assert counts(service)["simple"] == 6
