"""Cleans what a language model writes: of its answer, only the text that was asked for remains.

thoughts    blocks in which it thinks, in the markup of any family of models
wrapping    fences, tags, JSON, quotes and labels around the text
chatter     what it says to its user before and behind the text
"""

from dalle.painters.prose.chatter import is_refusal, without_closing, without_opening
from dalle.painters.prose.thoughts import without_thoughts
from dalle.painters.prose.wrapping import unwrapped

LONGEST = 200_000
"""Characters that are looked at, after the thoughts: a prompt has a few thousand."""
INVISIBLE = "\ufeff\u200b\u2060 \t\r\n"
ROUNDS = 8
"""Wrappings are within each other: a fence behind an opening phrase, quotes in the fence …"""


def clean(text: str) -> str:
    """Return the text that was asked for, unchanged but for what is around it; "" if there is none."""
    text = without_thoughts(text.strip(INVISIBLE))[:LONGEST].strip()
    if is_refusal(text):
        return ""
    for _ in range(ROUNDS):
        before = text
        for step in (without_opening, unwrapped, without_closing):
            text = step(text).strip()
        if text == before:
            break
    return text
