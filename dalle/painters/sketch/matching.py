"""Matches words in the texts of attributes, which are in lower case."""


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether the text contains one of the words as a whole: "ant" is not in "elephant"."""
    inside = f" {text.replace('-', ' ')} "
    return any(f" {word} " in inside for word in words)
