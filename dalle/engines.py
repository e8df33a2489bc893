"""Chooses the storage engine: the only module that knows which ones there are."""

from typing import TYPE_CHECKING

from dalle.settings import StudioSettings
from dalle.storage.folder.engine import FolderSettings, FolderStorage
from dalle.storage.protocol import Storage

if TYPE_CHECKING:
    from dalle.storage.cluster.engine import ClusterStorage


def open_storage(settings: StudioSettings) -> Storage:
    """Return the storage engine that the settings choose."""
    return open_cluster(settings) if settings.shared else open_folder(settings)


def open_folder(settings: StudioSettings) -> FolderStorage:
    """Return the engine of one host: all is in the data folder."""
    folder = FolderSettings(claim_ttl=settings.runs.claim_ttl, capacity=settings.queue)
    return FolderStorage(settings.data_dir, folder)


def open_cluster(settings: StudioSettings) -> "ClusterStorage":
    """Return the engine of several hosts. Raises OSError, ValueError for settings without `shared`."""
    from dalle.storage.cluster.engine import ClusterSettings, ClusterStorage  # noqa: PLC0415 — installed on demand
    from dalle.storage.cluster.objects.spool import require_disk  # noqa: PLC0415

    shared = settings.shared
    if shared is None:
        raise ValueError("the settings name no database")
    require_disk(settings.data_dir)
    return ClusterStorage(
        ClusterSettings(
            database=shared.database,
            bucket=shared.bucket,
            folder=settings.data_dir,
            claim_ttl=settings.runs.claim_ttl,
            capacity=settings.queue,
            cache_bytes=shared.cache_bytes,
            connections=shared.connections,
        )
    )
