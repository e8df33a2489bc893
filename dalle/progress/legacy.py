"""Pictures of an older server: their report, filled from what is beside them and never recomputed."""

import json
from pathlib import PurePath
from typing import Any

from dalle.key import Key
from dalle.progress.report import EMPTY_DRESS
from dalle.storage.blob import EXTENSIONS, Blob, TextKind
from dalle.storage.journal import Journal, completed_journal
from dalle.storage.protocol import Blobs, Storage

PROMPTS: dict[TextKind, str] = {
    "data": "dataPrompt",
    "title": "titlePrompt",
    "terse": "tersePrompt",
    "prompt": "prompt",
    "enhanced": "enhancedPrompt",
}


def adopt(storage: Storage, key: Key) -> Journal:
    """Return a completed journal for a picture that has none; what is unknown stays empty. It is not written."""
    blobs = storage.blobs
    dress = {**EMPTY_DRESS, **_attributes(blobs, key), "series": key.series, "original": key.address, "completed": True}
    dress["fileName"] = PurePath(dress["fileName"]).name  # some hold a whole path of the older server
    for kind, name in PROMPTS.items():
        text = (blobs.get(Blob.text(key, kind)) or b"").decode(errors="replace").strip()
        dress[name] = text or dress[name]
    dress["annotatedPath"] = Blob.picture(key).path
    generated = (Blob.generated(key, extension) for extension in (*EXTENSIONS, "jpg"))
    dress["generatedPath"] = next((blob.path for blob in generated if blobs.has(blob)), "")
    stat = storage.stat(key)
    return completed_journal(key, stat.modified_ns if stat else 0, dress)


def _attributes(blobs: Blobs, key: Key) -> dict[str, Any]:
    """Return the attributes, as far as the fields are of the types that the contract gives them."""
    try:
        value = json.loads(blobs.get(Blob.attributes(key)) or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict):
        return {}
    return {
        name: content
        for name, content in value.items()
        if name in EMPTY_DRESS and type(content) is type(EMPTY_DRESS[name])
    }
