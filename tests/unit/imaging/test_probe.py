import io

import pytest
from PIL import Image

from dalle.imaging.png import encode
from dalle.imaging.probe import HEAD, PNG_END, Probe, probe

IMAGE = Image.new("RGB", (70, 90), "teal")


def probed(data: bytes) -> Probe:
    return probe(data[:HEAD], data[-len(PNG_END) :])


@pytest.mark.parametrize(("source", "painter"), [("sketch", "sketch"), ("openai gpt-image-2", "openai"), ("", "")])
def test_reads_size_and_painter(source: str, painter: str) -> None:
    assert probed(encode(IMAGE, {"Title": "Żal — 猫", "Source": source})) == Probe(True, 70, 90, painter)


def test_reads_a_picture_that_another_program_wrote() -> None:
    file = io.BytesIO()
    IMAGE.save(file, "PNG")
    assert probed(file.getvalue()) == Probe(True, 70, 90)


def test_finds_a_picture_torn_wherever_it_was_cut() -> None:
    data = encode(IMAGE, {"Source": "sketch"})
    assert [length for length in range(len(data) + 1) if probed(data[:length]).whole] == [len(data)]


@pytest.mark.parametrize("data", [b"", b"\x89PNG", b"GIF89a" * 9, PNG_END])
def test_knows_no_size_of_what_is_no_picture(data: bytes) -> None:
    assert probed(data) == Probe(data == PNG_END)
