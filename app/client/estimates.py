"""What many pictures will cost and take, before they are asked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.client.local import Desk, LocalDesk
from app.config import Config
from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.limits.prices import Prices
from dalle.painters.openai.parameters import size_for
from dalle.storage.folder.atomic import read_json
from dalle.words.orientation import orientation_of
from dalle.words.selection import select


@dataclass(frozen=True, slots=True)
class Estimate:
    """`usd` is None when it cannot be known here; `seconds` is 0 when it cannot."""

    usd: float | None
    seconds: float


def of(desk: Desk, keys: Sequence[Key], jobs: int) -> Estimate:
    """From the price table and the averages of earlier runs; a server tells neither."""
    if not isinstance(desk, LocalDesk):
        return Estimate(None, 0)
    return Estimate(money(desk, keys), seconds(desk) * len(keys) / jobs)


def money(desk: LocalDesk, keys: Sequence[Key]) -> float:
    """USD for one image call a key, by the size that suits it; the little that enhancing costs is left out."""
    if not desk.studio.painter.paid:
        return 0.0
    prices = Prices(desk.config.prices)
    sizes = Counter(size(desk, key) for key in keys)
    model = desk.config.image_model
    quality = str(desk.config.image_params.get("quality") or desk.config.image_quality)
    return sum(prices.estimate(model, one, quality) * count for one, count in sizes.items())


def size(desk: LocalDesk, key: Key) -> str:
    """The size that the painter will ask for."""
    config: Config = desk.config
    fixed = str(config.image_params.get("size") or config.image_size)
    series = desk.studio.shelf.get(key.series)
    if fixed or series is None:
        return fixed
    return size_for(config.image_model, orientation_of(select(key.address, series, desk.studio.catalog)), "")


def seconds(desk: LocalDesk) -> float:
    """How long a run took lately, 0 before the first."""
    try:
        stats: Any = read_json(desk.studio.store.averages)
        return sum(float(phase["avgNs"]) for phase in stats["phaseAverages"].values()) / 1e9
    except (FileSystemError, TypeError, KeyError, ValueError, AttributeError):
        return 0.0
