"""Bodies: a creature made of shapes for every noun, one module for each family."""

from dalle.painters.sketch.bodies.atlas import CLASSES, PLANS, creature

__all__ = ["CLASSES", "PLANS", "creature"]
