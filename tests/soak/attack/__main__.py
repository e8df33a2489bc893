"""`python -m tests.soak.attack [--minutes 120] [--seed 1] [--only name,…]`: harm in rounds, an audit after each."""

import argparse
import random
import sys
import threading
import time
import traceback
from collections.abc import Callable

from tests.soak.attack import buyers, hands, moods, shell, violence, wire
from tests.soak.attack.audit import audit
from tests.soak.attack.ground import Ground

Attacker = Callable[[Ground, random.Random], None]
ATTACKERS: dict[str, tuple[Attacker, int]] = {
    "buy": (buyers.buy, 4),
    "read": (buyers.read, 3),
    "browse": (buyers.browse, 2),
    "remove": (buyers.remove, 2),
    "slice": (buyers.slice_, 1),
    "kill worker": (violence.kill_worker, 1),
    "stop worker": (violence.stop_worker, 1),
    "signal master": (violence.signal_master, 1),
    "kill service": (violence.kill_service, 1),
    "sleep": (violence.sleep_machine, 1),
    "hang provider": (violence.hang_provider, 1),
    "nginx": (violence.disturb_nginx, 1),
    "settings": (violence.change_settings, 1),
    "moods": (moods.change, 1),
    "meddle": (hands.meddle, 1),
    "clear": (hands.clear, 1),
    "fill disk": (hands.fill_disk, 1),
    "series": (hands.shape_series, 1),
    "smuggle": (wire.smuggle, 2),
    "dawdle": (wire.dawdle, 1),
    "sip": (wire.sip, 3),
    "storm": (wire.storm, 1),
    "shell": (shell.run, 1),
}
"""What is done, and by how many at a time."""
ROUND = 150  # seconds
QUICK = {"buy", "read", "browse", "remove", "slice", "smuggle", "sip"}


def harm(ground: Ground, name: str, seed: int, until: float) -> None:
    """One attacker's part of a round. Its own failure is a violation: it may be a service that answers nonsense."""
    chance, (step, _) = random.Random(f"{name} {seed}"), ATTACKERS[name]
    while time.monotonic() < until and not ground.ending.is_set():
        try:
            step(ground, chance)
        except Exception:
            ground.witness.accuse(f"attacker {name}", traceback.format_exc())
            time.sleep(1)
        if name in QUICK:
            time.sleep(chance.uniform(0, 0.15))


def attack(ground: Ground, names: list[str], seed: int) -> None:
    until = time.monotonic() + ROUND
    threads = [
        threading.Thread(target=harm, args=(ground, name, seed * 100 + number, until), daemon=True)
        for name in names
        for number in range(ATTACKERS[name][1])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ROUND + 120)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak.attack", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default=",".join(ATTACKERS), help="names, separated by commas")
    options = parser.parse_args()
    end, number = time.monotonic() + 60 * options.minutes, 0
    shown = 0
    with Ground(options.seed, options.minutes) as ground:
        while number == 0 or time.monotonic() < end:
            number += 1
            attack(ground, options.only.split(","), options.seed * 1000 + number)
            audit(ground)
            figures = ", ".join(f"{name} {count}" for name, count in sorted(ground.witness.answers.items()))
            print(f"round {number}: {figures}", flush=True)  # noqa: T201 — its report
            for violation in ground.witness.violations[shown:]:
                print(f"VIOLATION {violation}", flush=True)  # noqa: T201
            shown = len(ground.witness.violations)
            ground.renew()
        return 1 if shown else 0


sys.exit(main())
