"""The file in the home folder where tools beside the older server keep the key of the provider. Imports nothing of app.

It counts only where nothing else says which key to use, or that there is none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.values.secrets import LARGEST, decoded, lines, secret_in

NAME = "OPENAI_API_KEY"
PLACE = ".config/trueblocks/credentials"


@dataclass(frozen=True, slots=True)
class Credentials:
    """The key in a file, "" without one, and why there is none although there is such a file."""

    path: Path
    key: str = ""
    problem: str = ""


def credentials(environ: Mapping[str, str]) -> Credentials | None:
    """Returns what the file in the home folder holds; None without one."""
    home = environ.get("HOME", "")
    path = Path(home) / PLACE
    try:
        if not home or not path.is_file():
            return None
        with path.open("rb") as file:
            text = decoded(file.read(LARGEST))
        # Only a line that names the key: the file holds others as well.
        named = [line for line in lines(text) if line.removeprefix("export ").lstrip().upper().startswith(NAME)]
        return Credentials(path, secret_in(NAME, "\n".join(named)))
    except OSError as exc:
        return Credentials(path, problem=f"it cannot be read ({exc.strerror})")
    except ValueError as exc:
        return Credentials(path, problem=f"expected {exc}")
