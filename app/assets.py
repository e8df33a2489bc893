"""Where templates and static files lie: inside the installed package, or beside it in a checkout."""

from pathlib import Path

HERE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Absolute path of `templates` or `static`."""
    inside = HERE / name
    return inside if inside.is_dir() else HERE.parent / name
