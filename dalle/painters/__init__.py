"""Painters: what turns a dressed address and a prompt into the bytes of a picture."""

from dalle.painters.protocol import Answer, Call, Order, Painter, Recorder

__all__ = ["Answer", "Call", "Order", "Painter", "Recorder"]
