import os
import resource
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dalle.storage.folder.claims import Claims, Lease
from dalle.storage.folder.liveness import is_locked
from dalle.storage.protocol import ClaimLost
from tests.kit.clocks import Clock
from tests.kit.fakes import KEY

TTL = 10.0


def files(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if not name.startswith("guard"))


def test_lets_one_holder_have_a_key(tmp_path: Path) -> None:
    claims = Claims(tmp_path, TTL)
    claim = claims.claim(KEY)
    assert claim
    assert claims.is_claimed(KEY)
    assert claims.claim(KEY) is None
    claim.release()
    assert not claims.is_claimed(KEY)
    assert claims.claim(KEY)


def test_has_one_winner_among_threads(tmp_path: Path) -> None:
    wins = []
    for _ in range(20):
        won: list[Lease | None] = []
        threads = [
            threading.Thread(target=lambda won=won: won.append(Claims(tmp_path, TTL).claim(KEY))) for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        winners = [claim for claim in won if claim]
        wins.append(len(winners))
        for claim in winners:
            claim.release()
    assert wins == [1] * 20


def test_is_released_from_any_thread_and_twice(tmp_path: Path) -> None:
    claims = Claims(tmp_path, TTL)
    claim = claims.claim(KEY)
    assert claim
    thread = threading.Thread(target=claim.release)
    thread.start()
    thread.join()
    claim.release()
    assert files(tmp_path) == []


def test_takes_a_silent_holders_key_and_lets_it_publish_nothing(tmp_path: Path) -> None:
    clock = Clock()
    claims = Claims(tmp_path, TTL, now=clock)
    first = claims.claim(KEY)
    assert first
    clock.now += TTL + 1
    second = claims.claim(KEY)
    assert second
    assert second.generation == first.generation + 1
    with pytest.raises(ClaimLost), first.held():
        raise AssertionError("a lost claim is not held")
    with pytest.raises(ClaimLost), first.renewed():
        pass
    first.release()
    assert claims.is_claimed(KEY)
    second.release()
    assert files(tmp_path) == []


def test_stays_busy_while_the_holder_renews(tmp_path: Path) -> None:
    clock = Clock()
    claims = Claims(tmp_path, TTL, now=clock)
    claim = claims.claim(KEY)
    assert claim
    for _ in range(5):
        clock.now += TTL - 1
        with claim.renewed():
            pass
        assert claims.is_claimed(KEY)


def test_stays_busy_after_a_long_moment_of_writing(tmp_path: Path) -> None:
    clock = Clock()
    claims = Claims(tmp_path, TTL, now=clock)
    claim = claims.claim(KEY)
    assert claim
    with claim.held():
        clock.now += TTL + 1
    assert claims.is_claimed(KEY)
    with claim.held():
        claim.release_held()
    assert files(tmp_path) == []


def test_writes_its_claim_again_when_a_tenth_of_the_ttl_has_gone_by(tmp_path: Path) -> None:
    clock = Clock()
    claims = Claims(tmp_path, TTL, now=clock)
    claim = claims.claim(KEY)
    assert claim

    def content() -> bytes:
        with claim.held():
            pass
        return next(tmp_path.glob("*.lock")).read_bytes()

    first = content()
    clock.now += TTL * 0.09
    assert content() == first
    clock.now += TTL * 0.02
    assert content() != first


def test_takes_no_renewal_for_done_that_failed(tmp_path: Path) -> None:
    clock = Clock()
    claims = Claims(tmp_path, TTL, now=clock)
    claim = claims.claim(KEY)
    assert claim
    clock.now += TTL * 0.9
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))  # as on a full disk
    try:
        with pytest.raises(OSError, match="too large"), claim.renewed():
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    with claim.held():
        pass
    clock.now += TTL * 0.5
    assert claims.is_claimed(KEY)


def test_knows_a_dead_process_at_once(tmp_path: Path) -> None:
    code = (
        "import os; from pathlib import Path; from dalle.key import Key\n"
        "from dalle.storage.folder.claims import Claims, Lease\n"
        f"assert Claims(Path({str(tmp_path)!r}), 1000).claim(Key({KEY.series!r}, {KEY.address!r})); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[3])
    assert [name.rsplit(".", 1)[1] for name in files(tmp_path)] == ["live", "lock"]
    claims = Claims(tmp_path, TTL)
    assert not claims.is_claimed(KEY)
    claim = claims.claim(KEY)
    assert claim
    claim.release()
    assert files(tmp_path) == []


def test_waits_a_whole_ttl_for_a_holder_on_another_machine(tmp_path: Path) -> None:
    there, here = Clock(5_000_000), Clock()
    claim = Claims(tmp_path, TTL, boot="there", now=there).claim(KEY)
    assert claim
    claims = Claims(tmp_path, TTL, boot="here", observe=here)
    assert claims.is_claimed(KEY)
    here.now += TTL - 1
    assert claims.claim(KEY) is None
    with claim.renewed():
        pass
    assert claims.claim(KEY) is None
    here.now += TTL - 1
    assert claims.claim(KEY) is None
    here.now += 2
    assert claims.claim(KEY)


def test_is_not_bound_by_an_unreadable_claim(tmp_path: Path) -> None:
    claims = Claims(tmp_path, TTL)
    for garbage in (b"", b"{", b"[]", b'{"token":1}'):
        (tmp_path / f"{KEY.series}.{KEY.address}.lock").write_bytes(garbage)
        assert not claims.is_claimed(KEY)
    assert claims.claim(KEY)


def test_tidies_what_dead_holders_left_and_nothing_else(tmp_path: Path) -> None:
    claims = Claims(tmp_path, TTL)
    claim = claims.claim(KEY)
    assert claim
    kept = files(tmp_path)
    (tmp_path / f"{KEY.series}.{KEY.address}.0123456789abcdef.live").touch()
    (tmp_path / "other.0x1.lock").write_text("{")
    claims.tidy()
    assert files(tmp_path) == kept


def test_does_not_wait_for_a_guard_without_wait(tmp_path: Path) -> None:
    claims = Claims(tmp_path, TTL)
    with claims.guard(KEY):
        assert Claims(tmp_path, TTL).claim(KEY, wait=False) is None


def test_sees_no_lock_on_a_file_that_is_missing(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "missing")
