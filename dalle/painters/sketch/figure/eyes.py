"""Eyes: one design for each hand, with lids that follow the mood."""

from dataclasses import dataclass

from dalle.painters.sketch.figure.moods import Mood
from dalle.painters.sketch.shapes import Figure, Points, arc, box, ellipse, ribbon, smooth


@dataclass(frozen=True, slots=True)
class Eyes:
    """design: glossy, dot, bean, almond, ring, button, square, open, star or plain; size: 1 is common; bold: how thick
    brows and mouth are."""

    design: str = "glossy"
    size: float = 1.0
    bold: float = 1.0


def eye(figure: Figure, eyes: Eyes, at: complex, size: float, mood: Mood, look: complex, how: str, side: int) -> None:
    """Draws one eye; side is where it is in the face."""
    if how == "closed":
        _closed(figure, at, size, mood)
        return
    tall = size * (1.1 + 0.14 * (how == "wide"))
    PUPILS.get(eyes.design, _glossy)(figure, at, complex(size, tall), mood, look)
    _lids(figure, at, complex(size, tall), mood, max(mood.lid, 0.42 if how == "half" else 0.0), side)


def _closed(figure: Figure, at: complex, size: float, mood: Mood) -> None:
    """A shut eye: an arch in joy, else a bow."""
    ends = (0.94, 0.56) if mood.low > 0.2 else (0.06, 0.44)
    lash = arc(at, size, size * 0.7, *ends, 9)
    figure.add(ribbon(lash, 0.12 * size, 0.2 * size, 0.12 * size, steps=3), "ink", "face", 0)
    for turn in (0.12, 0.25, 0.38) if mood.low <= 0.2 else ():
        end = arc(at, size * 1.3, size * 1.05, turn, turn, 2)[0]
        figure.add(ribbon([arc(at, size, size * 0.7, turn, turn, 2)[0], end], 0.07 * size), "ink", "face", 0)


def _oval(figure: Figure, at: complex, half: complex, fill: str, line: float = 0.0) -> None:
    figure.add(ellipse(at, half.real, half.imag, n=28), fill, "face", line)


def _scaled(half: complex, share: float) -> complex:
    return half * share


def _moved(at: complex, half: complex, look: complex, room: float) -> complex:
    return at + complex(look.real * half.real * room, look.imag * half.imag * room)


def _heart(at: complex, size: float) -> Points:
    half = [0.6j, -0.65 - 0.05j, -0.5 - 0.5j, -0.2 - 0.5j, -0.22j, 0.2 - 0.5j, 0.5 - 0.5j, 0.65 - 0.05j]
    return smooth([at + p * size * 1.25 for p in half], steps=5)


def _glint(figure: Figure, at: complex, half: complex, share: float) -> None:
    _oval(figure, at + complex(-0.34 * half.real, -0.38 * half.imag), _scaled(half, share), "white")


def _pupil(figure: Figure, at: complex, half: complex, mood: Mood, fill: str = "ink") -> None:
    """A black disc with its glints, or a heart in love."""
    if mood.sign == "heart":
        figure.add(_heart(at, half.real * 1.1), "heart", "face", 0)
    else:
        _oval(figure, at, half, fill)
    _glint(figure, at, half, 0.34 + 0.1 * (mood.pupil > 1.2))
    _oval(figure, at + complex(0.34 * half.real, 0.4 * half.imag), _scaled(half, 0.16), "white")


def _glossy(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    _oval(figure, at, half, "white", 0.9)
    iris = min(0.62 * mood.pupil, 0.78)
    spot = _moved(at, half, look, max(1 - iris, 0.3) * 0.9)
    _oval(figure, spot, _scaled(half, iris), "iris")
    _pupil(figure, spot, _scaled(half, iris * 0.68), mood)


def _dot(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """Solid, with one glint; wide ones are set on white."""
    if mood.wide > 1.14 or mood.pupil < 0.75:
        _oval(figure, at, half, "white", 0.7)
    spot = _moved(at, half, look, 0.26)
    _pupil(figure, spot, _scaled(half, 0.66 * max(0.6, min(mood.pupil, 1.1))), mood)


def _bean(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """A tall black bean."""
    spot = _moved(at, half, look, 0.22)
    if mood.pupil < 0.75:
        _oval(figure, at, half, "white", 0.9)
    _pupil(figure, spot, complex(half.real * 0.52, half.imag * 0.8) * max(0.6, min(mood.pupil, 1.1)), mood)


def _almond(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """An almond with a dark upper rim, as in icons and woodblocks."""
    x, y = half.real * 1.2, half.imag * 0.82
    outline = smooth([at - x, at + complex(-0.3 * x, -y), at + complex(0.35 * x, -y), at + x, at + 0.8j * y], steps=7)
    figure.add(outline, "white", "face", 0.8)
    iris = complex(y, y) * 0.8 * min(1.0, max(0.55, mood.pupil))
    spot = _moved(at, half, look, 0.34)
    _oval(figure, spot, iris, "iris")
    _pupil(figure, spot, _scaled(iris, 0.62), mood)
    rim = ribbon([at - x, at + complex(-0.3 * x, -y), at + complex(0.35 * x, -y), at + x], 0.05 * x, 0.1 * x, 0.06 * x)
    figure.add(rim, "ink", "face", 0)


def _ring(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """Rings one in the other, wide enough for stones and panes."""
    _oval(figure, at, _scaled(half, 1.06), "ink")
    _oval(figure, at, _scaled(half, 0.84), "white")
    spot = _moved(at, half, look, 0.3)
    _pupil(figure, spot, _scaled(half, 0.56 * max(0.6, min(mood.pupil, 1.15))), mood)


def _button(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """A sewn button, its thread where the look goes."""
    _oval(figure, at, half, "ink")
    _oval(figure, at, _scaled(half, 0.78), "white")
    spot = _moved(at, half, look, 0.26)
    if mood.sign == "heart":
        figure.add(_heart(spot, half.real * 0.6), "heart", "face", 0)
        return
    size = half.real * 0.4 * max(0.6, min(mood.pupil, 1.2))
    for way in (1 + 1j, 1 - 1j):
        figure.add(ribbon([spot - way * size, spot + way * size], 0.2 * half.real), "ink", "face", 0)


def _square(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """Squares, for a grid of pixels."""
    figure.add(box(at, half.real, half.imag, 0.1), "white", "face", 0.9)
    spot = _moved(at, half, look, 0.34)
    size = 0.6 * max(0.6, min(mood.pupil, 1.15))
    figure.add(box(spot, half.real * size, half.imag * size, 0.1), "ink", "face", 0)
    figure.add(box(spot - half * 0.2, half.real * 0.18, half.imag * 0.18, 0.1), "white", "face", 0)


def _open(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """A drawn circle with a dark disc: eyes of a pen."""
    _oval(figure, at, half, "ink")
    _oval(figure, at, _scaled(half, 0.86), "white")
    spot = _moved(at, half, look, 0.36)
    _pupil(figure, spot, _scaled(half, 0.54 * max(0.6, min(mood.pupil, 1.2))), mood)


def _star(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """Large and shiny, as in comics."""
    half = _scaled(half, 1.1)
    _oval(figure, at, half, "white", 1.2)
    spot = _moved(at, half, look, 0.3)
    iris = complex(half.real * 0.66, half.imag * 0.74) * max(0.55, min(mood.pupil, 1.12))
    _oval(figure, spot, iris, "ink")
    _oval(figure, spot + 0.3j * iris.imag, _scaled(iris, 0.6), "iris")
    _pupil(figure, spot, _scaled(iris, 0.5), mood)
    _glint(figure, spot, iris, 0.3)


def _plain(figure: Figure, at: complex, half: complex, mood: Mood, look: complex) -> None:
    """White, a broad iris and a large pupil: what is left of an eye at five pixels."""
    _oval(figure, at, half, "white", 0.7)
    iris = 0.72 * max(0.55, min(mood.pupil, 1.15))
    spot = _moved(at, half, look, 0.28)
    _oval(figure, spot, _scaled(half, iris), "iris")
    _pupil(figure, spot, _scaled(half, iris * 0.7), mood)


PUPILS = {
    "plain": _plain,
    "dot": _dot,
    "bean": _bean,
    "almond": _almond,
    "ring": _ring,
    "button": _button,
    "square": _square,
    "open": _open,
    "star": _star,
}


def _lids(figure: Figure, at: complex, half: complex, mood: Mood, lid: float, side: int) -> None:
    """The upper lid, slanted by the brows, and the lower one, which rises in a smile."""
    size, tall = half.real, half.imag
    slope = 0.34 * size * mood.brow * side
    if mood.sign == "spiral" and side > 0:
        lid += 0.16
    for share, turns, way in ((lid, (0.5, 1.0), 1), (mood.low, (0.0, 0.5), -1)):
        if share <= 0.12:
            continue
        edge = at.imag + way * (-tall + 2 * tall * share)
        lean = slope if way > 0 else 0.0
        rim = arc(at, size * 1.12, tall * 1.1, *turns, 25)
        rim = [p for p in rim if (p.imag - edge) * way <= 0.1 * size]
        if len(rim) > 3:
            first, last = rim[0].real, rim[-1].real
            tilt = lean if first < last else -lean
            ends = [complex(first, edge + tilt), complex(last, edge - tilt)]
            figure.add([*rim, *ends[::-1]], "body", "face", 0)
            figure.add(ribbon(ends, 0.05 * size, 0.07 * size, 0.05 * size, steps=3), "brow", "face", 0)
