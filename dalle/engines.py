"""Chooses the storage engine: the only module that knows which ones there are."""

from dalle.settings import StudioSettings
from dalle.storage.folder.engine import FolderSettings, FolderStorage
from dalle.storage.protocol import Storage


def open_storage(settings: StudioSettings) -> Storage:
    """Return the storage engine that the settings choose."""
    folder = FolderSettings(claim_ttl=settings.runs.claim_ttl, capacity=settings.queue)
    return FolderStorage(settings.data_dir, folder)
