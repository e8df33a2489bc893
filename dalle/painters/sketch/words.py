"""What the artist reads of a selection."""

from dalle.words.selection import Selection

AQUATIC = {"fish", "shark", "jellyfish", "cephalopod", "echinoderm", "crustacean", "alga", "water beast", "cetacean"}


class Words:
    """The texts of a selection in lower case; "" for what it does not have."""

    def __init__(self, selection: Selection) -> None:
        self._selection = selection

    def of(self, attribute: str, *columns: str) -> str:
        """Returns columns of an attribute, one after the other."""
        try:
            found = self._selection[attribute]
        except KeyError:
            return ""
        return " ".join(filter(None, (found.field(column) for column in columns))).lower()

    def word(self, attribute: str) -> str:
        """Returns the plain word of an attribute, whatever its column is called."""
        try:
            return self._selection[attribute].word.lower()
        except KeyError:
            return ""

    @property
    def world(self) -> str:
        """Where the creature lives: "water", under a "lens", or on "land"."""
        if self.of("noun", "kind") == "microbes":
            return "lens"
        return "water" if {self.of("noun", column) for column in ("group", "class")} & AQUATIC else "land"
