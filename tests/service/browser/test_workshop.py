"""The workshop as a person uses it: with the offline artist, from the first visit to the first picture of a series."""

import json
from collections.abc import Iterator

import pytest
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from tests.kit.service import Service
from tests.service.browser.conftest import Browser

pytestmark = pytest.mark.browser

SETTLED = "return [...document.querySelectorAll('.sheet img')].every(i => i.complete && i.naturalWidth)"
SOURCES = "return [...document.querySelectorAll('.sheet img')].map(i => i.getAttribute('src'))"


@pytest.fixture(scope="module")
def free(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service without a provider: the offline artist paints."""
    with Service(tmp_path_factory.mktemp("workshop"), THREADS=4) as started:
        yield started


@pytest.fixture
def workshop(chromium: webdriver.Chrome, free: Service) -> Iterator[Browser]:
    found = Browser(chromium, free.url)
    found.look()
    found.open("/series")
    found.run("localStorage.clear()")
    found.problems()
    yield found
    found.look()
    chromium.get("about:blank")
    for path in (free.data / "series").glob("*.json"):
        path.unlink()


def settled(browser: Browser) -> list[str]:
    """The URLs of the sketches, once all are there and none is waited for."""
    script = f"{SETTLED} && !document.querySelector('.coming')"
    browser.wait(lambda: browser.run(script), "the sketches")
    found: list[str] = browser.run(SOURCES)
    return found


def press(browser: Browser, *keys: str) -> None:
    ActionChains(browser.driver).send_keys(*keys).perform()


def click(browser: Browser, selector: str) -> None:
    element = browser.all(selector)[0]
    browser.run("arguments[0].scrollIntoView({block: 'center'})", element)
    element.click()


def is_gone(element: WebElement) -> bool:
    """Whether another page is there than that of an element."""
    try:
        element.is_displayed()
    except StaleElementReferenceException:
        return True
    return False


def complaints(browser: Browser) -> list[str]:
    """What the browser complains about, but for sketches that a busy machine had no time for: the page asks again."""
    return [text for text in browser.problems() if "/workshop/sketch?" not in text or " 503 " not in text]


def reach(browser: Browser, script: str) -> None:
    """Presses Tab until the focused element satisfies a condition on `e`."""
    for _ in range(80):
        if browser.run(f"const e = document.activeElement; return {script}"):
            return
        press(browser, Keys.TAB)
    pytest.fail(f"no Tab reaches {script}")


def test_leads_from_the_first_visit_to_the_first_picture(workshop: Browser, free: Service) -> None:
    workshop.open("/preview")
    workshop.one(".to-workshop").click()
    before = settled(workshop)
    assert len(before) == 12
    click(workshop, "#of-nouns summary")
    click(workshop, "#of-nouns [value='nouns:,bird,']")
    workshop.wait(lambda: workshop.one("#of-nouns .left").text == "164 of 1,814", "what is left")
    after = settled(workshop)
    assert not set(before) & set(after)
    click(workshop, "#of-colors summary")
    area = workshop.one("[name=colors]")
    area.send_keys("blue\nzzz")
    workshop.wait(lambda: "no row" in workshop.one("#of-colors .hits").text, "the hits")
    settled(workshop)
    workshop.one("[name=name]").send_keys("Quiet birds", Keys.TAB)
    workshop.wait(lambda: "name=quiet-birds" in workshop.driver.current_url, "the link")
    link, shown = workshop.driver.current_url, settled(workshop)
    workshop.driver.get(link)
    assert settled(workshop) == shown
    assert workshop.one("[name=colors]").get_attribute("value") == "blue\nzzz"
    workshop.one("[value=save]").click()
    assert "quiet-birds is saved." in workshop.one(".notice").text
    written = json.loads((free.data / "series" / "quiet-birds.json").read_bytes())
    assert (written["nouns"], written["colors"]) == ([",bird,"], ["blue", "zzz"])
    chosen = workshop.one("[name=shown][aria-pressed=true]").get_attribute("value")
    workshop.one(".notice .main").click()
    workshop.wait(lambda: chosen in workshop.tiles(), "the first picture")
    assert complaints(workshop) == []


def test_works_by_keyboard_alone(workshop: Browser, free: Service) -> None:
    workshop.open("/workshop")
    settled(workshop)
    reach(workshop, "e.name === 'shown' && e.getAttribute('aria-pressed') === 'false'")
    chosen = workshop.run("return document.activeElement.value")
    press(workshop, Keys.SPACE)
    workshop.wait(lambda: f"shown={chosen}" in workshop.driver.current_url, "the choice")
    reach(workshop, "e.name === 'name'")
    press(workshop, "by-keys")
    reach(workshop, "e.name === 'colorLimit'")
    press(workshop, Keys.ARROW_DOWN)
    reach(workshop, "e.tagName === 'SUMMARY' && e.parentElement.id === 'of-nouns'")
    press(workshop, Keys.ENTER)
    reach(workshop, "e.name === 'nouns'")
    press(workshop, ",owl,")
    reach(workshop, "e.name === 'toggle' && e.value === 'nouns:,fungi'")
    press(workshop, Keys.SPACE)
    workshop.wait(lambda: "fungi" in workshop.driver.current_url, "the draft")
    reach(workshop, "e.value === 'save'")
    press(workshop, Keys.ENTER)
    workshop.wait(lambda: workshop.all(".notice"), "the page of the saved series")
    written = json.loads((free.data / "series" / "by-keys.json").read_bytes())
    assert (written["nouns"], written["colorLimit"]) == ([",owl,", ",fungi"], 2)


def test_works_without_a_script(workshop: Browser, free: Service) -> None:
    workshop.look(script=False)
    workshop.open("/workshop?nouns=%2Cowl%2C&name=plain")
    assert workshop.one("#of-nouns .left").text.endswith("of 1,814")
    click(workshop, "#of-nouns [value='nouns:,fungi']")
    workshop.wait(lambda: "toggle" in workshop.driver.current_url, "the page")
    assert workshop.one("[name=nouns]").get_attribute("value") == ",owl,\n,fungi"
    click(workshop, ".sheet li:nth-child(3) button")
    assert workshop.one(".sheet li:nth-child(3) button").get_attribute("aria-pressed") == "true"
    before = workshop.one("body")
    click(workshop, ".show")
    workshop.wait(lambda: is_gone(before), "the page that is shown instead")
    click(workshop, "[value=save]")
    assert "plain is saved." in workshop.one(".notice").text
    assert json.loads((free.data / "series" / "plain.json").read_bytes())["nouns"] == [",owl,", ",fungi"]


def test_shows_both_when_another_has_saved_meanwhile(workshop: Browser, free: Service) -> None:
    file = free.data / "series" / "shared.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text('{"purpose": "First.", "nouns": [",owl,"]}')
    workshop.open("/workshop?from=shared")
    file.write_text('{"purpose": "Theirs.", "nouns": [",owl,"]}')
    purpose = workshop.one("[name=purpose]")
    purpose.clear()
    purpose.send_keys("Mine.")
    workshop.one("[value=save]").click()
    row = workshop.one(".conflict tbody tr")
    assert row.text == "Purpose Theirs. Mine."
    assert json.loads(file.read_bytes())["purpose"] == "Theirs."
    workshop.one(".conflict .danger").click()
    workshop.wait(lambda: workshop.all(".notice"), "the page of the saved series")
    assert json.loads(file.read_bytes())["purpose"] == "Mine."


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_fits_every_screen(workshop: Browser, width: int) -> None:
    workshop.look(width=width)
    workshop.open("/workshop?from=blue-hours")
    settled(workshop)
    assert workshop.run("return document.documentElement.scrollWidth") <= width
    assert workshop.run("return document.querySelector('.actions').getBoundingClientRect().bottom <= innerHeight")
    assert workshop.run("return document.querySelector('.sheet').getBoundingClientRect().top >= 0")


FILTERED = "name=seen&purpose=Birds+of+the+blue+hour&nouns=%2Cbird%2C%0A%2Cowl%2C&colors=blue%0Azzz&colorLimit=2"
STATES = {
    "first": "",
    "filters": FILTERED,
    "errors": "name=Bad_Name!&colorLimit=7&nouns=zzz&addresses=0x12",
    "saved": FILTERED,
    "conflict": FILTERED,
    "plain": FILTERED,
}


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", STATES)
def test_is_accessible(workshop: Browser, free: Service, axe: str, state: str, width: int) -> None:
    workshop.look(width=width, script=state != "plain")
    workshop.open(f"/workshop?{STATES[state]}")
    if state in ("saved", "conflict"):
        if state == "conflict":
            (free.data / "series").mkdir(exist_ok=True)
            (free.data / "series" / "seen.json").write_text('{"purpose": "Theirs.", "nouns": [",owl,"]}')
        workshop.one("[value=save]").click()
        workshop.one(".notice, .conflict")
    workshop.look(width=width)
    assert workshop.serious(axe, f"workshop-{state}-{width}") == []
