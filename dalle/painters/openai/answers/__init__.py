"""Answers of the provider: how they are kept, and what is in them.

received ──▶ encodings                                bytes as they came
reading  ──▶ …                                        picture, URLs, task or error
"""

from dalle.painters.openai.answers.chat import payload, storable, text
from dalle.painters.openai.answers.figures import tokens, usage
from dalle.painters.openai.answers.reading import Reading, read
from dalle.painters.openai.answers.received import Received

__all__ = [
    "Reading",
    "Received",
    "payload",
    "read",
    "storable",
    "text",
    "tokens",
    "usage",
]
