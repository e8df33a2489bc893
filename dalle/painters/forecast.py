"""What would be painted for a key, and for how much: computed from words and settings. Sends and writes nothing."""

from dataclasses import dataclass

from dalle.key import Key
from dalle.painters.protocol import Painter, Quote
from dalle.words import prompts
from dalle.words.library import Library
from dalle.words.orientation import Orientation
from dalle.words.selection import Selection, select
from dalle.words.series import Series


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run would begin with now. A language model may enhance the prompt then; its price is not in the quote."""

    selection: Selection
    prompts: prompts.Prompts
    orientation: Orientation
    quote: Quote
    painter: str

    @property
    def palette(self) -> dict[str, str]:
        """The colours of the picture, each once: `#f0f8ff` → its name."""
        limit = self.selection.color_limit or len(prompts.COLORS)
        colors = [self.selection[name] for name in prompts.COLORS[:limit]]
        return {color.field("hex"): color.field("name") or color.word for color in colors if color.field("hex")}


def forecast(key: Key, library: Library, painter: Painter) -> Forecast | None:
    """Return what would be painted, None if the series is not defined (any more)."""
    series = library.shelf.get(key.series)
    if series is None:
        return None
    return foresee(key.address, series, library, painter)


def foresee(address: str, series: Series, library: Library, painter: Painter) -> Forecast:
    """Return what would be painted for an address in a series, which may not be saved."""
    selection = select(address, series, library.catalog)
    orientation = library.orientation_of(selection)
    return Forecast(selection, prompts.write(selection), orientation, painter.quote(orientation), painter.name)
