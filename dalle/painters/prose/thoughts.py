"""The blocks in which language models think before they answer.

Servers take them out where they know the model, and leave them in where they do not: `<think>` (DeepSeek, Qwen, GLM),
`<thought>` (EXAONE, Gemini), `<seed:think>`, `<mm:think>`, `[THINK]` (Mistral), `◁think▷` (Kimi),
`<|START_THINKING|>` (Cohere), `<|begin_of_thought|>`, and channels (gpt-oss, Gemma). A template that begins the
answer with the opening mark leaves only the closing one.
"""

import re

NAME = r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflection|analysis|scratch_?pad|inner_?monologue)"
MARK = re.compile(
    rf"""
      (?:<|&lt;|◁)\s{{0,9}}(?P<slash>/?)\s{{0,9}}(?:\w{{1,20}}:)?{NAME}(?:\s[^<>◁▷&]{{0,200}}?)?(?P<empty>/?)\s{{0,9}}(?:>|&gt;|▷)
    | \[(?P<slash2>/?)(?-i:THINK(?:ING)?)\]
    | <\|(?:start|begin)_(?:of_)?{NAME}\|> | (?P<end><\|end_(?:of_)?{NAME}\|>)
    | <\|channel>\s*thought | (?P<end2><channel\|>)
    """,
    re.IGNORECASE | re.VERBOSE,
)
CHANNEL = re.compile(
    r"<\|channel\|>\s*(?P<name>analysis|commentary|final|[a-z]*)[^<]{0,80}?(?:<\|constrain\|>[^<]{0,40})?<\|message\|>"
    r"|<\|channel\|>\s*(?P<bare>analysis|commentary|final)",
    re.IGNORECASE,
)
END_OF_MESSAGE = re.compile(r"<\|(?:end|return|start|call|channel)\|>", re.IGNORECASE)
BARE_CHANNELS = re.compile(r"\s*analysis.*assistant\s?final", re.DOTALL)
"""Channels of gpt-oss from which a server has removed the special tokens, and left their words."""
TOKEN = re.compile(r"<\|[A-Za-z_]{1,40}\|>|</?s>|\[/?INST\]")
FENCE = re.compile(rf"^```\s*{NAME}\s*$.*?^```\s*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
QUOTES = "\"'`“”‘’"


def without_thoughts(text: str) -> str:
    """Return what is outside of the blocks; a block that is not closed ends with the text."""
    text = outside(FENCE.sub("", final_channel(text)))
    return TOKEN.sub("", text)


def final_channel(text: str) -> str:
    """Return the last message of the final channel; "" if there are channels and none is final."""
    if bare := BARE_CHANNELS.match(text):
        return text[bare.end() :]
    marks = list(CHANNEL.finditer(text))
    if not marks:
        return text
    finals = [mark for mark in marks if (mark["name"] or mark["bare"] or "").lower() == "final"]
    if not finals:
        return ""
    return END_OF_MESSAGE.split(text[finals[-1].end() :].removeprefix("<|message|>"), maxsplit=1)[0]


def outside(text: str) -> str:
    """Return the parts at depth 0. A closing mark that nothing opened closes all that came before it."""
    parts: list[str] = []
    depth = place = 0
    for mark in MARK.finditer(text):
        if is_quoted(text, mark):
            continue
        if depth == 0:
            parts.append(text[place : mark.start()])
        if mark["empty"]:
            pass
        elif mark["slash"] or mark["slash2"] or mark["end"] or mark["end2"]:
            if depth == 0:
                parts.clear()
            depth = max(depth - 1, 0)
        else:
            depth += 1
        place = mark.end()
    if depth == 0:
        parts.append(text[place:])
    return "".join(parts)


def is_quoted(text: str, mark: re.Match[str]) -> bool:
    """Return whether the mark stands in quotes of its own: a picture may show its letters."""
    before, behind = text[max(mark.start() - 1, 0) : mark.start()], text[mark.end() : mark.end() + 1]
    return bool(before and behind) and before in QUOTES and behind in QUOTES
