"""Keeps a data folder on the word databases that it began with, so that an address always selects the same words."""

import logging
from pathlib import Path

from dalle.storage.folder.atomic import read_json, write_json
from dalle.storage.folder.layout import Store
from dalle.words.catalog import Catalog

log = logging.getLogger(__name__)


def known(store: Store, version: str, folder: Path | None) -> Catalog:
    """The catalogue that this data folder began with; `version` or `folder`, when given, win. Raises CatalogError."""
    if version or folder is not None:
        return Catalog.load(folder, version)
    kept = read_json(store.catalog)
    kept = kept if isinstance(kept, dict) else {}
    catalog = Catalog.load(version=str(kept.get("version", "")))
    if kept.get("sha256", catalog.sha256) != catalog.sha256:
        log.warning("the words of catalogue %s are not those that this data folder began with", catalog.version)
    return catalog


def pinned(store: Store, version: str, folder: Path | None) -> Catalog:
    """`known`, and from now on the one of this data folder."""
    catalog = known(store, version, folder)
    if folder is None and read_json(store.catalog) is None:
        try:
            write_json(store.catalog, {"version": catalog.version, "sha256": catalog.sha256}, durable=True)
        except OSError as exc:
            log.warning("the catalogue's version cannot be kept in the data folder: %s", exc)
    return catalog
