"""The old name of tests/kit/folders.py and images.py."""

from tests.kit.folders import MOMENT, address, put
from tests.kit.images import png

__all__ = ["MOMENT", "address", "png", "put"]
