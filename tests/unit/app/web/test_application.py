"""Routing, which looks at the path and nothing else, and what is called around a request."""

import html

import pytest
from flask import Response, after_this_request, request
from flask.testing import FlaskClient
from werkzeug.test import create_environ, run_wsgi_app

from app.web.application import LONGEST, Application
from tests.kit.fakes import KEY


@pytest.mark.parametrize("path", ["/series", "/preview"])
@pytest.mark.parametrize(
    "host", ["localhost", "h\u00e4\u00dflich", "[::1", "xn--a", "pictures.example:99999", "a" * 300]
)
def test_answers_under_any_name(client: FlaskClient, path: str, host: str) -> None:
    environ = {**create_environ(path), "HTTP_HOST": host}
    _, status, _ = run_wsgi_app(client.application, environ)  # the client itself wants to understand the name
    assert status == "200 OK"


def test_links_below_the_place_where_it_is_mounted(client: FlaskClient) -> None:
    page = client.get("/preview", environ_overrides={"SCRIPT_NAME": "/pictures"})
    assert 'action="/pictures/preview"' in page.text
    assert 'href="/preview"' not in page.text
    assert "curl 'http://localhost/pictures/dalle/simple/" in html.unescape(page.text)


def test_reads_paths_as_utf_8(client: FlaskClient) -> None:
    answer = client.get("/dalle/s\u00e9rie/0x1")
    assert answer.status_code == 400
    assert "s\u00e9rie" in answer.json["error"]["details"]  # type: ignore[index]
    assert client.get("/nowhere/%ff").status_code == 404


def test_lists_the_allowed_methods(client: FlaskClient) -> None:
    answer = client.delete("/series")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (f"/dalle/{KEY}", "DELETE, GET, HEAD"),
        (f"/dalle/{KEY}/", "DELETE, GET, HEAD"),
        (f"/dalle/{KEY}.png", "GET, HEAD"),
        (f"/dalle/{KEY}%2epng", "GET, HEAD"),
        ("/dalle/nosuch/x.png", "GET, HEAD"),
        ("/dalle/.png", "GET, HEAD"),
    ],
)
def test_lists_what_a_picture_allows(client: FlaskClient, path: str, allowed: str) -> None:
    """One for those who go by the ending is only shown, whatever else its path may mean."""
    for method in ("POST", "DELETE", "X-Y"):
        answer = client.open(path, method=method)
        if method == "DELETE" and "DELETE" in allowed:
            assert answer.get_json()["data"] == {}
            continue
        assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
        assert answer.get_json()["error"]["code"] == "METHOD_NOT_ALLOWED"


def test_forbids_caching_a_missing_static_file(client: FlaskClient) -> None:
    answer = client.get("/static/none.css?v=1")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")


def test_distinguishes_methods_of_the_same_path(client: FlaskClient) -> None:
    for _ in range(2):
        assert client.get("/series").status_code == 200
        assert client.delete("/series").status_code == 405
        assert client.options("/series").headers["Allow"]


def test_parses_the_arguments_of_each_request_anew(client: FlaskClient) -> None:
    def spoil() -> None:
        assert request.view_args
        seen.append(dict(request.view_args))
        request.view_args.update(dict.fromkeys(request.view_args, "spoiled"))

    seen: list[dict[str, str]] = []
    client.application.before_request(spoil)
    for _ in range(2):
        client.get("/dalle/simple/0xd8da6bf26964af9d7eed9e03e53415d37aa96045")
    assert seen[0] == seen[1]
    assert "simple/0xd8da6bf26964af9d7eed9e03e53415d37aa96045" in "/".join(seen[0].values())


def test_does_not_remember_long_paths(client: FlaskClient) -> None:
    app = client.application
    assert isinstance(app, Application)
    for number in range(3):
        client.get(f"/files/{number}/{'a' * LONGEST}.png")
    assert app.find.cache_info().currsize == 0


def test_calls_other_hooks_too(client: FlaskClient) -> None:
    app, called = client.application, []

    def after(response: Response) -> Response:
        called.append("after")
        return response

    def before() -> None:
        called.append("before")
        after_this_request(after)

    app.before_request(before)
    app.after_request(after)
    app.teardown_request(lambda error: called.append("teardown"))
    app.url_value_preprocessor(lambda endpoint, values: called.append(str(endpoint)))
    answer = client.get("/series")
    assert called == ["images.series", "before", "after", "after", "teardown"]
    assert answer.headers["X-Request-ID"] == answer.json["request_id"]  # type: ignore[index]


def test_returns_the_response_of_a_hook_instead_of_the_view(client: FlaskClient) -> None:
    client.application.before_request(lambda: ("closed", 503))
    answer = client.get("/series")
    assert (answer.status_code, answer.text) == (503, "closed")
    assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/series", "/health?check=liveness"])
def test_head_is_get_without_a_body(client: FlaskClient, path: str) -> None:
    got, head = client.get(path), client.head(path)
    assert got.headers["Content-Length"] == str(len(got.data))
    assert dict(head.headers).keys() == dict(got.headers).keys()


def test_counts_unhandled_errors(client: FlaskClient) -> None:
    def fail(response: Response) -> Response:
        if request.path == "/series":
            raise ZeroDivisionError
        return response

    def failures() -> str:
        lines = client.get("/metrics").text.splitlines()
        return " ".join(line for line in lines if line.startswith("flask_http_request_exceptions_total"))

    client.application.after_request(fail)
    client.get("/robots.txt")
    assert failures() == ""
    assert client.get("/series").status_code == 500
    assert failures() == 'flask_http_request_exceptions_total{method="GET",status="500"} 1.0'
