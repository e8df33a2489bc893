import pytest

pytest.register_assert_rewrite("tests.service.storage.suites")
