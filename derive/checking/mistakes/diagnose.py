"""Which mistake was made: the one that turns a right formula into what is written, or whose reversal mends it."""

from collections.abc import Callable, Iterable, Iterator

from derive.checking.mistakes.catalogue import BY_NAME, CATALOGUE
from derive.checking.mistakes.mistake import Mistake
from derive.checking.mistakes.taken_back import TAKEN_BACK
from derive.em.notation import Notation
from derive.language.expr import Expr

# What takes a mistake back, where that is a mistake of the catalogue as well.
REVERSALS = {
    "inverse-lost": "inverse-extra",
    "inverse-extra": "inverse-lost",
    "half-lost": "half-extra",
    "half-extra": "two-extra",
    "two-lost": "two-extra",
    "two-extra": "half-extra",
    "n-for-count": "count-for-n",
    "count-for-n": "n-for-count",
    "square-lost": "power-for-first",
    "sum-inside-log": "log-inside-sum",
    "squares-for-outer": "diagonal-lost",
    "sign-of-a-term": "sign-of-a-term",
    "sign": "sign",
    "sum-over-wrong-index": "sum-over-wrong-index",
    "sum-over-components-extra": "sum-over-components-lost",
    "plus-in-centring": "plus-in-centring",
    "matrix-order": "matrix-order",
    "upside-down": "upside-down",
    "multiplier-sign": "multiplier-sign",
    "sign-of-n": "sign-of-n",
    "determinant-sign": "determinant-sign",
    "index-slip": "index-slip",
    "dimension-lost": "dimension-extra",
    "dimension-extra": "dimension-lost",
    "responsibility-squared": "responsibility-forgotten",
}
MOST = 4000  # formulas that are tried for one row


def diagnose(
    student: Expr, rights: Iterable[Expr], notation: Notation, same: Callable[[Expr, Expr], bool]
) -> tuple[Mistake, Expr] | None:
    """Return the mistake that makes what is written of a right formula, and that formula; None if there is none.

    same: whether two formulas agree, exactly.
    """
    rights = list(rights)
    tried: set[Expr] = set()
    for mistake in CATALOGUE:
        for right in rights:
            for wrong in made(mistake, right, notation):
                if wrong in tried or wrong.shape != student.shape or wrong.free != student.free:
                    continue
                tried.add(wrong)
                if len(tried) > MOST:
                    return None
                if same(wrong, student):
                    return mistake, right
    return None


def mend(student: Expr, notation: Notation, right: Callable[[Expr], bool]) -> tuple[Mistake, Expr] | None:
    """Return the mistake whose reversal makes a formula right, and what it is then; None if none does.

    right: whether a formula in place of what is written would be right.
    """
    tried: set[Expr] = set()
    makes = [(name, BY_NAME[reversal].make) for name, reversal in REVERSALS.items()]
    for name, make in [*makes, *TAKEN_BACK.items()]:
        for mended in make(student, notation):
            if mended in tried or mended.shape != student.shape:
                continue
            tried.add(mended)
            if len(tried) > MOST // 10:
                return None
            if right(mended):
                return BY_NAME[name], mended
    return None


def made(mistake: Mistake, right: Expr, notation: Notation) -> Iterator[Expr]:
    """Every way to make a mistake that gives another formula."""
    return (wrong for wrong in mistake.make(right, notation) if wrong != right)
