"""One picture in large, and what can be done with it."""

from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from tests.kit.folders import address, put
from tests.service.browser.conftest import Browser
from tests.service.browser.gallery import SAMPLE, left, open_menu, settled
from tests.stub_openai.server import StubServer

pytestmark = pytest.mark.browser


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
    assert "it has not been made yet, or it was removed" in browser.one("main > .notice").text
    assert not browser.run("return document.getElementById('lightbox').open")


def test_removes_only_after_a_question(browser: Browser, data: Path) -> None:
    browser.open()
    settled(browser)
    open_menu(browser)
    menu = browser.one("#menu")
    assert menu.text.splitlines()[-2:] == ["Make again…", "Remove…"]
    browser.driver.switch_to.active_element.send_keys(Keys.END)
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.one("#confirm button:not(.danger)").click()
    browser.wait(lambda: not browser.run("return document.getElementById('confirm').open"), "the dialogue to close")
    browser.wait(lambda: "more" in browser.focused(), "the focus to return")
    assert (data / "output" / "simple" / "annotated" / f"{address(0)}.png").exists()
    open_menu(browser)
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
    open_menu(browser)
    [again] = [one for one in browser.all("#menu [role=menuitem]") if one.text.startswith("Make again")]
    again.click()
    browser.one("#confirm .danger").click()
    browser.one(".run progress")
    browser.wait(lambda: browser.tiles() == [address(5), address(6)], "the new picture, first of all")
    assert (data / "output" / "confetti" / "annotated" / f"{address(5)}.png").read_bytes() != before


def test_brings_a_picture_back_that_cannot_be_made_again(
    browser: Browser, data: Path, provider: StubServer, refusing: None
) -> None:
    browser.open("/preview?series=confetti")
    settled(browser)
    path = data / "output" / "confetti" / "annotated" / f"{address(5)}.png"
    before = path.read_bytes()
    open_menu(browser)
    [again] = [one for one in browser.all("#menu [role=menuitem]") if one.text.startswith("Make again")]
    again.click()
    browser.one("#confirm .danger").click()
    browser.wait(lambda: browser.all(".run.failed"), "the failure")
    assert "moderation" in browser.one(".run.failed").text
    browser.wait(lambda: browser.tiles() == [address(5), address(6)], "the picture to come back")
    assert path.read_bytes() == before
    assert "2" in browser.one('.shelves [data-series="confetti"]').text
    assert [button.text for button in browser.all(".run.failed button")] == ["Make again…", "Dismiss"]
    sent = provider.calls.summary(rows=False)["images"]
    browser.all(".run.failed button")[0].click()
    browser.one("#confirm .danger").click()
    browser.wait(lambda: provider.calls.summary(rows=False)["images"] == sent + 1, "another call, whatever the pause")
    browser.wait(lambda: browser.tiles() == [address(5), address(6)], "the picture to come back once more")


def test_pays_again_only_after_asking(browser: Browser, data: Path, provider: StubServer) -> None:
    provider.script.load({"rules": [{"fault": "empty_data", "times": 1}]})
    sent = provider.calls.summary(rows=False)["images"]
    browser.open()
    field = browser.one("#make [name=address]")
    field.send_keys(SAMPLE, Keys.ENTER)
    browser.wait(lambda: browser.all(".run.failed"), "the failure")
    assert "tried again at no cost" in browser.one(".run.failed").text
    buttons = [button.text for button in browser.all(".run.failed button")]
    assert buttons[0].startswith("Try again in ")
    assert buttons[1:] == ["Make again…", "Dismiss"]
    browser.all(".run.failed button")[1].click()
    assert "another picture is paid for" in browser.one("#confirm").text
    browser.one("#confirm .danger").click()
    browser.wait(lambda: browser.tiles()[:1] == [SAMPLE], "the picture")
    assert provider.calls.summary(rows=False)["images"] == sent + 2


def test_copies_the_address_as_people_write_it(browser: Browser, data: Path) -> None:
    put(data, "simple", SAMPLE, title="The otter", age=-3)
    browser.cdp("Browser.grantPermissions", permissions=["clipboardReadWrite"], origin=browser.base)
    browser.open(f"/preview?picture=simple/{SAMPLE}")
    button = browser.one("#about .facts .copy")
    button.click()
    browser.wait(lambda: button.text == "Copied", "the button to confirm it")
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
        browser.wait(lambda text=expected: title.text == text, expected)
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    left(browser)
    browser.wait(lambda: browser.focused() == "open", "the focus")
    assert browser.run("return document.activeElement.href").endswith(address(258))
