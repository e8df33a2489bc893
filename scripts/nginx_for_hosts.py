"""Writes deploy/nginx/dalleserver-cluster.conf from dalleserver.conf beside it: several hosts, and no picture on disk.

python scripts/nginx_for_hosts.py
"""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "nginx"
SOURCE, TARGET = FOLDER / "dalleserver.conf", FOLDER / "dalleserver-cluster.conf"

BEGINNING = """\
# nginx in front of several hosts of dalleserver (docs/cluster.md). scripts/nginx_for_hosts.py writes this file from
# dalleserver.conf: what a request may cost, headers and errors are the same.
# Adapt, each in one place: the hosts (upstream), listen and server_name, the folder (root), the log.
#
# Who may spend, how often, and what pages of other sites may do is in the folder dalleserver beside this file, which
# belongs in /etc/nginx: remove the # before the "include dalleserver/…" of what you want (docs/deploy.md has more).
#
# Every request goes to one of the hosts, which all answer alike: no disk has all pictures, and a data folder that a
# host had before it became one of several has pictures that may have been replaced or removed since.

upstream dalleserver {
    zone dalleserver 64k;       # all workers of nginx know which host is away
    server app-1:8080;
    server app-2:8080;
    keepalive 32;
    keepalive_timeout 60s;      # less than the application's 75 s, so that it is nginx that hangs up
}
"""
ONLY_FROM_DISK = (
    r'map "\$request_method \$http_prefer" \$dalle_progress',
    r'map "\$dalle_odd\$request_method \$request_uri" \$dalle_copy',
    r"map \$dalle_copy \$dalle_caching",
    r'map "\$dalle_odd\$request_method \$request_uri" \$dalle_file',
    r'location ~ "\^/dalle/\(\?<dalle_series>[^"]*/\?\\z"',
    r'location ~ "\^/dalle/\(\?<dalle_series>[^"]*png\\z"',
    r"location @progress",
    r"location @copy",
    r"location \^~ /files/",
)
"""How the blocks begin that nothing but a disk with pictures needs."""
CHANGES = {
    "# -- which file answers; a name that begins with /.none never exists": f"{'# -- which static file answers ':-<68}",
    "    root /var/lib/dalleserver/output;\n": "    root /var/empty;            # nothing is there\n",
    "        proxy_connect_timeout 5s;\n": """\
        # A host that cannot be reached, or dies while it answers, is left out for ten seconds, and another one is
        # asked: `generate=1` joins the run that the first one may have begun. What is posted is not sent twice.
        proxy_next_upstream error timeout;
        proxy_next_upstream_timeout 10s;        # an answer that is slow is not asked for again
        proxy_connect_timeout 2s;
""",
}


def for_hosts(text: str) -> str:
    """Returns the configuration for several hosts."""
    rest = text.partition("upstream dalleserver {")[2].partition("\n}\n")[2]
    for begin in ONLY_FROM_DISK:
        rest = without(rest, begin)
    for old, new in CHANGES.items():
        rest = once(rest.replace(old, new), rest.count(old), old)
    return BEGINNING + rest


def without(text: str, begin: str) -> str:
    """Returns the text without the block that begins so, and without the comment before it."""
    block = re.compile(rf"(?:^ *#[^\n]*\n)*^( *){begin} \{{\n(?:(?!\1\}}\n).*\n)*\1\}}\n\n?", re.MULTILINE)
    rest, number = block.subn("", text)
    return once(rest, number, begin)


def once(text: str, number: int, what: str) -> str:
    """Returns the text if something was found in it once. Raises ValueError."""
    if number != 1:
        raise ValueError(f"{TARGET.name}: {what!r} was found {number} times")
    return text


if __name__ == "__main__":
    TARGET.write_text(for_hosts(SOURCE.read_text(encoding="utf-8")), encoding="utf-8")
