"""Checks before the service starts, so that it fails at once and not at its first picture."""

import errno
import os
import resource
import socket
from functools import partial
from pathlib import Path

from app.config import Config, ConfigError
from app.server.apart import apart
from app.wiring import SHARED_CURE, studio_settings
from dalle.engines import open_storage
from dalle.errors import DalleError
from dalle.host.owner import ROOT, Owner, owner_of
from dalle.host.trouble import FULL, explained
from dalle.library import open_library
from dalle.settings import StudioSettings

CURE = "dalleserver doctor names the files and what to do"
REMEDY = f"choose another with --data-dir or TB_DALLE_DATA_DIR, or change its owner; {CURE}"
FILES = 200  # open files of a worker besides its connections


def connections(most: int) -> int:
    """Returns how many connections a worker may have: at most `most`, fewer if the system permits few open files.

    Raises this process's own limit on open files for that, which its workers inherit. One connection needs two while a
    picture is on its way.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    permitted = min(2 * most + FILES, hard) if hard != resource.RLIM_INFINITY else 2 * most + FILES
    if soft != resource.RLIM_INFINITY and soft < permitted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (permitted, hard))
    return max(1, (permitted - FILES) // 2)


def owner(config: Config) -> Owner | None:
    """Returns whose service this shall be, if root starts it; None where root has served this folder before."""
    storage = open_storage(studio_settings(config))
    public = storage.public_folder
    return None if public and public.exists() and owner_of(public).uid == ROOT else storage.owner


def check_storage(config: Config) -> list[str]:
    """Makes the data folder and writes to it; a read-only server only reads it. Raises ConfigError.

    Returns what keeps a part of the work from being done: pictures are served nevertheless, also from a full disk.
    """
    settings = studio_settings(config)
    try:
        refused = apart(partial(prepared, settings, config)) if settings.shared else prepared(settings, config)
    except OSError as exc:
        if settings.shared:
            raise ConfigError(f"database or bucket cannot be used ({explained(exc)}): {SHARED_CURE}") from None
        if exc.errno in FULL and config.data_dir.is_dir():
            return [f"the data folder {config.data_dir} is full ({exc.strerror}): nothing is made until there is room"]
        what = "readable" if config.read_only else "writable"
        raise ConfigError(f"the data folder {config.data_dir} is not {what} ({explained(exc)}): {REMEDY}") from None
    return [f"some pictures cannot be made: {explained(refused)}: {CURE}"] if refused else []


def prepared(settings: StudioSettings, config: Config) -> OSError | None:
    """Makes what is missing in the storage, and tries whether it can be used. Returns what refuses a part of the runs.

    Raises OSError.
    """
    storage = open_storage(settings)
    try:
        storage.prepare()
        return storage.check(write=not config.read_only)
    finally:
        storage.close()


def web_access(config: Config) -> list[str]:
    """Returns what keeps a web server in front from reading the pictures: each of its requests would log an error."""
    if not config.proxy_hops and not any(address.startswith("unix:") for address in config.bind_addresses):
        return []
    os.umask(umask := os.umask(0o077))
    finding = open_storage(studio_settings(config)).public_access(umask=umask)
    return [] if finding.level == "ok" else [f"{finding.check}: {finding.message}; {finding.todo}"]


def check_words(config: Config) -> None:
    """Reads the word databases. Raises ConfigError, which names the setting that selects them."""
    settings = studio_settings(config)
    storage = open_storage(settings)
    try:
        open_library(settings, storage)
    except DalleError as exc:
        if config.databases_dir:
            source = f"invalid TB_DALLE_DATABASES_DIR={config.databases_dir}"
        elif config.catalog:
            source = f"invalid TB_DALLE_CATALOG={config.catalog}"
        else:
            source = "the database" if settings.shared else f"the data folder {config.data_dir}"
        raise ConfigError(f"{source}: {exc.details}") from None
    finally:
        storage.close()  # no thread of it may be there when workers are forked


def check_bind_addresses(config: Config) -> None:
    """Checks that every address can be bound; gunicorn would only retry. Raises ConfigError."""
    for address in config.bind_addresses:
        if address.startswith("unix:"):
            folder = Path("/" + address.removeprefix("unix:").lstrip("/")).parent
            if not os.access(folder, os.W_OK | os.X_OK):
                raise ConfigError(f"cannot bind {address}: {folder} is not a writable folder")
        elif not address.startswith("fd:"):
            host, _, port = address.rpartition(":")
            check_port(host.strip("[]"), int(port))


def check_port(host: str, port: int) -> None:
    """Checks that the port is free. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                other = port + 1 if port < 65535 else port - 1
                remedy = f"choose another, e.g. dalleserver run --port {other} or make run PORT={other}"
                raise ConfigError(f"port {port} is taken: {remedy}") from None
            raise ConfigError(f"cannot bind {host}:{port}: {exc.strerror}") from None
