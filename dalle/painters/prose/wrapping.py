"""What language models put around a text: fences, tags, JSON, quotes, emphasis."""

import json
import re

from dalle.painters.prose.chatter import is_closing, is_opening

PROSE = frozenset({"", "text", "txt", "plaintext", "plain", "markdown", "md", "prompt", "json", "xml", "html", "none"})
"""What may be written behind a fence around prose; behind others, the picture shows the code."""
FENCE = re.compile(r"^[ \t]*(?P<fence>```+|~~~+)[ \t]*(?P<language>[\w+-]*)[ \t]*$", re.MULTILINE)
EDGE = re.compile(r"\A(?:```+|~~~+)[ \t]*(?:(?:text|txt|plaintext|markdown|md|prompt)\b)?|(?:```+|~~~+)\s*\Z")
ONE_LINE = re.compile(r"```+[ \t]*(?:(?:text|txt|plaintext|markdown|md|prompt)[ \t]+)?([^`\n]+?)[ \t]*```+")
TAGS = re.compile(
    r"<(?P<tag>answer|final_?answer|response|output|result|final|(?:enhanced_?|image_?|final_?)?prompt)>"
    r"(?P<inner>.*?)(?:</(?P=tag)>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
BOX = re.compile(r"\\boxed\{(?:\\text\{)?(.*?)\}?\}", re.DOTALL)
FIELDS = ("prompt", "enhanced_prompt", "enhancedPrompt", "image_prompt", "rewritten_prompt", "description", "text")
PAIRS = {'"': '"', "'": "'", "“": "”", "‘": "’", "«": "»", "„": "“", "「": "」", "『": "』", "`": "`"}
EMPHASIS = re.compile(r"(\*{1,3}|_{1,3})(?=\S)([^*_]+)(?<=\S)\1")


def unwrapped(text: str) -> str:
    """Return the text without one layer of each kind."""
    for step in (inside_tags, inside_fence, inside_json, inside_box, inside_quotes, unquoted_block):
        text = step(text).strip()
    return text


def inside_tags(text: str) -> str:
    """Return the content of the last tag that marks the answer, if the text begins or ends with one."""
    found = list(TAGS.finditer(text))
    if found and (found[0].start() == 0 or found[-1].end() == len(text)):
        return found[-1]["inner"]
    return text


def inside_fence(text: str) -> str:
    """Return the content of a fence that holds the whole text but for what the model says around it."""
    if whole := ONE_LINE.fullmatch(text):
        return whole[1]
    marks = list(FENCE.finditer(text))
    if not marks:
        return without_edges(text)
    first = marks[0]
    before = text[: first.start()].strip()
    if before and not is_opening(before):
        return without_edges(text)
    end = next((mark for mark in marks[1:] if mark["fence"] == first["fence"] and not mark["language"]), None)
    inner = text[first.end() : end.start() if end else len(text)]
    behind = text[end.end() :].strip() if end else ""
    if first["language"].lower() not in PROSE and (behind and not is_closing(behind)):
        return text
    return without_edges(inner)


def without_edges(text: str) -> str:
    """Return the text without a fence that only opens, or only closes, or that shares a line with the text."""
    text = text.strip()
    line, _, _ = text.partition("\n")
    is_open = text.startswith(("```", "~~~")) and len(re.findall(r"```+|~~~+", line)) == 1
    return EDGE.sub("", text) if is_open or len(re.findall(r"```+|~~~+", text)) % 2 else text


def inside_json(text: str) -> str:
    """Return the prompt in a JSON object, or the text of a JSON string."""
    if text[:1] not in ("{", '"'):
        return text
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if isinstance(value, dict):
        fields = (value.get(name) for name in FIELDS)
        value = next((field for field in fields if isinstance(field, str) and field.strip()), text)
    return value if isinstance(value, str) else text


def inside_box(text: str) -> str:
    """Return the content of the box in which models trained on mathematics put their answer."""
    box = BOX.fullmatch(text)
    return box[1] if box else text


def inside_quotes(text: str) -> str:
    """Return the text without quotes around the whole of it, but not `"Hello", says the owl, "goodbye"`."""
    if whole := EMPHASIS.fullmatch(text):
        return whole[2]
    first, last = text[:1], text[-1:]
    if len(text) < 3 or PAIRS.get(first) != last:
        return text
    inner = text[1:-1]
    if first != last:
        opened = inner.find(first), inner.find(last)
        return text if opened[1] >= 0 and not 0 <= opened[0] < opened[1] else inner
    quotes = [place for place, letter in enumerate(inner) if letter == last]
    if last == "'":  # an apostrophe is none
        quotes = [place for place in quotes if not inner[max(place - 1, 0) : place].isalnum()]
    # those inside must be pairs of their own, so the first one stands where a quotation begins
    opens = not quotes or inner[: quotes[0]][-1:] in ("", " ", "\n", "(", "“", "—", "-")
    return inner if opens and len(quotes) % 2 == 0 else text


def unquoted_block(text: str) -> str:
    """Return the text without the marks of a Markdown quotation, if all its lines have one."""
    lines = text.split("\n")
    if all(line.startswith(">") or not line.strip() for line in lines):
        return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)
    return text
