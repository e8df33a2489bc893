"""A figure: a body with a face, limbs, clothes and things, by the words of a selection."""
