"""Other users than the one who runs the tests. Only root can become one."""

import os
import subprocess

USER = 54321
"""A user without an entry in the list of users."""

# Who may read everything here, also below root's home folder, where the interpreter may be.
NOBODY = (
    *("setpriv", "--reuid", str(USER), "--regid", str(USER), "--clear-groups"),
    *("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"),
)
# Root, but for the right to write everywhere. What becomes another user keeps the right to read, for the same reason.
SUDO = (
    *("setpriv", "--securebits", "+no_setuid_fixup", "--bounding-set", "-dac_override"),
    *("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search"),
)


def may_change_user() -> bool:
    """Whether commands with these prefixes can be started."""
    return os.geteuid() == 0 and all(
        subprocess.run([*prefix, "true"], check=False, capture_output=True).returncode == 0 for prefix in (NOBODY, SUDO)
    )
