"""Measures every kind of request, each beside its baseline in the same minutes, and prints one table (`make bench`).

    python -m bench.speed [row …]      only the rows whose names contain one of the words

All values are medians; a rate comes with the processor time of the server per request. Needs wrk and nginx, and takes
four minutes.
"""

import http.client
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

from bench.parts import Peak, Row, ask, ended, machine, pss, wrk
from bench.reads import bench
from bench.samples import CAPTION, POLL4, fill, png, put
from bench.soak import soak
from dalle.imaging.caption import annotate
from dalle.imaging.decoding import decode
from dalle.imaging.png import encode
from dalle.imaging.thumbnails import thumbnails
from dalle.storage.blob import WIDTHS
from tests.kit.images import as_file, clouds
from tests.kit.nginx import NGINX, Place
from tests.kit.ports import free_port
from tests.kit.stub import Stub
from tests.kit.waiting import wait


def crowd() -> Row:
    """Lets 500 clients request the same new picture at the same moment."""
    port = free_port()
    times: list[float] = []
    bad: list[int] = []
    barrier = threading.Barrier(500)
    path = f"/dalle/simple/0x{secrets.token_hex(20)}?generate=1"

    def one() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        barrier.wait()
        began = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        if answer.status != 200:
            bad.append(answer.status)
        connection.close()

    with Stub() as stub, Place() as place, place.service(port=port, variables=stub.variables, NO_ENHANCE=1):
        stub.script({"latency": {"images": 1}})
        ask(f"http://127.0.0.1:{port}/series")
        threads = [threading.Thread(target=one) for _ in range(500)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        ended(f"http://127.0.0.1:{port}{path}")
        calls = stub.images()
    p99 = sorted(times)[round(len(times) * 0.99) - 1] * 1000
    value = f"p99 {p99:.0f} ms, {calls} call, {len(bad)} bad"
    return Row("500 × generate=1, one key", value, "", "", "≤ 500 ms, 1 call", p99 <= 500 and calls == 1 and not bad)


def painting() -> Row:
    """Measures polls while two runs paint and annotate, beside polls of an idle service."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/dalle/simple"
    stopping = threading.Event()
    made = 0

    def keep_busy() -> None:
        nonlocal made
        while not stopping.is_set():
            address = f"0x{secrets.token_hex(20)}"
            ask(f"{url}/{address}?generate=1")
            ended(f"{url}/{address}")
            made += 1

    with Place() as place:
        fill(place.output)
        with place.service(port=port, JOBS=1):
            quiet, busy = [], []
            for _ in range(3):
                quiet.append(wrk(f"{url}/{POLL4}", seconds=3, connections=8).p99)
                stopping.clear()
                threads = [threading.Thread(target=keep_busy) for _ in range(2)]
                for thread in threads:
                    thread.start()
                try:
                    busy.append(wrk(f"{url}/{POLL4}", seconds=3, connections=8).p99)
                finally:
                    stopping.set()
                for thread in threads:
                    thread.join()
    before, during = statistics.median(quiet), statistics.median(busy)
    ratio = during / before
    value = f"p99 {during:.1f} ms ({made} painted)"
    return Row("poll while 2 jobs paint", value, f"p99 {before:.1f} ms", f"{ratio:.1f} ×", "≤ 3 ×", ratio <= 3)


def forty() -> Row:
    """Makes 40 pictures at once with a provider that answers at once."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/dalle/simple"
    with (
        Stub() as stub,
        Place() as place,
        place.service(port=port, variables=stub.variables, NO_ENHANCE=1) as service,
    ):
        # Each worker makes its client with its first picture.
        warming = [f"{url}/0x{number:040x}" for number in range(8)]
        for each in warming:
            ask(f"{each}?generate=1")
        for each in warming:
            ended(each)
        peak = Peak(service.process.pid)
        peak.start()
        addresses = [f"0x{secrets.token_hex(20)}" for _ in range(40)]
        began = time.perf_counter()
        for address in addresses:
            ask(f"{url}/{address}?generate=1")
        for address in addresses:
            answer = ended(f"{url}/{address}")
            assert not answer.get("error"), answer
        rate = 40 / (time.perf_counter() - began)
        top = peak.stop() / 2**20
    value = f"{rate:.1f}/s, peak {top:.0f} MB"
    return Row("40 pictures at once", value, "", "", "≥ 10/s, ≤ 500 MB", rate >= 10 and top <= 500)


def annotating() -> Row:
    """Measures one 1024² picture from the bytes of the provider to all published files, beside decode and encode."""
    data = as_file(clouds(1024))
    whole, least = [], []
    for _ in range(15):
        began = time.perf_counter()
        encode(decode(data))
        least.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        image = annotate(data, CAPTION).preview
        thumbnails(image, WIDTHS)
        whole.append((time.perf_counter() - began) * 1000)
    value, baseline = statistics.median(whole), statistics.median(least)
    ratio = statistics.median(one / other for one, other in zip(whole, least, strict=True))
    holds = ratio <= 1.6 and value <= 90
    return Row(
        "annotate 1024², small ones too",
        f"{value:.0f} ms",
        f"{baseline:.0f} ms",
        f"{ratio:.2f} ×",
        "≤ 1.6 ×, ≤ 90 ms",
        holds,
    )


def gallery() -> Row:
    """Measures the first page of 10,000 pictures."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/preview"
    data = png(500)
    with Place() as place:
        for number in range(10_000):
            put(place.output / f"series-{number % 5}" / "annotated" / f"0x{number:040x}.png", data)
        with place.service(port=port):
            size = len(ask(url))
            for _ in range(10):
                ask(url)
            times = []
            for _ in range(21):
                began = time.perf_counter()
                ask(url)
                times.append((time.perf_counter() - began) * 1000)
    value = statistics.median(times)
    return Row(
        "/preview, 10,000 pictures",
        f"{value:.1f} ms, {size / 1024:.0f} KB",
        "",
        "",
        "≤ 20 ms, ≤ 60 KB",
        value <= 20 and size <= 61440,
    )


def starting() -> Row:
    """Measures the time from the command to the first answer, and the memory of an idle worker."""
    times, memory = [], []
    for _ in range(3):
        with Place() as place:
            service = place.service(WORKERS=2)
            began = time.perf_counter()
            service.start()
            try:
                wait(service.is_alive, "the first answer")
                times.append(time.perf_counter() - began)
                time.sleep(1)
                memory.append(max(map(pss, service.workers())) / 2**20)
            finally:
                service.stop()
    first, worker = statistics.median(times), statistics.median(memory)
    return Row(
        "start; idle worker",
        f"{first:.2f} s; {worker:.0f} MB PSS",
        "",
        "",
        "≤ 1.5 s; ≤ 40 MB",
        first <= 1.5 and worker <= 40,
    )


def soaking() -> Row:
    return soak(60)


def main(words: list[str]) -> int:
    if NGINX is None:
        print("nginx is missing: apt-get install nginx-light")
        return 2
    rows: list[Row] = []

    def run(name: str, measure: Callable[[], Row]) -> None:
        if words and not any(word in name for word in words):
            return
        began = time.perf_counter()
        try:
            rows.append(measure())
        except (AssertionError, OSError, subprocess.SubprocessError) as exc:
            rows.append(Row(name, f"failed: {str(exc)[:90]}", holds=False))
        print(
            f"  {name}: {rows[-1].value} {rows[-1].ratio} ({time.perf_counter() - began:.0f} s)",
            file=sys.stderr,
            flush=True,
        )

    with bench() as made:
        for name, measure in (*made.nginx_rows(), *made.alone_rows()):
            run(name, measure)
    later = (crowd, painting, forty, annotating, gallery, starting, soaking)
    for function in later:
        run(function.__name__, function)
    print_table(rows)
    return 0 if all(row.holds is not False for row in rows) else 1


def print_table(rows: list[Row]) -> None:
    print(machine())
    print("| row | measured | baseline | ratio | bar | |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        mark = "" if row.holds is None else "holds" if row.holds else "**missed**"
        print(f"| {row.name} | {row.value} | {row.baseline} | {row.ratio} | {row.bar} | {mark} |")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
