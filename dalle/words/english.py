"""The little grammar that the prompt templates need: articles, lists, capitals."""

import re
from collections.abc import Sequence
from functools import lru_cache

from dalle import data

FOLDER = data.FOLDER / "prompts"
"""Holds proper.txt and phrases.txt, what English capitalises; the databases are in lower case."""

SMALL = frozenset(
    {"a", "an", "and", "as", "at", "by", "da", "das", "de", "del", "della", "der", "des", "di", "do", "dos", "du", "e"}
    | {"el", "en", "for", "from", "in", "la", "las", "le", "los", "near", "of", "off", "on", "or", "over", "par", "sur"}
    | {"ki", "ob", "the", "to", "tou", "under", "upon", "van", "von", "with", "y"}
)
TAILS = frozenset({"go", "i", "ji"})
"""Not capitalised after a hyphen: Kinkaku-ji."""
WORD = re.compile(r"[^\W\d_][\w'’]*")

# A silent h and some letters read by name begin with a vowel sound: "an hour", "an X-ray".
VOWEL_SOUND = re.compile(r"[aeiouáàâäåæéèêëíìîïóòôöøœúùûü]|hour(?!i)|heir|honest|honou?r|x-ray|8|11\b|18\b")
# A vowel letter that sounds like "you" or "one": "a unicorn", "a European", "a one-eyed owl".
CONSONANT_SOUND = re.compile(
    r"eu|ewe|one\b|once\b|ouija"
    r"|unan|uni(?!d|f(?!i|o)|ma|mp|n)|ufo|ubi|uganda|uk[eru]|ura[ln]|ure|uri|uro|us[aeiu]|ut[aeio]|uv"
)

COUNTRIES_WITH_ARTICLE = frozenset(
    {
        "bahamas",
        "comoros",
        "democratic republic of the congo",
        "gambia",
        "maldives",
        "netherlands",
        "philippines",
        "republic of the congo",
        "seychelles",
    }
)


def article(phrase: str) -> str:
    """Returns the phrase with `a` or `an` before it, by its sound; "" stays ""."""
    if not phrase:
        return ""
    start = phrase.casefold().lstrip("\"'“‘(")
    vowel = VOWEL_SOUND.match(start) and not CONSONANT_SOUND.match(start)
    return f"an {phrase}" if vowel else f"a {phrase}"


def listed(items: Sequence[str]) -> str:
    """Returns `red`, `red and blue`, or `red, blue and green`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


@lru_cache(maxsize=16384)
def proper(text: str) -> str:
    """Capitalises the names of peoples, places and persons: `european badger` → `European badger`."""
    words, phrases, names = _proper()
    text = phrases.sub(lambda phrase: names[phrase[0]], text)

    def capital(word: re.Match[str]) -> str:
        named = any(word[0].removesuffix(ending) in words for ending in ("", "'s", "s", "es"))
        return _capital(word[0]) if named else word[0]

    return WORD.sub(capital, text)


def titled(text: str) -> str:
    """Capitalises as on a title page: all words but SMALL ones in the middle."""

    def capital(word: re.Match[str]) -> str:
        inside = word.start() > 0 and word.end() < len(text)
        tail = word[0] in TAILS and text[: word.start()].endswith("-")
        return word[0] if tail or (inside and word[0] in SMALL) else _capital(word[0])

    return WORD.sub(capital, text)


def capitalized(text: str) -> str:
    """Capitalises the first letter."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1)
def _proper() -> tuple[frozenset[str], re.Pattern[str], dict[str, str]]:
    """Loads the words; and the phrases whose words have no capital elsewhere (`song dynasty`), with their spelling."""
    words = (FOLDER / "proper.txt").read_text(encoding="utf-8").split()
    phrases = (FOLDER / "phrases.txt").read_text(encoding="utf-8").splitlines()
    names = {phrase.lower(): phrase for phrase in phrases}
    return frozenset(words), re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})(?=s?\b)"), names


def _capital(word: str) -> str:
    if word.startswith("mc") and len(word) > 3:  # McDonald
        return "Mc" + _capital(word[2:])
    return word[:1].upper() + word[1:]


@lru_cache(maxsize=1024)
def country_name(country: str) -> str:
    """Returns a country as written after "in": `jordan` → `Jordan`, `united states` → `the United States`."""
    name = titled(country)
    first, last = country.split()[:1], country.split()[-1:]
    definite = first == ["united"] or last in (["islands"], ["republic"], ["kingdom"], ["states"], ["emirates"])
    if definite or country in COUNTRIES_WITH_ARTICLE:
        return f"the {name}"
    return name
