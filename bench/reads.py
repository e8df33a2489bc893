"""Measures reads through nginx and from gunicorn alone, each beside its baseline, by turns."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from bench.parts import Bare, Row, against, ask
from bench.samples import BIG, KEY, POLL4, POLL12, fill, put
from tests.kit.nginx import Nginx, Place
from tests.kit.ports import free_port


class Bench:
    """Runs a service behind nginx, one without it, and bare callables as the baseline."""

    def __init__(self, urls: tuple[str, str, str, str], pids: tuple[int, int, int]) -> None:
        self.front, self.alone, self.bare, self.plain = urls
        self.nginx_pid, self.alone_pid, self.bare_pid = pids

    def nginx_rows(self) -> Iterator[tuple[str, Callable[[], Row]]]:
        for name, address, folder, bar in (
            ("nginx: finished PNG 20 KB", KEY, "annotated/{}.png", 0.85),
            ("nginx: finished PNG 1.8 MB", BIG, "annotated/{}.png", 0.90),
            ("nginx: poll 4 KB", POLL4, "progress/{}.json", 0.60),
            ("nginx: poll 12 KB", POLL12, "progress/{}.json", 0.60),
        ):
            url = f"{self.front}/dalle/simple/{address}"
            base = f"{self.plain}/simple/{folder.format(address)}"
            yield name, partial(against, name, url, self.nginx_pid, base, self.nginx_pid, bar)

    def alone_rows(self) -> Iterator[tuple[str, Callable[[], Row]]]:
        for name, path, bare, bar in (
            ("alone: poll 4 KB", f"/dalle/simple/{POLL4}", "/poll.json", 0.50),
            ("alone: poll 12 KB", f"/dalle/simple/{POLL12}", "/poll12.json", 0.50),
            ("alone: cached PNG 20 KB", f"/dalle/simple/{KEY}", "/picture.png", 0.45),
            ("alone: /series", "/series", "/series.json", 0.45),
            ("alone: liveness", "/health?check=liveness", "/small.json", 0.45),
        ):
            yield name, partial(against, name, self.alone + path, self.alone_pid, self.bare + bare, self.bare_pid, bar)


@contextmanager
def bench() -> Iterator[Bench]:
    port, plain = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    with Place() as place, Place() as alone:
        fill(place.output)
        fill(alone.output)
        for name, address, kind in (("poll", POLL4, "progress"), ("poll12", POLL12, "progress"), ("picture", KEY, "")):
            source = place.output / "simple" / (kind or "annotated") / f"{address}.{'json' if kind else 'png'}"
            put(place.folder / "bare" / f"{name}{source.suffix}", source.read_bytes())
        server = f"server {{ listen 127.0.0.1:{plain}; root {place.output}; sendfile on; tcp_nopush on; "
        server += "keepalive_requests 10000; default_type application/json; "
        server += f"access_log {place.folder}/plain.log combined buffer=64k flush=5s; }}"
        with place.service(), alone.service(port=port, PROXY_HOPS=0) as service:
            put(place.folder / "bare/series.json", ask(f"{url}/series"))
            put(place.folder / "bare/small.json", ask(f"{url}/health?check=liveness"))
            folder = str(place.folder / "bare")
            bare = Bare(place.folder, "-w2", "--threads", "4", "bench.bare:application", BENCH_BARE_FOLDER=folder)
            with Nginx(place, workers=2, more=server) as nginx, bare:
                urls = (place.url, url, bare.url, f"http://127.0.0.1:{plain}")
                yield Bench(urls, (nginx.process.pid, service.process.pid, bare.process.pid))
