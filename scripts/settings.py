"""Writes what lists the settings, from their one source, app/config.py.

These are the table in README.md, `.env.example`, and what compose.yaml and compose.cluster.yaml pass on.

python scripts/settings.py
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.environment import LIBRARY  # noqa: E402
from app.example import every_setting, example  # noqa: E402

FIXED = ("TB_DALLE_HOST", "TB_DALLE_PORT", "TB_DALLE_BIND", "TB_DALLE_DATA_DIR", "TB_DALLE_PROXY_HOPS")
"""Where a container listens, keeps its data and has its proxy is decided by its image and by compose.yaml."""
SHARED = ("TB_DALLE_DATABASE_URL", "TB_DALLE_BUCKET_URL")
"""What several hosts share is decided by compose.cluster.yaml."""


def table() -> str:
    """Returns the Markdown table."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for row in every_setting():
        default = f"`{row.default}`" if row.default else ""
        rows.append(f"| `{row.name}` | {default} | {row.sentence} |")
    return "\n".join(rows) + "\n"


def passed(fixed: tuple[str, ...], margin: str) -> str:
    """Returns the lines of compose.yaml: a name without a value takes that of `.env` or of the shell."""
    names = [
        name
        for row in every_setting()
        if row.name not in fixed
        for name in (row.name, f"{row.name}_FILE" if row.secret else "", row.older)
        if name
    ]
    return "".join(f"{margin}{name}:\n" for name in [*names, *sorted(LIBRARY)])


def within(text: str, begin: str, content: str, end: str) -> str:
    """Returns the text with what is between the two marks replaced."""
    head, _, rest = text.partition(begin)
    return f"{head}{begin}{content}{end}{rest.partition(end)[2]}"


def readme(text: str) -> str:
    """Returns the README with its table replaced."""
    return within(text, "<!-- settings -->\n", table(), "<!-- /settings -->\n")


def compose(text: str) -> str:
    """Returns compose.yaml with its list replaced."""
    return within(text, "      # settings\n", passed(FIXED, " " * 6), "      # /settings\n")


def compose_cluster(text: str) -> str:
    """Returns compose.cluster.yaml with its list replaced."""
    return within(text, "    # settings\n", passed((*FIXED, *SHARED), " " * 4), "    # /settings\n")


if __name__ == "__main__":
    (ROOT / ".env.example").write_text(example(), encoding="utf-8")
    for name, write in (("README.md", readme), ("compose.yaml", compose), ("compose.cluster.yaml", compose_cluster)):
        page = ROOT / name
        page.write_text(write(page.read_text(encoding="utf-8")), encoding="utf-8")
