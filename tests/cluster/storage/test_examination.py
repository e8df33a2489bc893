"""What `doctor` says about a bucket and the spool."""

from pathlib import Path

import pytest

pytest.importorskip("psycopg")

from dalle.key import Key
from dalle.storage.blob import Original
from dalle.storage.cluster.buckets.bucket import open_bucket
from dalle.storage.cluster.objects.examination import examine
from dalle.storage.cluster.objects.spool import Spool
from dalle.storage.finding import Finding
from tests.kit import seaweed


def findings(url: str, folder: Path, *, read_only: bool = False) -> list[Finding]:
    return list(examine(open_bucket(url), Spool(folder / "spool"), read_only=read_only))


def test_finds_nothing_wrong_with_a_bucket_that_works(tmp_path: Path) -> None:
    seaweed.need_seaweed()
    url = seaweed.server().url()
    found = findings(url, tmp_path)
    assert {finding.level for finding in found} <= {"ok", "warning"}  # a machine may be slow
    assert "refuses to write an object twice" in found[-1].message
    assert list(open_bucket(url).list()) == []


def test_says_that_conditions_are_ignored(tmp_path: Path) -> None:
    seaweed.need_seaweed()
    with seaweed.careless() as url:
        found = findings(url, tmp_path)
    assert found[-1].level == "ok"
    assert "no harm" in found[-1].message


def test_writes_nothing_if_it_may_only_read(tmp_path: Path) -> None:
    bucket = open_bucket(f"file://{tmp_path}/bucket")
    bucket.prepare()
    assert [finding.level for finding in findings(bucket.url, tmp_path, read_only=True)] == ["ok"] * 3
    assert list(tmp_path.rglob("*")) == [tmp_path / "bucket"]


def test_names_a_bucket_that_is_away(tmp_path: Path) -> None:
    found = findings(f"file://{tmp_path}/none", tmp_path)
    assert (found[-1].check, found[-1].level) == ("bucket", "error")
    assert "is not there" in found[-1].message
    assert found[-1].todo


def test_says_that_answers_wait(tmp_path: Path) -> None:
    Spool(tmp_path / "spool").add(Original.of(Key("simple", f"0x{'5a' * 20}"), "run1", 1), b"paid", 1)
    (waiting,) = [finding for finding in findings(f"file://{tmp_path}/none", tmp_path) if finding.level == "warning"]
    assert waiting.message.startswith("1 answer that was paid for waits")
