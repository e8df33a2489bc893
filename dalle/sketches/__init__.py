"""Sketches: what stands in a page for a picture that is not there, drawn by the offline artist."""
