"""The old name of tests/kit/images.py."""

from tests.kit.images import as_file, gradient, noise, reopened
from tests.kit.images import clouds as photo

__all__ = ["as_file", "gradient", "noise", "photo", "reopened"]
