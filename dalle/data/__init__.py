"""What comes along as files: word databases, series, prompts, the typeface, prices."""

from pathlib import Path

FOLDER = Path(__file__).parent
