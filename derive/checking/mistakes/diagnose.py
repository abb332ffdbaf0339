"""Which mistake was made: the one that turns a right formula into what is written, or whose reversal mends it."""

from collections.abc import Callable, Iterable, Iterator

from derive.checking.mistakes.catalogue import BY_NAME, CATALOGUE
from derive.checking.mistakes.mistake import Mistake
from derive.checking.mistakes.taken_back import TAKEN_BACK
from derive.em.notation import Notation
from derive.language.expr import Expr, as_expr
from derive.language.functions import Size
from derive.language.index import Index
from derive.language.rewrite import rename

# What takes a mistake back, where that is a mistake of the catalogue as well.
REVERSALS = {
    "sign-in-exponent": "sign-in-exponent",
    "sign": "sign",
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
    if _is_numeric(student):
        return None
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


def mend(
    student: Expr, free: frozenset[Index], notation: Notation, tests: Iterable[Callable[[Expr], bool]]
) -> tuple[Mistake, Expr] | None:
    """Return the mistake that makes what is written of a right formula in the same form, and that formula, if any.

    free: indices of the other side, which a right formula may have as well. tests: whether a formula in place of what
    is written would be right; a later one counts where none passes the earlier ones.
    """
    if _is_numeric(student):
        return None
    names = _letters(student, notation)
    written = rename(student, names)
    back = {new: old for old, new in names.items()}
    allowed = frozenset(names.get(index, index) for index in free)
    mended = [(name, other) for name, other in near(written, notation) if other.free <= written.free | allowed]
    for right in tests:
        found = [(name, other) for name, other in mended if right(rename(other, back))]
        if found:
            mistake, other = _named(written, found, notation)
            return mistake, rename(other, back)
    return None


def _is_numeric(expr: Expr) -> bool:
    """Whether no symbol stands in it: a bare number is no formula in which something is wrong."""
    return not expr.members and not expr.contains(lambda part: isinstance(part, Size))


def _letters(expr: Expr, notation: Notation) -> dict[Index, Index]:
    """The letters of the model for the sample and the component that are free in a formula."""
    found: dict[Index, Index] = {}
    for own in (notation.n, notation.k):
        free = [index for index in expr.ordered_free if index.size == own.size]
        if len(free) == 1:
            found[free[0]] = own
    return found


def near(written: Expr, notation: Notation) -> Iterator[tuple[str, Expr]]:
    """What a formula may have been before a mistake, and the name of the mistake that is taken back."""
    tried: set[Expr] = {as_expr(0), written}
    makes = [(name, BY_NAME[reversal].make) for name, reversal in REVERSALS.items()]
    for name, make in [*TAKEN_BACK.items(), *makes]:
        for other in make(written, notation):
            if other not in tried and other.shape == written.shape:
                tried.add(other)
                yield name, other
                if len(tried) > MOST // 10:
                    return


def leads_to(right: Expr, written: Expr, notation: Notation) -> Mistake | None:
    """Return the first mistake of the catalogue that makes what is written of a right formula."""
    return next((m for m in CATALOGUE if any(wrong == written for wrong in made(m, right, notation))), None)


def _named(written: Expr, found: list[tuple[str, Expr]], notation: Notation) -> tuple[Mistake, Expr]:
    """The first mistake of the catalogue that leads from the simplest mended formula to what is written."""
    simplest = sorted(found, key=lambda one: size(one[1]))
    for _, other in simplest:
        if (mistake := leads_to(other, written, notation)) is not None:
            return mistake, other
    name, other = simplest[0]
    return BY_NAME[name], other


def size(expr: Expr) -> int:
    """Return how many parts a formula has."""
    return 1 + sum(map(size, expr.children))


def made(mistake: Mistake, right: Expr, notation: Notation) -> Iterator[Expr]:
    """Every way to make a mistake that gives another formula."""
    return (wrong for wrong in mistake.make(right, notation) if wrong != right)
