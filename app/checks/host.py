"""The checks of `doctor` that need nothing but this machine."""

import fcntl
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import ImageFont

from app.client import words as library
from app.config import Config
from app.environment import unknown_variables
from app.monitoring import resources
from app.server.preflight import CURE
from dalle.errors import DalleError
from dalle.imaging.typesetting import FONT
from dalle.storage.folder.atomic import open_lock, remove, write_atomic
from dalle.storage.folder.layout import Store

Level = Literal["ok", "warning", "error"]
SHARED = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "ceph", "glusterfs")
NGINX = Path("/etc/nginx")
# Needed with every configuration of more than one process; a picture is about 2 MB with all that belongs to it.
ROOM = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report; `todo` says what to do, "" when there is nothing to do."""

    check: str
    level: Level
    message: str
    todo: str = ""


def folder(config: Config) -> Iterator[Finding]:
    """The data folder can be made and written; its parts belong to us."""
    root = config.data_dir
    user = pwd.getpwuid(os.getuid()).pw_name if known_user() else str(os.getuid())
    if config.read_only:
        readable = os.access(root, os.R_OK | os.X_OK)
        todo = "" if readable else CURE
        told = f"{root} is {'readable' if readable else 'not readable'} for {user}; TB_DALLE_READ_ONLY is set"
        yield Finding("data folder", "ok" if readable else "error", told, todo)
        return
    probe = root / f".doctor-{os.getpid()}"
    try:
        write_atomic(probe, b"doctor", durable=True)
        remove(probe)
    except OSError as exc:
        yield Finding("data folder", "error", f"{root} is not writable for {user} ({exc.strerror})", CURE)
        return
    yield Finding("data folder", "ok", f"{root} is writable for {user}")
    parts = [root, *(part for part in root.iterdir() if part.is_dir())] if root.is_dir() else []
    foreign = [part.name for part in parts if not os.access(part, os.R_OK | os.W_OK | os.X_OK)]
    if foreign:
        todo = f"as root: chown -R {user} {root}"
        yield Finding("permissions", "error", f"not writable for {user}: {', '.join(foreign)}", todo)
    else:
        yield Finding("permissions", "ok", "every part of it is ours")


def known_user() -> bool:
    with suppress(KeyError):
        return bool(pwd.getpwuid(os.getuid()))
    return False


def settings(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Finding:
    """Every variable of ours is one that there is."""
    found = unknown_variables(environ, dotenv)
    if found:
        return Finding("settings", "warning", "; ".join(found), "README.md lists what there is")
    return Finding("settings", "ok", "every TB_DALLE_ variable is known")


def public(config: Config) -> Finding:
    """A web server, another user, can read the output folder."""
    output = Store(config.data_dir).output
    closed = [place for place in (output, *output.parents) if place.exists() and not place.stat().st_mode & 0o001]
    if not closed:
        return Finding("public files", "ok", f"other users can reach {output}")
    todo = f"only when a web server shall send the files itself: chmod o+x {' '.join(map(str, closed))}"
    return Finding("public files", "warning", f"other users cannot enter {closed[0]}", todo)


def disk(config: Config) -> Finding:
    """There is room."""
    place = next(place for place in (config.data_dir, *config.data_dir.parents) if place.exists())
    found = resources.disk(place)
    used = max(found.percent, found.inodes)
    told = (
        f"{found.free / 1e9:.1f} GB free; {found.percent:.0f} % of the space, {found.inodes:.0f} % of the inodes used"
    )
    if used > config.unhealthy_percent:
        return Finding("disk", "error", told, "make room: the service calls itself unhealthy")
    if used > config.degraded_percent or found.free < ROOM:
        return Finding("disk", "warning", told, "make room soon")
    return Finding("disk", "ok", told)


def locks(config: Config) -> Finding:
    """Two processes cannot hold one lock at once, and the lock of a dead one is free. Really tried."""
    path = Store(config.data_dir).locks / f"doctor-{os.getpid()}"
    todo = "put the data folder on a local disk: claims need a file system with flock"
    try:
        mine = open_lock(path)
        try:
            fcntl.flock(mine, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shared = elsewhere(path)
        finally:
            os.close(mine)
        freed = elsewhere(path)
        remove(path)
    except OSError as exc:
        return Finding("locks", "error", f"cannot be taken: {exc.strerror}", todo)
    if shared or not freed:
        told = "two processes held one lock at once" if shared else "a lock stays taken when its holder has let go"
        return Finding("locks", "error", told, todo)
    kind = file_system(path)
    if kind.startswith(SHARED):
        told = f"two processes exclude each other, but {kind} is shared with other machines"
        return Finding("locks", "warning", told, "let only one machine work on this data folder, or test both together")
    return Finding("locks", "ok", f"two processes exclude each other on this file system ({kind})")


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The type of the file system that a path lies on, "unknown" where it cannot be told."""
    try:
        lines = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return "unknown"
    over = {line[1]: line[2] for line in lines if path.is_relative_to(line[1])}
    return over[max(over, key=len)] if over else "unknown"


def elsewhere(path: Path) -> bool:
    """Whether another process can take the lock now."""
    child = os.fork()
    if child == 0:
        taken = 1
        try:
            fcntl.flock(open_lock(path), fcntl.LOCK_EX | fcntl.LOCK_NB)
            taken = 0
        finally:
            os._exit(taken)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def fonts() -> Finding:
    """The caption's typeface loads."""
    try:
        name = ImageFont.truetype(FONT, 20).getname()[0]
    except OSError as exc:
        return Finding("font", "error", f"{FONT.name} cannot be loaded: {exc}", "install the package again")
    return Finding("font", "ok", f"{name} loads")


def words(config: Config) -> Finding:
    """The word databases load in the version that the data folder began with."""
    try:
        catalog = library.opened(config).catalog
    except DalleError as exc:
        todo = "see TB_DALLE_CATALOG, TB_DALLE_DATABASES_DIR and catalog.json in the data folder"
        return Finding("word databases", "error", exc.details or exc.message, todo)
    return Finding("word databases", "ok", f"version {catalog.version}, {len(catalog.databases)} databases")


def series(config: Config) -> Iterator[Finding]:
    """The operator's series can be used."""
    with suppress(DalleError):
        shelf = library.opened(config).shelf
        yield Finding("series", "ok", f"{len(shelf.names())} can be painted")
        for name, problem in shelf.problems().items():
            path = Store(config.data_dir).series / f"{name}.json"
            yield Finding("series", "warning", f"{name}: {problem}", f"dalleserver series check {path}")


def key(config: Config) -> Finding:
    """Who paints."""
    if config.skip_image:
        return Finding("painter", "ok", "the offline artist, because TB_DALLE_SKIP_IMAGE is set")
    if not config.api_key:
        todo = "for paid pictures set OPENAI_API_KEY or OPENAI_API_KEY_FILE"
        return Finding("painter", "warning", "the offline artist, because no key is set", todo)
    return Finding("painter", "ok", f"{config.image_model} at {config.base_url}, with a key")


def nginx(config: Config, etc: Path = NGINX) -> Finding:
    """A site for this data folder, if nginx is here."""
    if not etc.is_dir() and shutil.which("nginx") is None:
        return Finding("nginx", "ok", "not installed here; the service can be reached directly")
    output = Store(config.data_dir).output
    sites = []
    for folder in ("conf.d", "sites-enabled"):
        for path in sorted((etc / folder).glob("*")):
            with suppress(OSError, UnicodeDecodeError):
                text = path.read_text(encoding="utf-8")
                if "dalle" in text:
                    sites.append((path, text))
    if not sites:
        return Finding("nginx", "ok", f"installed, and no site of {etc} names this service")
    path, text = sites[0]
    roots = re.findall(r"^\s*(?:root|alias)\s+([^;]+);", text, re.MULTILINE)
    inside = [root for root in roots if Path(root.strip("\"' ")) in (output, config.data_dir, *output.parents)]
    if roots and not inside and not any(root.startswith(str(config.data_dir)) for root in roots):
        todo = f"its root should be {output}, or TB_DALLE_DATA_DIR its folder"
        return Finding("nginx", "warning", f"{path} sends files from {roots[0]}", todo)
    return tested(path)


def tested(path: Path) -> Finding:
    """What nginx says to its configuration; it may need to be asked as root."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    try:
        said = subprocess.run([program, "-t"], capture_output=True, text=True, timeout=10, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return Finding("nginx", "warning", f"{path} could not be tested", "as root: nginx -t")
    if said.returncode == 0:
        return Finding("nginx", "ok", f"{path}, and nginx -t agrees")
    why = (said.stderr.strip().splitlines() or ["nginx -t failed"])[0]
    denied = "denied" in said.stderr
    return Finding("nginx", "warning" if denied else "error", f"{path}: {why}", "as root: nginx -t")
