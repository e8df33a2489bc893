"""Estimates what many pictures cost and take, before their runs are started."""

from collections import Counter
from collections.abc import Sequence

from app.client.client import Estimate
from app.config import Config
from app.wiring import provider_settings
from dalle.key import Key
from dalle.limits.prices import Prices
from dalle.painters.openai.parameters import quality_for, size_for
from dalle.studio import Studio
from dalle.words.selection import select


def estimate(studio: Studio, config: Config, keys: Sequence[Key], jobs: int) -> Estimate:
    """Estimates by the price table and by the averages of earlier runs."""
    return Estimate(cost(studio, config, keys), studio.average_run() * len(keys) / jobs)


def cost(studio: Studio, config: Config, keys: Sequence[Key]) -> float:
    """Returns USD for one image call per key, by its size; enhancing prompts costs little and is left out."""
    if not studio.painter.paid:
        return 0.0
    prices = Prices(config.prices)
    sizes = Counter(picture_size(studio, config, key) for key in keys)
    quality = quality_for(config.image_model, provider_settings(config).choices)
    return sum(prices.estimate(config.image_model, size, quality) * count for size, count in sizes.items())


def picture_size(studio: Studio, config: Config, key: Key) -> str:
    """Returns the size that the painter will request."""
    fixed = str(config.image_params.get("size") or config.image_size)
    series = studio.library.shelf.get(key.series)
    if fixed or series is None:
        return fixed
    selection = select(key.address, series, studio.library.catalog)
    return size_for(config.image_model, studio.library.orientation_of(selection), "")
