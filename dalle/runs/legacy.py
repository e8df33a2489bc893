"""Pictures that an older server left: their report, filled from what lies beside them and never recomputed."""

from pathlib import PurePath
from typing import Any

from dalle.errors import FileSystemError
from dalle.key import Key
from dalle.runs.progress import EMPTY_DRESS
from dalle.storage.folder.atomic import read_bytes, read_json
from dalle.storage.folder.layout import Store
from dalle.storage.journal import Journal

PROMPTS = {
    "data": "dataPrompt",
    "title": "titlePrompt",
    "terse": "tersePrompt",
    "prompt": "prompt",
    "enhanced": "enhancedPrompt",
}


def adopt(store: Store, key: Key) -> Journal:
    """A finished journal for a picture that has none; what is unknown stays empty. It is not written."""
    dress = {**EMPTY_DRESS, **selector(store, key), "series": key.series, "original": key.address, "completed": True}
    dress["fileName"] = PurePath(dress["fileName"]).name  # some hold a whole path of the older server
    for kind, name in PROMPTS.items():
        text = (read_bytes(store.text(key, kind)) or b"").decode(errors="replace").strip()
        dress[name] = text or dress[name]
    picture = store.annotated(key)
    dress["annotatedPath"] = store.public(picture)
    originals = (store.generated(key, extension) for extension in ("png", "webp", "jpeg", "jpg"))
    dress["generatedPath"] = next((store.public(path) for path in originals if path.exists()), "")
    try:
        moment = picture.stat().st_mtime_ns
    except FileNotFoundError:
        moment = 0
    return Journal(key.series, key.address, state="completed", startedNs=moment, endedNs=moment, dress=dress)


def selector(store: Store, key: Key) -> dict[str, Any]:
    """The attributes file, as far as its fields are of the types that the contract gives them."""
    try:
        found = read_json(store.selector(key))
    except FileSystemError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: value for name, value in found.items() if name in EMPTY_DRESS and type(value) is type(EMPTY_DRESS[name])
    }
