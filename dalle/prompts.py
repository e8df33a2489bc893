"""Six texts about a dressed address, for people and for painters that read."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dalle.dress import Attribute, Dress
from dalle.english import article, land, listed, opened, proper, titled

FOLDER = Path(__file__).parent / "data" / "prompts"
LONGEST_TERSE = 240
"""Characters of the caption."""
FULLEST, BAREST = 4, 0

Orientation = Literal["square", "portrait", "landscape"]

LABELS = {
    "artStyle1": "First style",
    "artStyle2": "Second style",
    "litStyle": "Literary style",
    "color1": "First colour",
    "color2": "Second colour",
    "color3": "Third colour",
    "backStyle": "Background",
}
COLORS = ("color1", "color2", "color3")


@dataclass(frozen=True, slots=True)
class Prompts:
    """The texts, each stripped and without a final newline.

    data       every attribute, short and full, one a line
    title      a few words with capitals
    terse      the caption: one sentence of at most 240 characters
    prompt     the instruction to the painter, in paragraphs
    author     the persona that enhances the prompt, from literary style and emotion
    technical  palette, styles, composition, viewpoint, gaze, background, and no text in the picture
    """

    data: str
    title: str
    terse: str
    prompt: str
    author: str
    technical: str


def write(dress: Dress) -> Prompts:
    """Write all texts. Pure; what the series left out is left out of the sentences too."""
    words = _words(dress)
    texts = _templates()
    return Prompts(
        data=texts["data"].render(words).strip(),
        title=texts["title"].render(words),
        terse=_terse(texts["terse"], words),
        prompt=texts["prompt"].render(words).strip(),
        author=texts["author"].render(words),
        technical=texts["technical"].render(words).strip(),
    )


def orientation(dress: Dress) -> Orientation:
    """The shape that suits the picture: the composition decides, else the viewpoint, else it is square."""
    match dress["composition"].field("category"):
        case "vertical":
            return "portrait"
        case "horizontal":
            return "landscape"
        case "radial" | "symmetrical" | "pattern" | "central":
            return "square"
    match dress["viewpoint"].field("category"):
        case "low" | "close":
            return "portrait"
        case "aerial" | "distant" | "high":
            return "landscape"
    return "square"


def _terse(template: Template, words: dict[str, Any]) -> str:
    """The fullest caption that fits."""
    text = ""
    for fullness in range(FULLEST, BAREST - 1, -1):
        text = template.render(words, fullness=fullness)
        if len(text) <= LONGEST_TERSE:
            return text
    return text[: LONGEST_TERSE - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _words(dress: Dress) -> dict[str, Any]:
    """Everything that the templates name; a missing attribute is ""."""
    given = {attribute.name: attribute for attribute in dress}
    words: dict[str, Any] = {}
    for name, attribute in given.items():
        words[name] = proper(attribute.word)
        words[f"{name}_full"] = proper(_meaning(attribute))
    noun, place = given["noun"], given["place"]
    # The databases' most telling columns; other sets of words may lack them.
    words["plural"] = proper(noun.field("plural"))
    words["kind"] = noun.field("kind")
    words["language"] = titled(given["emotion"].field("language"))
    words["place"], words["region"] = titled(place.word), titled(place.field("region"))
    words["country"] = land(place.field("country")) if place.field("country") else ""
    used = [given[name] for name in COLORS[: dress.color_limit or len(COLORS)] if given[name].given]
    words["colors"] = _palette(used)
    words["background"] = _background(given["backStyle"], words, used)
    words["attributes"] = [
        _line(attribute, words) for attribute in dress if attribute in used or attribute.name not in COLORS
    ]
    return words


def _meaning(attribute: Attribute) -> str:
    return attribute.field("definition") or attribute.field("description")


def _palette(colors: list[Attribute]) -> list[str]:
    """`alice blue (#f0f8ff)`, without repetition."""
    return list(dict.fromkeys(f"{proper(_shade(color))} ({color.field('hex') or color.word})" for color in colors))


def _shade(color: Attribute) -> str:
    return color.field("name") or color.word


def _background(back: Attribute, words: dict[str, Any], colors: list[Attribute]) -> str:
    shade = proper(_shade(colors[-1])) if colors else "muted"
    if not back.given:
        return f"a plain {shade} ground"
    style = words["artStyle2"] or words["artStyle1"] or "plain brushwork"
    return back.word.replace("{color3}", shade).replace("{artStyle2}", style)


def _line(attribute: Attribute, words: dict[str, Any]) -> tuple[str, str, list[str]]:
    """Label, short and the rest of the row."""
    label = LABELS.get(attribute.name) or opened(attribute.name)
    if not attribute.given:
        return label, "", []
    if attribute.name == "backStyle":
        return label, words["background"], []
    if attribute.name == "place":
        return label, words["place"], [titled(value) for value in list(attribute.fields.values())[1:] if value]
    rest = [
        titled(value) if column == "language" else proper(value)
        for column, value in attribute.fields.items()
        if value and value != attribute.word
    ]
    return label, words[attribute.name], rest


@lru_cache(maxsize=1)
def _templates() -> dict[str, Template]:
    """The environment is built at the first text and kept for the process."""
    environment = Environment(  # noqa: S701  plain text, not HTML: nothing to escape
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(a=article, listed=listed, titled=titled, opened=opened)
    names = ("data", "title", "terse", "prompt", "author", "technical")
    return {name: environment.get_template(f"{name}.j2") for name in names}
