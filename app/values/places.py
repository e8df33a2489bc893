"""Where several hosts keep what they share, as URLs. Imports nothing of app."""

from urllib.parse import urlsplit

DATABASES = ("postgresql", "postgres")
BUCKETS = ("s3", "gs", "az", "file")


def database_url(value: str) -> str:
    """Raises ValueError."""
    parts = urlsplit(value)
    if value and (parts.scheme not in DATABASES or not parts.path.strip("/")):
        raise ValueError("postgresql://user:password@host:5432/database")
    return value


def bucket_url(value: str) -> str:
    """Raises ValueError."""
    parts = urlsplit(value)
    place = parts.path if parts.scheme == "file" else parts.netloc
    if value and (parts.scheme not in BUCKETS or not place.strip("/")):
        raise ValueError("s3://bucket/prefix, gs://bucket/prefix, az://container/prefix or file:///shared/folder")
    return value
