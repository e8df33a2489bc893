"""Whose word is taken that a call was not accepted."""

from typing import Any

import pytest

from dalle.errors import GenerationError, OutcomeUnknown, Unavailable
from dalle.painters.openai.answers import read
from tests.unit.painters.answers.shapes import BASE, received

SERVER_ERROR = {"error": {"message": "", "type": "server_error", "code": "server_error"}}


@pytest.mark.parametrize("status", [500, 503])
@pytest.mark.parametrize(
    ("base", "hosts", "kind"),
    [
        ("https://api.openai.com/v1", (), Unavailable),
        ("https://eu.api.openai.com/v1", (), Unavailable),
        ("https://me.openai.azure.com/openai/deployments/x?api-version=1", (), Unavailable),
        ("https://api.together.xyz/v1", (), Unavailable),
        ("https://api.x.ai/v1", (), Unavailable),
        ("https://generativelanguage.googleapis.com/v1beta/openai", (), Unavailable),
        ("https://openrouter.ai/api/v1", (), OutcomeUnknown),
        ("https://me.azure-api.net/v1", (), OutcomeUnknown),
        ("https://api.openai.com.example.com/v1", (), OutcomeUnknown),
        ("https://api.openai.com@example.com/v1", (), OutcomeUnknown),
        ("https://notapi.openai.com.evil/v1", (), OutcomeUnknown),
        ("http://127.0.0.1:4000/v1", (), OutcomeUnknown),
        ("http://127.0.0.1:4000/v1", ("127.0.0.1",), Unavailable),
        ("http://127.0.0.1:4000/v1", ("127.0.0.1:4000",), Unavailable),
        ("http://127.0.0.1:4000/v1", ("127.0.0.1:4001",), OutcomeUnknown),
        ("http://[::1]:4000/v1", ("[::1]:4000",), Unavailable),
        ("https://Images.Example.com/v1", ("images.example.com",), Unavailable),
        ("https://images.example.com/v1", ("images.example.com:443",), Unavailable),
        ("", (), OutcomeUnknown),
    ],
)
def test_believes_that_a_call_was_not_accepted_only_a_provider(
    status: int, base: str, hosts: tuple[str, ...], kind: type[GenerationError]
) -> None:
    for answer in (received(SERVER_ERROR, status, ""), received(SERVER_ERROR, 200, "")):
        with pytest.raises(GenerationError) as raised:
            read(answer, base_url=base, hosts=hosts)
        assert type(raised.value) is kind


@pytest.mark.parametrize("body", [b"", "<html>", {"message": "x"}, {"code": "server_error"}, {"error": "x"}, "[]", "{"])
def test_believes_no_500_but_one_in_the_form_of_a_provider(body: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        read(received(body, 500), base_url=BASE, hosts=["host"])
