import pytest

from dalle.correlation import REQUEST_ID, working_for


def test_sets_the_request_id_for_the_body_only() -> None:
    with working_for("feedbeef"):
        with working_for("deadbeef"):
            assert REQUEST_ID.get() == "deadbeef"
        assert REQUEST_ID.get() == "feedbeef"
    assert REQUEST_ID.get() == ""


def test_resets_the_request_id_after_an_error() -> None:
    with pytest.raises(ValueError, match="meant"), working_for("feedbeef"):
        raise ValueError("meant")
    assert REQUEST_ID.get() == ""
