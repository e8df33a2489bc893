"""A real Chromium that looks at a real service. Without one these tests are skipped, and say why."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service as Driver
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.kit.folders import address, put
from tests.kit.provider import serving
from tests.kit.service import Service
from tests.stub_openai.server import StubServer

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--enable-precise-memory-info",
    "--js-flags=--expose-gc",
    "--hide-scrollbars",
)
AXE = """
    const [dark, done] = arguments;
    requestAnimationFrame(async () => { // the change of colours has begun
      const changes = document.getAnimations().filter((each) => each instanceof CSSTransition);
      await Promise.allSettled(changes.map((each) => each.finished));
      const { violations } = await axe.run(dark ? { runOnly: ['color-contrast'] } : {});
      const places = (one) => one.nodes.slice(0, 3).map((node) => node.html.slice(0, 120)).join(' | ');
      done(violations.map((one) => `${one.impact} ${one.id}: ${places(one)}`));
    });
"""
SLOW = {"latency": {"images": 2.0}}
PATIENCE = 120  # seconds; only to end a test that would hang


class Browser:
    """One window; `wait` returns the first true value."""

    def __init__(self, driver: webdriver.Chrome, base: str) -> None:
        self.driver = driver
        self.base = base

    def open(self, path: str = "/preview") -> None:
        self.driver.get(self.base + path)

    def look(self, *, width: int = 1280, height: int = 900, dark: bool = False, script: bool = True) -> None:
        self.cdp(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 500,
        )
        self.color(dark=dark)
        self.cdp("Emulation.setScriptExecutionDisabled", value=not script)

    def color(self, *, dark: bool) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.cdp("Emulation.setEmulatedMedia", features=[scheme])

    def cdp(self, command: str, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)

    def run(self, script: str, *values: Any) -> Any:
        return self.driver.execute_script(script, *values)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector: str) -> WebElement:
        element: WebElement = self.wait(
            lambda: next((one for one in self.all(selector) if one.is_displayed()), None), selector
        )
        return element

    def wait(self, condition: Callable[..., Any], what: str) -> Any:
        return WebDriverWait(self.driver, PATIENCE, 0.03).until(lambda _: condition(), f"waited in vain for {what}")

    def tiles(self) -> list[str]:
        """The addresses on show, in order."""
        script = "return [...document.querySelectorAll('.tile')].filter(t => t.offsetParent && t.querySelector('a'))"
        found: list[str] = self.run(
            script + ".map(t => new URL(t.querySelector('a').href).searchParams.get('picture'))"
        )
        return [one.partition("/")[2] for one in found]

    def focused(self) -> str:
        found: str = self.run("const e = document.activeElement; return e.id || e.className || e.tagName")
        return found

    def serious(self, axe: str, name: str = "") -> list[str]:
        """What axe finds serious on this page, and of its colours also in dark. `name` is for `shoot`."""
        self.run(axe)
        found: list[str] = []
        for dark in (False, True):
            self.color(dark=dark)
            self.shoot(f"{name}-{'dark' if dark else 'light'}")
            found += self.driver.execute_async_script(AXE, dark)
        return [one for one in found if one.startswith(("serious", "critical"))]

    def shoot(self, name: str) -> None:
        """Keeps a screenshot, to look at, if DALLE_SHOTS names a folder for them."""
        if folder := os.environ.get("DALLE_SHOTS"):
            time.sleep(1)  # for pictures
            self.driver.save_screenshot(str(Path(folder) / f"{name}.png"))

    def problems(self) -> list[str]:
        """What the console complains about, refused scripts and styles included."""
        kept = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return [
            one["message"] for one in kept if one["level"] in ("SEVERE", "WARNING") and "favicon" not in one["message"]
        ]


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not program or not driver:
        pytest.skip("chromium and chromedriver are not installed (apt-get install chromium chromium-driver)")
    options = Options()
    for flag in FLAGS:
        options.add_argument(flag)
    options.binary_location = program
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    started = webdriver.Chrome(options=options, service=Driver(driver))
    yield started
    started.quit()


@pytest.fixture(scope="module")
def provider() -> Iterator[StubServer]:
    """A provider that takes two seconds a picture."""
    with serving(SLOW) as started:
        yield started


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory, provider: StubServer) -> Iterator[Service]:
    """Two workers before that provider."""
    variables = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": provider.url}
    with Service(tmp_path_factory.mktemp("gallery"), variables=variables, CHAT_MODEL="", THREADS=4) as started:
        yield started


@pytest.fixture
def refusing(provider: StubServer) -> Iterator[None]:
    """The provider's moderation refuses everything."""
    provider.script.load({"rules": [{"fault": "moderation"}]})
    yield
    provider.script.load(SLOW)


@pytest.fixture
def held(data: Path, provider: StubServer) -> Iterator[None]:
    """The provider answers nothing until the test is over, and then at once."""
    provider.script.load({"latency": {"images": 60}})
    yield
    provider.script.load({})
    provider.hurry()


@pytest.fixture
def folder(service: Service, provider: StubServer) -> Iterator[Path]:
    """The service's data folder, without a picture; empty again afterwards."""
    found = service.data
    yield found
    service.wait_for(lambda: not service.ask("/runs").data["runs"], "the runs to end")
    provider.script.load(SLOW)
    for path in (*(found / "output").glob("*/*/*"), *(found / "runs").glob("*/*"), *(found / "queue").glob("*.failed")):
        if path.is_file():
            path.unlink()
    service.wait_for(lambda: not service.ask("/preview/items").data["items"], "the index")


@pytest.fixture
def data(folder: Path) -> Path:
    """The folder with seven pictures of two series."""
    for number in range(7):
        title = f"The {'amber' if number % 2 else 'quiet'} otter {number}"
        put(folder, "simple" if number < 5 else "confetti", address(number), title=title, age=number)
    return folder


@pytest.fixture
def browser(chromium: webdriver.Chrome, service: Service, folder: Path) -> Iterator[Browser]:
    found = Browser(chromium, service.url)
    found.look()
    found.open("/series")
    found.run("localStorage.clear()")
    found.problems()
    yield found
    found.look()
    chromium.get("about:blank")


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed (apt-get install npm)")
    folder = tmp_path_factory.mktemp("axe")
    command = [npm, "install", "--silent", "--no-audit", "--no-fund", "axe-core@4"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode:
        pytest.skip(f"axe-core cannot be installed from npm: {done.stderr[-200:]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
