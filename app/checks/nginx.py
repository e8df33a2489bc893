"""Checks of an nginx in front of the service."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.config import Config
from dalle.storage.finding import Finding

NGINX = Path("/etc/nginx")


def nginx(config: Config, output: Path | None, etc: Path = NGINX) -> Finding:
    """A site that sends pictures sends them from this data folder, and nginx accepts its configuration."""
    if not etc.is_dir() and shutil.which("nginx") is None:
        return Finding("nginx", "ok", "not installed here; the service can be used without it")
    site = next(sites(etc), None)
    if site is None:
        return Finding("nginx", "ok", f"installed, but no site in {etc} mentions this service")
    path, text = site
    if output is None:
        return syntax(path)
    roots = [root.strip("\"' ") for root in re.findall(r"^\s*(?:root|alias)\s+([^;]+);", text, re.MULTILINE)]
    if roots and not any(
        Path(root) in (output, config.data_dir, *output.parents) or root.startswith(str(config.data_dir))
        for root in roots
    ):
        todo = f"set its root to {output}, or TB_DALLE_DATA_DIR to its folder"
        return Finding("nginx", "warning", f"{path} sends files from {roots[0]}", todo)
    return syntax(path)


def sites(etc: Path) -> Iterator[tuple[Path, str]]:
    """Yields path and text of the sites that mention this service."""
    for folder in ("conf.d", "sites-enabled"):
        for path in sorted((etc / folder).glob("*")):
            with suppress(OSError, UnicodeDecodeError):
                text = path.read_text(encoding="utf-8")
                if "dalle" in text:
                    yield path, text


def syntax(path: Path) -> Finding:
    """`nginx -t` accepts the configuration; it may be allowed for root only."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    try:
        result = subprocess.run([program, "-t"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return Finding("nginx", "warning", f"{path} could not be tested", "as root: nginx -t")
    if result.returncode == 0:
        return Finding("nginx", "ok", f"nginx -t accepts {path}")
    reason = (result.stderr.strip().splitlines() or ["nginx -t failed"])[0]
    denied = "denied" in result.stderr
    return Finding("nginx", "warning" if denied else "error", f"{path}: {reason}", "as root: nginx -t")
