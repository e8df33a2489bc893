"""Where several hosts keep what they share: two URLs, together or not at all."""

from pathlib import Path

import pytest

from app.config import Config, ConfigError
from app.environment import load
from app.wiring import studio_settings
from tests.kit.environment import NOWHERE

DATABASE, BUCKET = "postgresql://dalle:pass@db.example.org/dalle", "s3://pictures/dalle"


def configured(**variables: str) -> Config:
    return load({}, variables, NOWHERE)


def test_is_one_host_without_them() -> None:
    config = configured()
    assert (config.database_url, config.bucket_url) == ("", "")
    assert studio_settings(config).shared is None


@pytest.mark.parametrize("bucket", [BUCKET, "gs://pictures", "az://pictures/a/b", "file:///mnt/shared"])
def test_takes_both(bucket: str) -> None:
    config = configured(TB_DALLE_DATABASE_URL=DATABASE, TB_DALLE_BUCKET_URL=bucket, TB_DALLE_CACHE_MB="3")
    shared = studio_settings(config).shared
    assert shared
    assert (shared.database, shared.bucket, shared.cache_bytes) == (DATABASE, bucket, 3_000_000)
    assert shared.connections > config.threads + config.jobs


def test_takes_them_from_files(tmp_path: Path) -> None:
    for name, url in {"database": DATABASE, "bucket": BUCKET}.items():
        (tmp_path / name).write_text(f"{url}\n")
    files = {
        "TB_DALLE_DATABASE_URL_FILE": str(tmp_path / "database"),
        "TB_DALLE_BUCKET_URL_FILE": str(tmp_path / "bucket"),
    }
    config = configured(**files)
    assert (config.database_url, config.bucket_url) == (DATABASE, BUCKET)


def test_shows_neither() -> None:
    config = configured(TB_DALLE_DATABASE_URL=DATABASE, TB_DALLE_BUCKET_URL=BUCKET)
    for text in (repr(config), repr(studio_settings(config))):
        assert "pass@" not in text
        assert "pictures" not in text
    assert {DATABASE, BUCKET} <= set(config.secrets)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"TB_DALLE_DATABASE_URL": DATABASE}, "expected TB_DALLE_BUCKET_URL beside it"),
        ({"TB_DALLE_BUCKET_URL": BUCKET}, "expected TB_DALLE_DATABASE_URL beside it"),
        ({"TB_DALLE_DATABASE_URL": "mysql://db/dalle"}, "expected postgresql://"),
        ({"TB_DALLE_DATABASE_URL": "postgresql://db"}, "expected postgresql://"),
        ({"TB_DALLE_BUCKET_URL": "ftp://host/x"}, "expected s3://bucket/prefix"),
        ({"TB_DALLE_BUCKET_URL": "file://"}, "expected s3://bucket/prefix"),
        ({"TB_DALLE_CACHE_MB": "0"}, "TB_DALLE_CACHE_MB=0"),
    ],
)
def test_complains_of_one_without_the_other_and_of_what_is_none(variables: dict[str, str], expected: str) -> None:
    with pytest.raises(ConfigError) as caught:
        configured(**variables)
    assert expected in str(caught.value)
    assert "pass@" not in str(caught.value)
