"""The orientation of a picture, as its composition and viewpoint suggest it."""

from typing import Literal

from dalle.words.selection import Selection

Orientation = Literal["square", "portrait", "landscape"]


def orientation_of(selection: Selection) -> Orientation:
    """Returns what the composition asks for, else what the viewpoint asks for, else square."""
    match selection["composition"].field("category"):
        case "vertical":
            return "portrait"
        case "horizontal":
            return "landscape"
        case "radial" | "symmetrical" | "pattern" | "central":
            return "square"
    match selection["viewpoint"].field("category"):
        case "low" | "close":
            return "portrait"
        case "aerial" | "distant" | "high":
            return "landscape"
    return "square"
