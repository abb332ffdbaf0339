"""Hints on a mistake: where to look, why it is one, and what would be right, in the letters of the document."""

from derive.checking.derivations.outcome import Hint
from derive.checking.derivations.spelling import Speller
from derive.checking.mistakes.apart import apart
from derive.checking.mistakes.mistake import Mistake
from derive.language.expr import Expr

COMPARE = "Compare the two sides of this row."


def hinted(mistake: Mistake, written: Expr, right: Expr, speller: Speller) -> Hint:
    """Return the hints on a row in which a mistake has made one formula of another."""
    part = apart(written, right)
    shown = None if part == written else speller.text(part)
    return Hint(f"Look at {shown}." if shown else COMPARE, mistake.why, speller.latex(right) or "")
