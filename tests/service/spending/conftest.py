"""nginx with recipes before a real service: who may spend, how often, and from which pages."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from app import links
from tests.kit.environment import environment
from tests.kit.http import Client
from tests.kit.nginx import Nginx, Place

ADDRESS = "0x" + "ab" * 20
ABSENT = "0x" + "cd" * 20
PICTURE = f"/dalle/simple/{ADDRESS}"
PAGE = "https://app.example.org"
"""The origin of a page that may act, where a recipe distinguishes origins."""
SECRET = "a-secret-that-two-know/" + "9" * 24

UNLIMITED = {"rate=50r/s": "rate=100000r/s"}
"""So that attacks are refused for what they are, not because there are many."""


@dataclass(frozen=True)
class Guarded:
    """nginx with recipes, and the service behind it, which asks nobody for anything."""

    front: Client
    behind: Client
    place: Place

    def is_untouched(self) -> bool:
        """Whether nothing was started and nothing removed."""
        runs = self.behind.ask("/runs").data
        idle = self.behind.ask(f"/dalle/simple/{ABSENT}").json["data"] == {}
        return idle and not runs["runs"] and self.behind.ask(PICTURE).headers["content-type"] == "image/png"


def command(*words: str, **settings: Any) -> str:
    """What the command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", *words],
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@contextmanager
def guarded_by(
    recipes: Sequence[str], changes: dict[str, str] | None = None, *, known: str = "", **texts: str
) -> Iterator[Guarded]:
    """A service with PICTURE behind nginx with `recipes`; `texts` are recipes as an operator changes them.

    ann's password is `a secret`, and links are signed with SECRET. known: what nginx has in its place.
    """
    with Place() as place, place.service() as service:
        place.users(ann="a secret")
        if "links" in recipes:
            place.recipe("link-secret", known or command("sign", "--nginx", LINK_SECRET=SECRET))
        for name, text in texts.items():
            place.recipe(name, text)
        service.client.painted(PICTURE)
        # The picture is there a moment before its run has ended.
        service.wait_for(lambda: not service.ask("/runs").data["runs"], "the end of the run")
        with Nginx(place, {**UNLIMITED, **(changes or {})}, recipes=recipes) as nginx:
            yield Guarded(nginx.client, service.client, place)


def signed(path: str, expires: int, secret: str = SECRET) -> str:
    """The target of a link that was signed for this path and time, whatever they are."""
    return f"{path}?generate=1&expires={expires}&md5={links.signature(path, secret, expires)}"
