"""Bodies: a creature of shapes for every noun, one module a family."""

from dalle.painters.sketch.bodies.atlas import CLASSES, PLANS, creature

__all__ = ["CLASSES", "PLANS", "creature"]
