"""A data folder as the present version of the older server leaves it, built by hand from a description of its files."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from dalle.words.catalog import NAMES
from tests.kit.data_folder import put_bytes
from tests.kit.images import png

ADDRESS = "0xd8da6bf26964af9d7eed9e03e53415d37aa96045"
HIDDEN_ADDRESS = f"0x{'1b' * 20}"
SEED = hashlib.sha256(b"a poem about the sea").hexdigest()
ARCHIVED = hashlib.sha256(b"a poem about the hills").hexdigest()
ADJECTIVE = {"version": "v0.1.0", "word": "salty", "definition": "tasting of salt"}
COLOR = {"version": "v0.1.0", "hex": "#224488", "name": "deep sea blue"}


def series(suffix: str, **fields: Any) -> bytes:
    """A series as that server writes it: colours limited by a text, and null for lists that filter nothing."""
    filters = dict.fromkeys(NAMES[:13])
    head = {"last": 3, "suffix": suffix, "purpose": f"About {suffix}.", "deleted": False}
    about = {"modifiedAt": "2026-07-09T10:00:00Z", "version": "2", "source": "user", "colorLimit": "2"}
    return json.dumps({**head, **about, **filters, **fields}, indent=2).encode()


def metadata(seed: str, text: str) -> bytes:
    """What is beside a picture that was made from a text."""
    records = [
        {"attribute": "adjective", "database": "adjectives", "rowIndex": 7, "record": ADJECTIVE},
        {"attribute": "color1", "database": "colors", "rowIndex": 3, "record": COLOR},
    ]
    folder = "/home/ann/.local/share/trueblocks/dalle/output/my-set"
    done = {"status": "completed", "cacheHit": False, "error": ""}
    return json.dumps(
        {
            "metadataVersion": "1",
            "imageId": f"sha256:{seed}",
            "input": text,
            "seed": seed,
            "series": {"name": "my-set", "hash": "ab", "source": "user"},
            "recipe": {"name": "default", "version": "1"},
            "database": {"version": "v0.1.0", "archiveHash": "cd"},
            "selectedRecords": records,
            "prompts": {
                **{"prompt": "Draw the sea.", "dataPrompt": "Sea, salty.", "titlePrompt": "Salty Sea"},
                **{"tersePrompt": "A salty sea", "enhancedPrompt": "Draw the salty sea at dusk."},
            },
            "artifacts": {name: f"{folder}/{name}/{seed}.png" for name in ("generated", "annotated")},
            "stages": dict.fromkeys(("selected", "prompted", "enhanced", "generated", "annotated"), done),
            "status": {"completed": True, "cacheHit": False},
        }
    ).encode()


def older_folder(root: Path) -> Path:
    """Build the folder, with that server's modes; return it."""
    seed = f"output/my-set/{{}}/{SEED}."
    files = {
        "user-series/My Set.json": series("My Set", nouns=["animals"]),
        "user-series/gone.json": series("gone", deleted=True),
        "user-series/both.json": series("both", purpose="Of user-series."),
        "series/both.json": series("both", purpose="Of series.", colorLimit=1),
        f"output/my-set/annotated/{ADDRESS}.png": png("navy"),
        f"output/my-set/generated/{ADDRESS}.png": png("blue"),
        f"output/my-set/title/{ADDRESS}.txt": b"Old Navy",
        f"output/gone.deleted/annotated/{HIDDEN_ADDRESS}.png": png("gray"),
        f"output/gone.deleted/title/{HIDDEN_ADDRESS}.txt": b"Hidden Gray",
        f"{seed.format('annotated')}png": png("teal"),
        f"{seed.format('generated')}png": png("aqua"),
        f"{seed.format('metadata')}json": metadata(SEED, "a poem about the sea"),
        f"output/my-set/audio/{ADDRESS}.mp3": b"ID3",
        f"archives/my-set/annotated/{ARCHIVED}.png": png("green"),
        f"archives/my-set/generated/{ARCHIVED}.png": png("lime"),
        f"archives/my-set/metadata/{ARCHIVED}.json": metadata(ARCHIVED, "a poem about the hills"),
        "metrics/progress_phase_history.jsonl": (
            b'{"timestamp": "2026-07-09T10:00:00Z", "phases": {"image_wait": {"count": 4, "avgNs": 21000000000}},'
            b' "runs": 4, "cacheHits": 9}\n'
        ),
        "metrics/runs/20260709T100000.json": b"{}",
    }
    for name, data in files.items():
        put_bytes(root / name, data)
    for path in (root, *root.rglob("*")):
        path.chmod(0o750 if path.is_dir() else 0o600)
        os.utime(path, (1_752_055_200, 1_752_055_200))
    return root


def contents(root: Path) -> dict[str, tuple[str, int]]:
    """Return path → hash and mode of each file below a folder."""
    return {
        str(path.relative_to(root)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mode & 0o777)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }
