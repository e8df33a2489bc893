"""`/api`: the document for people."""

from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html


def test_shows_every_operation_and_schema_without_scripts_and_other_hosts(client: FlaskClient) -> None:
    api = client.get("/openapi.json").get_json()
    answer = client.get("/api")
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "text/html", "no-cache")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    page = html.fromstring(answer.text)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    operations = {
        one["operationId"]
        for operations in api["paths"].values()
        for method, one in operations.items()
        if method != "head"
    }
    assert operations | set(api["components"]["schemas"]) <= set(ids)
    assert not page.xpath("//script | //*[@style]")
    links = page.xpath("//@href | //@src")
    assert {urlsplit(link).netloc for link in links} == {""}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert {client.get(link, buffered=True).status_code for link in links if link.startswith("/")} == {200}
    assert "`" not in page.text_content()


def test_changes_its_etag_with_the_document(client: FlaskClient) -> None:
    tag = client.get("/api").headers["ETag"]
    assert client.get("/api", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/api", headers={"If-None-Match": tag, "Host": "a.example"}).status_code == 200
