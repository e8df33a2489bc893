"""`/openapi.json`: the document is valid, complete, of this moment, and its examples are true."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.kit.application import application
from tests.kit.fakes import PaidPainter, studio
from tests.kit.images import photo
from tests.kit.waiting import wait

HOST = "127.0.0.1:8080"
PICTURE = "/dalle/simple/0xf503017d7baf7fbc0fff7492b751025c6a78179b"
VARYING = {"request_id", "timestamp", "uptime_seconds", "version"}
"""What an example has of its own."""


def document(client: FlaskClient, host: str = HOST) -> dict[str, Any]:
    answer = client.get("/openapi.json", headers={"Host": host})
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    value: dict[str, Any] = answer.get_json()
    return value


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A client of a service that has the picture of the examples."""
    folder = tmp_path_factory.mktemp("painted")
    made = application(folder, studio(folder, PaidPainter(photo())))
    client = made.test_client()
    client.get(f"{PICTURE}?generate=1")
    wait(lambda: client.get(f"{PICTURE}?generate=1").get_json()["done"], "the picture")
    yield client
    made.extensions["dalle.studio"].stop()


def resolved(api: dict[str, Any], value: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in value:
        return value
    found: Any = api
    for name in value["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    return dict(found)


def content_of(answer: TestResponse) -> Any:
    return answer.get_json() if answer.is_json else answer.text


def checked(api: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator({**schema, "components": api["components"]}).validate(value)


def test_is_valid(client: FlaskClient) -> None:
    api = document(client)
    OpenAPIV31SpecValidator(api).validate()
    names = [one["operationId"] for operations in api["paths"].values() for one in operations.values()]
    assert len(names) == len(set(names))


def test_has_the_routes_of_the_service_and_no_others(app: Flask, client: FlaskClient) -> None:
    # Without the path that is only the beginning of another, and answered like that one with nothing behind it.
    rules = [rule for rule in app.url_map.iter_rules() if not rule.defaults]
    ours = {(rule.rule, method) for rule in rules for method in rule.methods or ()}
    described = set()
    adapter = app.create_url_adapter(app.test_request_context().request)
    assert adapter
    for path, operations in document(client)["paths"].items():
        for method in operations:
            try:
                rule, _ = adapter.match(path.replace("{", "").replace("}", ""), method.upper(), return_rule=True)
            except HTTPException:
                described.add((path, method.upper()))
            else:
                described.add((rule.rule, method.upper()))
    assert described == ours


def test_is_of_this_moment(tmp_path: Path, client: FlaskClient) -> None:
    api = document(client, "a.example")
    assert api["servers"] == [{"url": "http://a.example"}]
    assert api["info"]["version"] == client.get("/health?check=liveness").get_json()["data"]["version"]
    series = client.get("/series").get_json()["data"]["series"]
    assert api["components"]["schemas"]["Series"]["enum"] == series
    tag = client.get("/openapi.json").headers["ETag"]
    assert client.get("/openapi.json", headers={"If-None-Match": tag}).status_code == 304
    (tmp_path / "series").mkdir(exist_ok=True)
    (tmp_path / "series" / "otters.json").write_text(json.dumps({"suffix": "otters"}))
    assert "otters" in document(client)["components"]["schemas"]["Series"]["enum"]
    assert client.get("/openapi.json", headers={"If-None-Match": tag}).status_code == 200


def test_has_only_schemas_that_are_used(client: FlaskClient) -> None:
    text = client.get("/openapi.json").text
    api = json.loads(text)
    for kind in ("schemas", "parameters", "headers", "responses"):
        for name in api["components"][kind]:
            used = f'"#/components/{kind}/{name}"' in text
            assert used, f"{kind}: {name}"


def requests(api: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every GET with its required parameters as in their examples, and once more with each other example."""
    for path, operations in api["paths"].items():
        if not (operation := operations.get("get")):
            continue
        parameters = [resolved(api, one) for one in operation["parameters"]]
        examples = [one for one in parameters if "example" in one]
        needed = {one["name"]: one["example"] for one in parameters if one.get("required")}
        for extra in [{}, *({one["name"]: one["example"]} for one in examples if one["in"] == "query")]:
            values = {**needed, **extra}
            query = {
                one["name"]: values.pop(one["name"])
                for one in examples
                if one["in"] == "query" and one["name"] in values
            }
            url = path.format(**{name: quote(str(value)) for name, value in values.items()})
            yield path, f"{url}?{urlencode(query)}", operation


def test_has_parameters_whose_examples_work(painted: FlaskClient) -> None:
    api = document(painted)
    asked = list(requests(api))
    assert len(asked) > len(api["paths"])
    for _, url, operation in asked:
        answer = painted.get(url, headers={"Host": HOST})
        assert answer.status_code == 200, url
        described = resolved(api, operation["responses"]["200"])
        content = described["content"]
        assert answer.mimetype in content or "*/*" in content, url
        for name, header in described["headers"].items():
            assert name in answer.headers or not resolved(api, header).get("required"), url
        if schema := content.get(answer.mimetype, {}).get("schema"):
            checked(api, schema, content_of(answer))
        answer.close()


def examples(api: dict[str, Any]) -> Iterator[tuple[int, str, dict[str, Any], Any]]:
    """Status, request, schema and value of every example of an answer."""
    answers = dict(api["components"]["responses"])
    for path, operations in api["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                answers[f"{status} {method} {path}"] = answer
    for status, answer in answers.items():
        for content in answer.get("content", {}).values():
            for example in content.get("examples", {}).values():
                yield int(status[:3]), example["summary"], content["schema"], example["value"]


def alike(example: Any, real: Any) -> Any:
    """Returns the example with the real values of what varies."""
    if isinstance(example, dict) and isinstance(real, dict):
        return {
            name: real.get(name) if name in VARYING else alike(value, real.get(name)) for name, value in example.items()
        }
    return example


def test_has_examples_that_the_service_answers(painted: FlaskClient) -> None:
    api = document(painted)
    shown = list(examples(api))
    assert len(shown) > 5
    for status, request, schema, value in shown:
        method, _, url = request.partition(" ")
        answer = painted.open(url, method=method, headers={"Host": HOST})
        assert answer.status_code == status, request
        real = content_of(answer)
        assert alike(value, real) == real, request
        checked(api, schema, value)
