"""Functions that were handed in, compared with derived ones."""
