"""The call log of a data folder: its files, their sums, and what is written to them."""
