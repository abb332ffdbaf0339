"""From a hand-in to formulas: documents, macros, tokens, and a syntax tree that says only what is written."""
