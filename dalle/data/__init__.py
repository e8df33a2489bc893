"""Files that the package brings along: word databases, series, prompt templates, the typeface, prices."""

from pathlib import Path

FOLDER = Path(__file__).parent
