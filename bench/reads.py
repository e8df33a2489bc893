"""Requests a second of reads, from gunicorn alone and through nginx, each beside its baseline."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bench.pairs import Aim, Figure, Pair, by_turns
from bench.parts import Bare, ask, cpu, wrk
from bench.samples import BIG, KEY, POLL4, POLL12, fill, put
from tests.kit.nginx import Nginx, Place
from tests.kit.ports import free_port

TURNS, SECONDS = 2, 1
UNIT = "/s"
AIMS = (
    Aim("alone: poll 4 KB", UNIT, 0.50),
    Aim("alone: poll 12 KB", UNIT, 0.50),
    Aim("alone: picture 20 KB", UNIT, 0.50),
    Aim("alone: /series", UNIT, 0.48),
    Aim("alone: liveness", UNIT, 0.52),
    Aim("nginx: picture 20 KB", UNIT, 0.90),
    Aim("nginx: picture 1.8 MB", UNIT, 0.90),
    Aim("nginx: poll 4 KB", UNIT, 0.75),
    Aim("nginx: poll 12 KB", UNIT, 0.75),
)
PATHS = {
    "alone: poll 4 KB": (f"/dalle/simple/{POLL4}", "/poll.json"),
    "alone: poll 12 KB": (f"/dalle/simple/{POLL12}", "/poll12.json"),
    "alone: picture 20 KB": (f"/dalle/simple/{KEY}", "/picture.png"),
    "alone: /series": ("/series", "/series.json"),
    "alone: liveness": ("/health?check=liveness", "/small.json"),
    "nginx: picture 20 KB": (f"/dalle/simple/{KEY}", f"/simple/annotated/{KEY}.png"),
    "nginx: picture 1.8 MB": (f"/dalle/simple/{BIG}", f"/simple/annotated/{BIG}.png"),
    "nginx: poll 4 KB": (f"/dalle/simple/{POLL4}", f"/simple/progress/{POLL4}.json"),
    "nginx: poll 12 KB": (f"/dalle/simple/{POLL12}", f"/simple/progress/{POLL12}.json"),
}
"""Ours and the baseline's."""


class Server(NamedTuple):
    url: str
    pid: int

    def answer(self, path: str) -> Figure:
        """Measures requests a second."""
        before = cpu(self.pid)
        load = wrk(self.url + path, seconds=SECONDS)
        assert not load.bad, f"{path}: {load.bad} answers that are not 2xx"
        return Figure(load.rate, (cpu(self.pid) - before) * 1e6 / (load.rate * SECONDS))


def start(tree: Path, names: Sequence[str]) -> Iterator[tuple[str, list[Pair]]]:
    """Starts all servers once and measures these rows."""
    with servers(tree) as sides:
        for kind, pair in sides.items():
            for server, path in zip(pair, PATHS[f"{kind}: poll 4 KB"], strict=True):
                wrk(server.url + path, seconds=1)  # the first second of a server is not like the others
        for name in names:
            ours, baseline = sides[name.partition(":")[0]]
            path, other = PATHS[name]
            yield name, by_turns(partial(ours.answer, path), partial(baseline.answer, other), TURNS)


@contextmanager
def servers(tree: Path) -> Iterator[dict[str, tuple[Server, Server]]]:
    """Yields ours and the baseline: of gunicorn alone the bare callable, of nginx itself with a folder of files."""
    port, plain = free_port(), free_port()
    with Place(tree) as place, Place(tree) as alone:
        fill(place.output)
        fill(alone.output)
        bodies = place.folder / "bare"
        for name, address, kind in (("poll", POLL4, "progress"), ("poll12", POLL12, "progress"), ("picture", KEY, "")):
            source = place.output / "simple" / (kind or "annotated") / f"{address}.{'json' if kind else 'png'}"
            put(bodies / f"{name}{source.suffix}", source.read_bytes())
        files = f"server {{ listen 127.0.0.1:{plain}; root {place.output}; sendfile on; tcp_nopush on; "
        files += "keepalive_requests 10000; default_type application/json; "
        files += f"access_log {place.folder}/plain.log combined buffer=64k flush=5s; }}"
        with place.service(), alone.service(port=port, PROXY_HOPS=0) as service:
            ours = Server(f"http://127.0.0.1:{port}", service.process.pid)
            put(bodies / "series.json", ask(f"{ours.url}/series"))
            put(bodies / "small.json", ask(f"{ours.url}/health?check=liveness"))
            with Nginx(place, workers=2, more=files) as nginx, Bare(bodies) as bare:
                yield {
                    "alone": (ours, Server(bare.url, bare.process.pid)),
                    "nginx": (
                        Server(place.url, nginx.process.pid),
                        Server(f"http://127.0.0.1:{plain}", nginx.process.pid),
                    ),
                }
