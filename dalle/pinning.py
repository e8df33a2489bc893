"""A data folder stays on the word databases that it began with: the same address, the same words, for ever."""

import logging
from pathlib import Path

from dalle.catalog import Catalog
from dalle.files import read_json, write_json
from dalle.store import Store

log = logging.getLogger(__name__)


def known(store: Store, version: str, folder: Path | None) -> Catalog:
    """The catalogue that this data folder began with; `version` or `folder`, when given, win. Raises CatalogError."""
    if not version and folder is None:
        kept = read_json(store.catalog)
        version = str(kept["version"]) if isinstance(kept, dict) and "version" in kept else ""
    return Catalog.load(folder, version)


def pinned(store: Store, version: str, folder: Path | None) -> Catalog:
    """`known`, and from now on the one of this data folder."""
    catalog = known(store, version, folder)
    if folder is None and read_json(store.catalog) is None:
        try:
            write_json(store.catalog, {"version": catalog.version, "sha256": catalog.sha256}, durable=True)
        except OSError as exc:
            log.warning("the catalogue's version cannot be kept in the data folder: %s", exc)
    return catalog
