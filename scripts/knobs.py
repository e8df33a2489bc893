"""Writes the knobs' table into README.md and all of `.env.example`, from their one source: app/config.py.

python scripts/knobs.py
"""

import sys
from dataclasses import fields
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.config import Config, knob_of  # noqa: E402

BEGIN, END = "<!-- knobs -->\n", "<!-- /knobs -->\n"


def table() -> str:
    """The Markdown table."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for field in fields(Config):
        row = knob_of(field)
        default = f"`{row.default}`" if row.default else ""
        rows.append(f"| `{row.name}` | {default} | {row.sentence} |")
    return "\n".join(rows) + "\n"


def example() -> str:
    """The example file: every knob, commented out."""
    lines = ["# Copy to .env and take away the # of what you change. Flags and the environment win over this file.", ""]
    for field in fields(Config):
        row = knob_of(field)
        lines += [f"# {row.sentence}", f"#{row.name}={row.default}", ""]
    return "\n".join(lines)


def readme(text: str) -> str:
    """README's text with the table put in."""
    head, _, rest = text.partition(BEGIN)
    return f"{head}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(example(), encoding="utf-8")
    page = ROOT / "README.md"
    page.write_text(readme(page.read_text(encoding="utf-8")), encoding="utf-8")
