"""The words of a picture as its rows have them."""

from dalle.storage.searching.grams import document, searched
from dalle.storage.searching.grams import words_of as words_of_picture

MOST_WORDS = 8  # of a filter


def clean(text: str) -> str:
    """Return a text without what PostgreSQL takes in none."""
    return text.replace("\0", "").encode(errors="replace").decode()


def words_of(series: str, name: str, title: str) -> str:
    """Return the text in which a filter's words are looked for."""
    return clean(f"{series.casefold()} {words_of_picture(name, title)}")


def pieces_of(series: str, name: str, title: str) -> list[str]:
    """Return what finds a picture in the table of pieces."""
    return [mark(series), *clean(document(name, title)).split(" ")]


def mark(series: str) -> str:
    """Return the piece that all pictures of a series have, and no word."""
    return f"={clean(series)}"


def wanted(words: str) -> list[str]:
    """Return the words of a filter."""
    return [cleaned for word in words.casefold().split()[:MOST_WORDS] if (cleaned := clean(word))]


def decisive(words: list[str], series: str) -> tuple[str, ...]:
    """Return those words that are not in the name of a series, and so in all pictures of it."""
    return tuple(word for word in words if word not in series.casefold())


def conditions(words: tuple[str, ...]) -> list[list[str]]:
    """Return lists of pieces; a picture with all of these words has one of each list."""
    return [list(map(clean, found)) for found in searched(list(words)).pieces]
