"""The small grammar that keeps sentences made of any words readable."""

import re
from collections.abc import Sequence
from functools import lru_cache

from dalle import data

PROPER = data.FOLDER / "prompts"
"""Where the words and phrases are that English writes with capitals, although the databases are in lower case."""

SMALL = frozenset(
    {"a", "an", "and", "as", "at", "by", "da", "das", "de", "del", "della", "der", "des", "di", "do", "dos", "du", "e"}
    | {"el", "en", "for", "from", "in", "la", "las", "le", "los", "near", "of", "off", "on", "or", "over", "par", "sur"}
    | {"ki", "ob", "the", "to", "tou", "under", "upon", "van", "von", "with", "y"}
)
TAILS = frozenset({"go", "i", "ji"})
"""Small only behind a hyphen: Kinkaku-ji."""
WORD = re.compile(r"[^\W\d_][\w'’]*")

# A silent h and letters that are spoken by name begin with a vowel: "an hour", "an X-ray".
VOWEL_SOUND = re.compile(r"[aeiouáàâäåæéèêëíìîïóòôöøœúùûü]|hour(?!i)|heir|honest|honou?r|x-ray|8|11\b|18\b")
# A vowel letter that is spoken like "you" or "one": "a unicorn", "a European", "a one-eyed owl".
CONSONANT_SOUND = re.compile(
    r"eu|ewe|one\b|once\b|ouija"
    r"|unan|uni(?!d|f(?!i|o)|ma|mp|n)|ufo|ubi|uganda|uk[eru]|ura[ln]|ure|uri|uro|us[aeiu]|ut[aeio]|uv"
)


def article(phrase: str) -> str:
    """The phrase with the `a` or `an` that its sound asks for; "" stays ""."""
    if not phrase:
        return ""
    start = phrase.casefold().lstrip("\"'“‘(")
    vowel = VOWEL_SOUND.match(start) and not CONSONANT_SOUND.match(start)
    return f"an {phrase}" if vowel else f"a {phrase}"


def listed(items: Sequence[str]) -> str:
    """`red`, `red and blue`, `red, blue and green`."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


@lru_cache(maxsize=16384)
def proper(text: str) -> str:
    """The text with capitals for names of peoples, places and persons: `european badger` → `European badger`."""
    words, phrases, names = _proper()
    text = phrases.sub(lambda phrase: names[phrase[0]], text)

    def capital(word: re.Match[str]) -> str:
        named = any(word[0].removesuffix(ending) in words for ending in ("", "'s", "s", "es"))
        return _capital(word[0]) if named else word[0]

    return WORD.sub(capital, text)


def titled(text: str) -> str:
    """Capitals as on a title page: all but the small words in the middle."""

    def capital(word: re.Match[str]) -> str:
        inside = word.start() > 0 and word.end() < len(text)
        tail = word[0] in TAILS and text[: word.start()].endswith("-")
        return word[0] if tail or (inside and word[0] in SMALL) else _capital(word[0])

    return WORD.sub(capital, text)


def opened(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=1)
def _proper() -> tuple[frozenset[str], re.Pattern[str], dict[str, str]]:
    """Words; and phrases of words that have no capital elsewhere, such as `song dynasty`, with their names."""
    words = (PROPER / "proper.txt").read_text(encoding="utf-8").split()
    phrases = (PROPER / "phrases.txt").read_text(encoding="utf-8").splitlines()
    names = {phrase.lower(): phrase for phrase in phrases}
    return frozenset(words), re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})(?=s?\b)"), names


def _capital(word: str) -> str:
    if word.startswith("mc") and len(word) > 3:  # McDonald
        return "Mc" + _capital(word[2:])
    return word[:1].upper() + word[1:]


@lru_cache(maxsize=1024)
def land(country: str) -> str:
    """A country as it stands after "in": `jordan` → `Jordan`, `united states` → `the United States`."""
    name = titled(country)
    first, last = country.split()[:1], country.split()[-1:]
    definite = first == ["united"] or last in (["islands"], ["republic"], ["kingdom"], ["states"], ["emirates"])
    if definite or country in LANDS_WITH_ARTICLE:
        return f"the {name}"
    return name


LANDS_WITH_ARTICLE = frozenset(
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
