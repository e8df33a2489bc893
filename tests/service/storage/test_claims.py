"""What the folder engine promises of claims besides `ClaimTests`."""

import os
import resource
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from dalle.storage.folder.locks.claims import Claims
from dalle.storage.local.liveness import is_locked
from tests.kit.clocks import Clock
from tests.kit.fakes import KEY
from tests.kit.processes import Child, sleep

TTL = 10.0


def files(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if not name.startswith("guard"))


def claiming(pipe: Connection, folder: Path) -> None:
    assert Claims(folder, TTL).claim(KEY)
    pipe.send("claimed")
    sleep(pipe)


def test_leaves_no_file_behind_when_a_silent_holder_was_replaced(tmp_path: Path) -> None:
    clock = Clock()
    claims = Claims(tmp_path, TTL, now=clock)
    first = claims.claim(KEY)
    clock.now += TTL + 1
    second = claims.claim(KEY)
    assert first
    assert second
    assert second.generation == first.generation + 1
    first.release()
    assert len(files(tmp_path)) == 2
    second.release()
    assert files(tmp_path) == []


def test_leaves_no_file_behind_when_a_killed_holder_was_replaced(tmp_path: Path) -> None:
    with Child(claiming, tmp_path) as child:
        assert child.receive() == "claimed"
        child.kill()
    assert [name.rsplit(".", 1)[1] for name in files(tmp_path)] == ["live", "lock"]
    claim = Claims(tmp_path, TTL).claim(KEY)
    assert claim
    claim.release()
    assert files(tmp_path) == []


def test_frees_a_released_claim_though_its_file_cannot_be_removed(tmp_path: Path) -> None:
    claims = Claims(tmp_path / "locks", TTL)
    claim = claims.claim(KEY)
    assert claim
    lock = next((tmp_path / "locks").glob("*.lock"))
    kept = lock.read_bytes()
    lock.unlink()
    lock.mkdir()  # what cannot be read as a file
    with pytest.raises(OSError, match="directory"):
        claim.release()
    lock.rmdir()
    lock.write_bytes(kept)
    assert not claims.is_claimed(KEY)


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
    left = {name for name in files(tmp_path) if not claims.tidy(name)}
    assert files(tmp_path) == kept
    assert left == set(kept)  # the holder lives


def test_sees_no_lock_on_a_file_that_is_missing(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "missing")
