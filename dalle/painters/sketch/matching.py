"""Matches words in the texts of attributes, which are in lower case."""


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether the text contains one of the words as a whole: "ant" is not in "elephant"."""
    inside = f" {text.replace('-', ' ')} "
    return any(f" {word} " in inside for word in words)


def begins(text: str, stems: tuple[str, ...]) -> bool:
    """Whether a word of the text begins with one of the stems: "sing" begins "singing", not "crossing"."""
    inside = f" {text.replace('-', ' ')}"
    return any(f" {stem}" in inside for stem in stems)
