"""What a noun, a place or an action says in its words."""


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text, as a whole: "ant" is not in "elephant"."""
    inside = f" {text.replace('-', ' ')} "
    return any(f" {word} " in inside for word in words)


def begins(text: str, stems: tuple[str, ...]) -> bool:
    """Whether a word of the text begins with one of the stems: "sing" begins "singing", not "crossing"."""
    inside = f" {text.replace('-', ' ')}"
    return any(f" {stem}" in inside for stem in stems)
