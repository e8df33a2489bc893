"""The users that files and processes belong to."""

import grp
import os
import pwd
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = 0


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose the files of a storage are. `umask`: the one that they were made with."""

    uid: int
    gid: int
    umask: int = 0o022

    @property
    def account(self) -> pwd.struct_passwd | None:
        """The entry in the list of users, None without one, as for most users of containers."""
        with suppress(KeyError):
            return pwd.getpwuid(self.uid)
        return None

    @property
    def name(self) -> str:
        return user_name(self.uid)

    @property
    def chown(self) -> str:
        """The owner as `chown` takes it."""
        return f"{self.name}:{group_name(self.gid)}"

    @property
    def sudo(self) -> str:
        """The beginning of a command that `sudo` runs as this user."""
        return f"sudo -u {self.account.pw_name}" if self.account else f"sudo -u '#{self.uid}'"


def user_name(uid: int) -> str:
    """Return the name of a user, its number where it has none."""
    with suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return str(uid)


def group_name(gid: int) -> str:
    """Return the name of a group, its number where it has none."""
    with suppress(KeyError):
        return grp.getgrgid(gid).gr_name
    return str(gid)


def own_name() -> str:
    """Return the name of this process's user."""
    return user_name(os.geteuid())


def owner_of(path: Path) -> Owner:
    """Return the owner of a file, or of the nearest folder above it that exists."""
    for place in (path, *path.absolute().parents):
        with suppress(OSError):
            status = place.stat()
            return Owner(status.st_uid, status.st_gid)
    return Owner(ROOT, ROOT)
