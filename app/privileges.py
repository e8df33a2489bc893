"""Root works on a data folder as its owner.

What root makes there, the service can neither change nor remove: the keys that need it fail from then on.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import click

import dalle
from app import environment
from app.config import Config, ConfigError
from dalle.host.owner import ROOT, Owner, own_name


def give_up(owner: Owner | None, command: str) -> bool:
    """Makes this process, if it is root's, the owner's for good: user, groups, umask and home folder.

    Returns whether it did. Raises ConfigError where that is not possible; it names `command`, run by the right user.
    """
    if owner is None or owner.uid == ROOT or os.geteuid() != ROOT:
        return False
    try:
        become(owner)
    except OSError as exc:
        raise ConfigError(
            f"the data folder belongs to {owner.name}, and root may not become that user here ({exc.strerror}): "
            f"use {owner.sudo} {command}"
        ) from None
    os.umask(owner.umask)
    environment.move_home(owner.name, owner.account.pw_dir if owner.account else "/")
    if not os.access(".", os.X_OK, effective_ids=True):
        os.chdir("/")
    if hidden := next(
        (place for place in program() if not os.access(place, os.R_OK | os.X_OK, effective_ids=True)), None
    ):
        raise ConfigError(
            f"the data folder belongs to {owner.name}, who cannot read this program in {hidden}: "
            "install it where every user can, for example below /opt"
        )
    return True


def require_same(config: Config, flags: Mapping[str, str] | None = None) -> None:
    """Raises ConfigError unless the owner reads the settings that root has read: a service reads them again."""
    if environment.load(flags) != config:
        raise ConfigError(
            f"{own_name()} cannot read all settings that root can: "
            ".env, a file that a setting names, or the key in the home folder"
        )


def become(owner: Owner) -> None:
    """Changes groups and user, as a login would. Raises OSError."""
    if account := owner.account:
        os.initgroups(account.pw_name, account.pw_gid)
        os.setgid(account.pw_gid)
    else:
        os.setgroups([])
        os.setgid(owner.gid)
    os.setuid(owner.uid)


def program() -> list[Path]:
    """Returns folders that modules are imported from, also later."""
    return [Path(str(module.__file__)).parent for module in (dalle, click, os)]
