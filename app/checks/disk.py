"""Checks of the disk below the data folder."""

from app.config import Config
from app.monitoring import resources
from dalle.storage.finding import Finding

ROOM = 1_000_000_000
"""Bytes, enough for some 500 pictures: one takes about 2 MB with all its files."""


def disk(config: Config) -> Finding:
    """The disk has room for more pictures."""
    path = next(path for path in (config.data_dir, *config.data_dir.parents) if path.exists())
    usage = resources.disk(path)
    percent = max(usage.percent, usage.inodes)
    message = (
        f"{usage.free / 1e9:.1f} GB free; {usage.percent:.0f} % of the space, {usage.inodes:.0f} % of the inodes used"
    )
    if percent > config.unhealthy_percent:
        return Finding("disk", "error", message, "free some space: the service reports that it is unhealthy")
    if percent > config.degraded_percent or usage.free < ROOM:
        return Finding("disk", "warning", message, "free some space soon")
    return Finding("disk", "ok", message)
