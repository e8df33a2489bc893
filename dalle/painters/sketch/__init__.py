"""The offline artist: free, deterministic, without a network."""

import hashlib

from PIL import Image, ImageDraw

from dalle import png
from dalle.dress import Dress
from dalle.errors import DownloadFailed
from dalle.painters.protocol import Answer, Call, Order, Recorder

SIZES = {"square": (1024, 1024), "portrait": (1024, 1536), "landscape": (1536, 1024)}
VERSION = "sketch-0"


class Sketch:
    """Paints from the colours and the seed."""

    name = "sketch"
    paid = False

    def paint(self, order: Order, record: Recorder) -> Answer:
        width, height = SIZES[order.orientation]
        number = record.sent(Call(VERSION, f"{width}x{height}", ""))
        answer = Answer(data=png.encode(draw(order.dress, (width, height))), model=VERSION)
        record.answered(number, answer)
        return answer

    def fetch(self, url: str, deadline: float) -> bytes:
        raise DownloadFailed("the offline artist keeps no pictures under URLs")


def draw(dress: Dress, size: tuple[int, int]) -> Image.Image:
    """Rings in the three colours, placed by the seed."""
    colors = [dress[name].field("hex") or "#808080" for name in ("color1", "color2", "color3")]
    digest = hashlib.sha256(dress.seed.encode()).digest()
    image = Image.new("RGB", size, colors[0])
    pen = ImageDraw.Draw(image)
    for number in range(12):
        x, y, reach = (digest[(3 * number + offset) % 32] / 255 for offset in range(3))
        radius = (0.05 + 0.2 * reach) * min(size)
        centre = x * size[0], y * size[1]
        box = (centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius)
        pen.ellipse(box, outline=colors[1 + number % 2], width=max(2, round(radius / 4)))
    return image
