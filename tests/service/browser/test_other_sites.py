"""A page of another site, in a real browser: it draws our pictures on a canvas, and starts none."""

from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from selenium import webdriver

from tests.kit.folders import address
from tests.kit.nginx import NGINX, RECIPES, Nginx, Place
from tests.kit.repository import ROOT
from tests.service.browser.conftest import Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.nginx,
    pytest.mark.skipif(NGINX is None, reason="nginx is not installed"),
]

PICTURE = f"/dalle/simple/{address(1)}"
ABSENT = f"/dalle/simple/{address(2)}"
PAGE = "<!doctype html><meta charset=utf-8><title>Elsewhere</title><link rel=icon href='data:,'>"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Prints nothing."""


@dataclass(frozen=True)
class Elsewhere:
    """A browser on a page of another origin, and ours behind nginx."""

    browser: Browser
    nginx: Nginx

    @property
    def ours(self) -> str:
        return self.nginx.client.url

    def script(self, body: str, *values: Any) -> Any:
        """Runs an asynchronous function in the page; `ours` is where our service is. Returns its value or its error."""
        text = f"""
            const [ours, ...values] = [...arguments].slice(0, -1), end = arguments[arguments.length - 1];
            (async () => {{ {body} }})().then(end, (error) => end(`failed: ${{error}}`));
        """
        return self.browser.driver.execute_async_script(text, self.ours, *values)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The origin of another site."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "index.html").write_text(PAGE)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def behind(page: str, *recipes: str) -> Iterator[Nginx]:
    """A service with a picture, behind nginx with recipes; scripts of `page` may act if that of CORS is one of them."""
    with Place() as place, place.service() as service:
        text = (ROOT / RECIPES / "cors.conf").read_text()
        place.recipe(
            "cors", text.replace('# "https://app.example.org"', f'"{page}"') if "password" in recipes else text
        )
        place.users(ann="secret")
        service.client.painted(PICTURE)
        service.wait_for(lambda: not service.ask("/runs").data["runs"], "the end of the run")
        with Nginx(place, recipes=recipes) as nginx:
            yield nginx


@pytest.fixture(scope="module")
def front(page: str) -> Iterator[Nginx]:
    with behind(page, "cors") as nginx:
        yield nginx


@pytest.fixture
def browser(chromium: webdriver.Chrome, page: str) -> Iterator[Browser]:
    """On the page, with nothing in its cache."""
    browser = Browser(chromium, page)
    browser.cdp("Network.enable")
    browser.cdp("Network.clearBrowserCache")
    browser.look()
    browser.open("/")
    yield browser
    chromium.get("about:blank")


@pytest.fixture
def elsewhere(browser: Browser, front: Nginx) -> Elsewhere:
    return Elsewhere(browser, front)


SHOWN = """
    const shown = new Image();
    shown.src = ours + values[0];
    document.body.append(shown);
    await shown.decode();
"""
DRAWN = """
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
    const draw = canvas.getContext('2d');
    draw.drawImage(picture, 0, 0, 64, 64);
    const pixels = draw.getImageData(0, 0, 64, 64).data;
    return new Set(Array.from({ length: 4096 }, (_, at) => pixels.slice(4 * at, 4 * at + 3).join())).size;
"""
"""How many colours there are; an error if the browser keeps them from the page."""
BY_IMAGE = """
    const picture = new Image();
    picture.crossOrigin = 'anonymous';
    picture.src = ours + values[0];
    await picture.decode();
"""
BY_FETCH = """
    const answer = await fetch(ours + values[0]);
    if (!answer.headers.get('etag') || !answer.headers.get('x-request-id')) throw new Error('headers');
    const picture = await createImageBitmap(await answer.blob());
"""
PATHS = (PICTURE, f"{PICTURE}.png", f"{PICTURE}?w=256", f"{PICTURE}?placeholder=1", f"/card/simple/{address(1)}.jpg")


@pytest.mark.parametrize("way", [BY_IMAGE, BY_FETCH], ids=["by an image", "by a script"])
@pytest.mark.parametrize("before", ["", SHOWN], ids=["first", "after an image"])
def test_draws_a_picture_on_a_canvas(elsewhere: Elsewhere, before: str, way: str) -> None:
    """Also what an image without `crossorigin` has brought into the cache: its request named no origin."""
    for path in PATHS:
        colors = elsewhere.script(before + way + DRAWN, path)
        assert isinstance(colors, int), (path, colors)
        assert colors > 50, path


def test_draws_what_the_metadata_names_and_a_version_from_the_cache(elsewhere: Elsewhere) -> None:
    metadata = elsewhere.script("return await (await fetch(ours + values[0])).json()", f"/metadata/simple/{address(1)}")
    assert metadata["name"]
    path = metadata["image"].removeprefix(elsewhere.ours)
    assert "?v=" in path
    colors = elsewhere.script(SHOWN + BY_IMAGE + DRAWN, path)
    assert isinstance(colors, int), colors
    assert colors > 50


def test_reads_progress_and_errors_also_with_preferences(elsewhere: Elsewhere) -> None:
    ask = (
        "const a = await fetch(ours + values[0], { headers: { Prefer: 'wait=1' } }); return [a.status, await a.json()]"
    )
    status, idle = elsewhere.script(ask, ABSENT)
    assert (status, idle["data"]) == (200, {})
    status, error = elsewhere.script(ask, "/dalle/simple/0x12")
    assert (status, error["error"]["code"]) == (400, "INVALID_ADDRESS")


def test_is_kept_from_pixels_without_the_recipe(browser: Browser, page: str) -> None:
    """Which shows that the tests above can fail."""
    with behind(page) as nginx:
        closed = Elsewhere(browser, nginx)
        for way in (BY_IMAGE, BY_FETCH, f"{SHOWN} const picture = shown;"):
            assert "failed" in str(closed.script(way + DRAWN, PICTURE)), way


ACT = """
    const answer = await fetch(ours + values[0], { method: values[1], headers: values[2], credentials: 'include' });
    return [answer.status, (await answer.json()).success];
"""
ANN = {"Authorization": f"Basic {b64encode(b'ann:secret').decode()}"}


def test_starts_a_picture_with_the_password_if_it_is_listed(browser: Browser, page: str) -> None:
    with behind(page, "cors", "password") as nginx:
        listed = Elsewhere(browser, nginx)
        for method, path in (("GET", f"{ABSENT}?generate=1"), ("DELETE", ABSENT)):
            assert listed.script(ACT, path, method, ANN) == [200, True]


def test_starts_none_where_it_is_not_listed(elsewhere: Elsewhere) -> None:
    for method in ("GET", "DELETE"):
        for headers in ({}, ANN):
            assert "failed" in str(elsewhere.script(ACT, f"{ABSENT}?generate=1", method, headers))
    assert elsewhere.nginx.client.ask(ABSENT).json["data"] == {}
