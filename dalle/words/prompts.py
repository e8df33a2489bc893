"""The six texts about a selection: for people, and for painters that take a prompt."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dalle import data
from dalle.words.attributes import Attribute, word_of
from dalle.words.catalog import FLAGS, Row
from dalle.words.english import article, capitalized, country_name, listed, proper, titled
from dalle.words.selection import Selection

FOLDER = data.FOLDER / "prompts"
LONGEST_TERSE = 240
"""The most characters of a caption."""
FULLEST, BAREST = 4, 0

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
    """The texts, stripped, without a final newline.

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


def write(selection: Selection) -> Prompts:
    """Writes all texts. Pure. Attributes that the series left out are left out of the sentences too."""
    words = _words(selection)
    return Prompts(
        data=_rendered("data", words),
        title=_rendered("title", words),
        terse=_terse(words),
        prompt=_rendered("prompt", words),
        author=_rendered("author", words),
        technical=_rendered("technical", words),
    )


def _rendered(name: str, words: dict[str, Any]) -> str:
    template = _templates()[name]
    # `render` would copy all words again for each text.
    context = template.new_context(words, shared=True)
    return "".join(template.root_render_func(context)).strip()


def _terse(words: dict[str, Any]) -> str:
    """Returns the fullest caption that fits."""
    text = ""
    for fullness in range(FULLEST, BAREST - 1, -1):
        text = _rendered("terse", {**words, "fullness": fullness})
        if len(text) <= LONGEST_TERSE:
            return text
    return text[: LONGEST_TERSE - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _words(selection: Selection) -> dict[str, Any]:
    """Returns every variable of the templates; a missing attribute is ""."""
    by_name = {attribute.name: attribute for attribute in selection}
    words: dict[str, Any] = {}
    rests: dict[str, str] = {}
    for name, attribute in by_name.items():
        words[name], words[f"{name}_full"], rests[name] = _spoken(
            attribute.database, tuple(attribute.fields), tuple(attribute.fields.values())
        )
    noun, place = by_name["noun"], by_name["place"]
    # Columns of the built-in databases; an operator's own may lack them.
    words["plural"] = proper(noun.field("plural"))
    words["kind"] = noun.field("kind")
    words["lineage"] = _lineage(noun)
    words["language"] = titled(by_name["emotion"].field("language"))
    words["region"] = titled(place.field("region"))
    words["country"] = country_name(place.field("country")) if place.field("country") else ""
    words["subject"] = f"{words['adjective']} {words['noun'] or 'stranger'}".lstrip()
    words["deed"] = f"{words['adverb']} {words['action']}".lstrip() if words["action"] else ""
    limit = selection.color_limit or len(COLORS)
    used = [by_name[name] for name in COLORS[:limit] if by_name[name].present]
    words["colors"] = _palette(used)
    words["background"] = _background(by_name["backStyle"], words, used)
    words["attributes"] = [
        (
            LABELS.get(name) or capitalized(name),
            words["background"] if name == "backStyle" and attribute.present else words[name],
            rests[name],
        )
        for name, attribute in by_name.items()
        if name not in COLORS[limit:]
    ]
    return words


@lru_cache(maxsize=16384)
def _spoken(database: str, columns: tuple[str, ...], row: Row) -> tuple[str, str, str]:
    """Returns a row's word, its meaning, and its other columns, as written in sentences; "" without a row."""
    fields = dict(zip(columns, row, strict=True))
    word = word_of(fields)
    written = titled if database == "places" else proper
    rest = [
        titled(text) if column == "language" else written(text)
        for column, text in fields.items()
        if text and text != word and column not in FLAGS
    ]
    return written(word), proper(fields.get("definition") or fields.get("description") or ""), "; ".join(rest)


def _lineage(noun: Attribute) -> str:
    """Returns the class of a little-known being, unless its name contains it: a `navicula` is a `pennate diatom`."""
    lineage = noun.field("class")
    if noun.field("kind") not in ("microbes", "mythical") or not lineage or lineage.split()[-1] in noun.word:
        return ""
    return lineage


def _palette(colors: list[Attribute]) -> list[str]:
    """Returns colours such as `Alice blue (#f0f8ff)`, without repetition."""
    shades = ((proper(_shade(color)), color.field("hex")) for color in colors)
    return list(dict.fromkeys(f"{shade} ({code})" if code else shade for shade, code in shades))


def _shade(color: Attribute) -> str:
    return color.field("name") or color.word


def _background(back: Attribute, words: dict[str, Any], colors: list[Attribute]) -> str:
    shade = proper(_shade(colors[-1])) if colors else "muted"
    if not back.present:
        return f"a plain {shade} ground"
    style = words["artStyle2"] or words["artStyle1"] or "plain brushwork"
    return back.word.replace("{color3}", shade).replace("{artStyle2}", style)


@lru_cache(maxsize=1)
def _templates() -> dict[str, Template]:
    """Loads the templates; once in a process."""
    environment = Environment(  # noqa: S701  plain text, not HTML: nothing to escape
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(a=article, listed=listed, titled=titled, capitalized=capitalized)
    names = ("data", "title", "terse", "prompt", "author", "technical")
    return {name: environment.get_template(f"{name}.j2") for name in names}
