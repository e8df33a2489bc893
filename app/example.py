"""The example file: every setting with its sentence and its default, commented out."""

from dataclasses import fields

from app.config import Config
from app.settings import Setting, setting_of

HEAD = "# Copy this file to .env and uncomment what you change. Flags and environment variables override it."


def every_setting() -> list[Setting]:
    """Returns all settings in the order of the documentation."""
    return [setting_of(field) for field in fields(Config)]


def example() -> str:
    """Returns the text of the file."""
    lines = [HEAD, ""]
    for row in every_setting():
        lines += [f"# {row.sentence}", f"#{row.name}={row.default}", ""]
    return "\n".join(lines)
