"""Painters turn a selection and a prompt into the bytes of a picture."""
