"""Which errors of the server are answers: loaded by schemathesis, beside its own checks."""

from typing import Any

import schemathesis
from schemathesis import Case, CheckContext, Response


@schemathesis.check
def refuses_only_for_a_reason(_: CheckContext, response: Response, case: Case[Any]) -> None:
    """501 is for another format of /oembed, and 503 says when to ask again."""
    if response.status_code == 501:
        assert case.operation.path == "/oembed", "501 is for /oembed"
    if response.status_code == 503:
        assert "retry-after" in response.headers, "503 says when to ask again"
