"""What a link leads to, and why it leads to nothing."""

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.kit.application import application
from tests.kit.fakes import studio
from tests.kit.folders import address, put
from tests.unit.app.web.gallery.test_pages import CHECKSUMMED, KEYED, Moody, ended


def notice(client: FlaskClient, query: str) -> str:
    """The text of the notice on the page, "" without one."""
    page = client.get(f"/preview?{query}").text
    section = re.search(r'<section id="notice".*?</section>', page, re.DOTALL)
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", section[0])).split()) if section else ""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (f"picture=nowhere/{KEYED}", "There is no series “nowhere” here. Choose a series above"),
        ("picture=simple/0x12", "This link leads to no picture. This has 2 hexadecimal digits after 0x"),
        ("picture=simple/vitalik.eth", "vitalik.eth is a name"),
        ("picture=simple", "This link leads to no picture. Enter an address"),
        (f"picture=%3Cb%3E/{KEYED}", "There is no series “<b>” here."),
        ("series=nowhere", "There is no series “nowhere” here."),
        ("series=confetti", "There are no pictures in the series confetti yet."),
    ],
)
def test_says_why_a_link_leads_to_nothing(client: FlaskClient, tmp_path: Path, query: str, expected: str) -> None:
    put(tmp_path, "simple", address(1))
    assert expected in notice(client, query)
    assert notice(client, query).endswith("Show all pictures")
    assert 'class="main">Make it' in client.get(f"/preview?{query}").text


def test_offers_to_make_what_a_link_names(quick: FlaskClient) -> None:
    query = f"picture=Simple/{CHECKSUMMED}"
    assert f"no picture of {CHECKSUMMED} in the series simple: it has not been made yet" in notice(quick, query)
    page = quick.get(f"/preview?{query}").text
    form = re.search(r'<section id="notice".*?<form method="post" action="/preview/make">(.*?)</form>', page, re.DOTALL)
    assert form
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[1]))
    assert quick.post("/preview/make", data=fields).status_code == 303
    ended(quick, f"simple/{KEYED}")
    assert notice(quick, query) == ""


def test_fills_the_form_with_the_address_of_an_unknown_series(client: FlaskClient) -> None:
    page = client.get(f"/preview?picture=nowhere/{KEYED}").text
    assert f'maxlength="300" value="{CHECKSUMMED}"' in page


def test_says_that_a_picture_is_being_made_or_failed(tmp_path: Path) -> None:
    painter = Moody()
    waiting = application(tmp_path, studio(tmp_path, painter, jobs=0)).test_client()
    waiting.get(f"/dalle/simple/{KEYED}?generate=1")
    assert "is being made. It appears here when it is finished." in notice(waiting, f"picture=simple/{KEYED}")


def test_says_why_a_picture_could_not_be_made(tmp_path: Path) -> None:
    painter = Moody()
    painter.refusing = True
    app = application(tmp_path, studio(tmp_path, painter))
    client = app.test_client()
    ended(client, f"simple/{KEYED}")
    assert "could not be made. The image provider refused the API key" in notice(client, f"picture=simple/{KEYED}")
    app.extensions["dalle.studio"].stop()


def test_offers_nothing_on_a_read_only_server(tmp_path: Path) -> None:
    client = application(tmp_path, READ_ONLY=1).test_client()
    for query in (f"picture=simple/{KEYED}", f"picture=nowhere/{KEYED}"):
        assert notice(client, query)
        page = client.get(f"/preview?{query}").text
        assert "Make it" not in page
        assert "Choose a series" not in page


def test_says_that_a_run_was_cancelled(tmp_path: Path) -> None:
    begun = studio(tmp_path, jobs=0)
    client = application(tmp_path, begun).test_client()
    client.get(f"/dalle/simple/{KEYED}?generate=1")
    client.delete(f"/dalle/simple/{KEYED}")
    assert notice(client, f"picture=simple/{KEYED}").startswith(
        f"The picture of {CHECKSUMMED} in the series simple was not"
    )
    begun.stop()
