"""How pictures are found by their words, whatever engine keeps them."""
