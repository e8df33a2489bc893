"""Series and words of a storage, which stays on the word databases that it began with.

The same address always gets the same words, whatever later versions bring along.
"""

import logging
from pathlib import Path

from dalle.errors import CatalogError
from dalle.host.trouble import explained
from dalle.settings import StudioSettings
from dalle.storage.protocol import Documents, Storage
from dalle.words.catalog import Catalog
from dalle.words.library import Library
from dalle.words.shelf import SeriesShelf

log = logging.getLogger(__name__)


def shared_catalog(documents: Documents, settings: StudioSettings) -> Catalog:
    """Return the catalogue of several hosts: all have the same words. Raises CatalogError where this one has others."""
    pinned = documents.read("catalog")
    version = settings.catalog or ("" if settings.databases else str(pinned.get("version", "")))
    catalog = Catalog.load(settings.databases, version)
    if pinned and pinned.get("sha256") != catalog.sha256:
        raise CatalogError("these word databases are not those that the other hosts use")
    return catalog


def known_catalog(documents: Documents, version: str, folder: Path | None) -> Catalog:
    """Return the catalogue that the work began with; `version` or `folder`, when given, win. Raises CatalogError."""
    if version or folder is not None:
        return Catalog.load(folder, version)
    pinned = documents.read("catalog")
    catalog = Catalog.load(version=str(pinned.get("version", "")))
    if pinned.get("sha256", catalog.sha256) != catalog.sha256:
        log.warning(
            "the words of catalogue %s differ from those that this data folder was created with", catalog.version
        )
    return catalog


def pinned_catalog(documents: Documents, version: str, folder: Path | None) -> Catalog:
    """`known_catalog`, pinned from now on if nothing was."""
    catalog = known_catalog(documents, version, folder)
    if folder is None:
        pin(documents, catalog)
    return catalog


def pin(documents: Documents, catalog: Catalog) -> None:
    """Note the catalogue, unless one is noted."""
    if documents.read("catalog"):
        return
    try:
        with documents.edit("catalog", durable=True) as pinned:
            if not pinned:
                pinned |= {"version": catalog.version, "sha256": catalog.sha256}
    except OSError as exc:
        log.warning("the catalogue's version cannot be pinned: %s", explained(exc))


def open_library(settings: StudioSettings, storage: Storage) -> Library:
    """Return series and words for reading only. Raises CatalogError."""
    if settings.shared:
        catalog = shared_catalog(storage.documents, settings)
    else:
        catalog = known_catalog(storage.documents, settings.catalog, settings.databases)
    return Library(catalog, SeriesShelf(storage.series), settings.orientation)


def pinned_library(settings: StudioSettings, storage: Storage) -> Library:
    """`open_library`, and pin the catalogue from now on if nothing was. Raises CatalogError."""
    if settings.shared:
        catalog = shared_catalog(storage.documents, settings)
        pin(storage.documents, catalog)
        # Another host may have been the first to pin its own, in that moment.
        catalog = shared_catalog(storage.documents, settings)
    else:
        catalog = pinned_catalog(storage.documents, settings.catalog, settings.databases)
    return Library(catalog, SeriesShelf(storage.series), settings.orientation)
