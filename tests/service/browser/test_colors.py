"""The annotated picture has the colours that a browser shows of the painter's bytes."""

from base64 import b64encode

import pytest
from selenium import webdriver

from dalle.imaging.decoding import decode
from tests.unit.imaging.test_srgb import ENCODED

SHOWN = """
    const [data, done] = arguments, image = new Image();
    image.onload = () => {
        const canvas = document.createElement("canvas"), context = canvas.getContext("2d", {colorSpace: "srgb"});
        context.drawImage(image, 0, 0);
        done([...context.getImageData(40, 40, 1, 1).data]);
    };
    image.onerror = () => done([]);
    image.src = "data:image/png;base64," + data;
"""


@pytest.mark.parametrize("case", ENCODED)
def test_shows_what_chromium_shows_of_a_file_with_a_gamma(chromium: webdriver.Chrome, case: str) -> None:
    data, _ = ENCODED[case]
    shown = chromium.execute_async_script(SHOWN, b64encode(data).decode())
    ours = decode(data).convert("RGBA").getpixel((40, 40))
    assert isinstance(ours, tuple)
    # A canvas keeps colours multiplied by alpha, which costs the last bit.
    assert all(abs(one - other) <= 1 for one, other in zip(shown, ours, strict=True)), (shown, ours)
