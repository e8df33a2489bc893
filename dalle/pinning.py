"""A data folder stays on the word databases that it began with: the same address, the same words, for ever."""

import logging
from pathlib import Path

from dalle.catalog import Catalog
from dalle.files import read_json, write_json
from dalle.store import Store

log = logging.getLogger(__name__)


def catalog(store: Store, version: str, folder: Path | None) -> Catalog:
    """The catalogue that this data folder began with; `version` or `folder`, when given, win. Raises CatalogError."""
    if folder is not None:
        return Catalog.load(folder, version)
    if not version:
        pinned = read_json(store.catalog)
        version = str(pinned["version"]) if isinstance(pinned, dict) and "version" in pinned else ""
    found = Catalog.load(version=version)
    if read_json(store.catalog) is None:
        try:
            write_json(store.catalog, {"version": found.version, "sha256": found.sha256}, durable=True)
        except OSError as exc:
            log.warning("the catalogue's version cannot be kept in the data folder: %s", exc)
    return found
