"""The service that several modules of this ring share."""

from tests.system.conftest import client, data_dir

__all__ = ["client", "data_dir"]
