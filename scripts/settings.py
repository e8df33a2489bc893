"""Writes the table of settings in README.md and all of `.env.example` from their one source, app/config.py.

python scripts/settings.py
"""

import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.config import Config, setting_of  # noqa: E402

BEGIN, END = "<!-- settings -->\n", "<!-- /settings -->\n"


def table() -> str:
    """Returns the Markdown table."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for field in fields(Config):
        row = setting_of(field)
        default = f"`{row.default}`" if row.default else ""
        rows.append(f"| `{row.name}` | {default} | {row.sentence} |")
    return "\n".join(rows) + "\n"


def example() -> str:
    """Returns the example file: every setting, commented out."""
    lines = ["# Copy this file to .env and uncomment what you change. Flags and environment variables override it.", ""]
    for field in fields(Config):
        row = setting_of(field)
        lines += [f"# {row.sentence}", f"#{row.name}={row.default}", ""]
    return "\n".join(lines)


def readme(text: str) -> str:
    """Returns the README with its table replaced."""
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(example(), encoding="utf-8")
    page = ROOT / "README.md"
    page.write_text(readme(page.read_text(encoding="utf-8")), encoding="utf-8")
