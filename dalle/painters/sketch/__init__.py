"""The offline artist: paints a portrait from the attributes alone, without cost or network, always the same."""

from PIL import Image

from dalle.imaging import png
from dalle.imaging.thumbnails import AVATAR, AVATAR_WIDTH, packed
from dalle.painters.protocol import Answer, Call, Order, Quote, Recorder
from dalle.words.orientation import Orientation
from dalle.words.selection import Selection

__all__ = ["Sketch", "draw"]

VERSION = "sketch-4"
SIZES: dict[Orientation, tuple[int, int]] = {
    "square": (1024, 1024),
    "portrait": (1024, 1536),
    "landscape": (1536, 1024),
}


def draw(selection: Selection, size: tuple[int, int] = (1024, 1024), technique: str = "") -> Image.Image:
    """Paints a selection, see `painting.draw`."""
    # Only now: a start that waited for these ninety modules would take a tenth longer, and a service that pays needs
    # them in no worker.
    from dalle.painters.sketch import painting  # noqa: PLC0415

    return painting.draw(selection, size, technique)


class Sketch:
    """A painter (see `dalle.painters.protocol`) without a provider. Keeps no state; safe in any thread."""

    name = "sketch"
    paid = False

    def quote(self, orientation: Orientation) -> Quote:
        """Returns a call that costs nothing, in the provider's size for its orientation."""
        width, height = SIZES[orientation]
        return Quote(Call(VERSION, f"{width}x{height}", ""))

    def paint(self, order: Order, record: Recorder) -> Answer:
        """Draws the order in the provider's size for its orientation. Costs nothing and is never refused.

        The picture carries its avatar along, for the smallest thumbnail.
        """
        number = record.sent(self.quote(order.orientation).call)
        size = SIZES[order.orientation]
        small = draw(order.selection, (AVATAR_WIDTH, AVATAR_WIDTH * size[1] // size[0]))
        about = {AVATAR: packed(small)}
        answer = Answer(data=png.encode(draw(order.selection, size), about), model=VERSION)
        record.answered(number, answer)
        return answer
