"""From a hand-in to formulas: documents, macros, tokens, and a syntax tree that says only what is written."""

from derive.checking.parsing.documents import read_document, read_text
from derive.checking.parsing.problems import ReadingError
from derive.checking.parsing.statements import parse_row

__all__ = ["ReadingError", "parse_row", "read_document", "read_text"]
