"""Mutants: right derivations with one mistake made in one row, and how many of them are found and named."""
