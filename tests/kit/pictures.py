"""Small pictures put into a folder, as somebody puts them there by hand."""

import io
import os
from pathlib import Path

from PIL import Image

MOMENT = 1_700_000_000


def png(color: str = "rebeccapurple", size: tuple[int, int] = (96, 112)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def address(number: int) -> str:
    return f"0x{number:040x}"


def put(  # a picture with a title, `age` seconds older than MOMENT
    data_dir: Path, series: str, name: str, *, title: str = "", age: float = 0, content: bytes | None = None
) -> Path:
    folder = data_dir / "output" / series
    (folder / "annotated").mkdir(parents=True, exist_ok=True)
    if title:
        (folder / "title").mkdir(exist_ok=True)
        (folder / "title" / f"{name}.txt").write_text(f"{title}\n", encoding="utf-8")
    path = folder / "annotated" / f"{name}.png"
    part = path.with_suffix(".part")
    part.write_bytes(png() if content is None else content)
    os.utime(part, (MOMENT - age, MOMENT - age))
    part.replace(path)
    return path
