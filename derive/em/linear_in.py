"""An expression as a linear function of what depends on the samples: sum_j <coefficient_j, core_j>.

<A, B> is the product of two numbers, the inner product of two vectors, or tr(A'B), summed over the plates of the core.
"""

from dataclasses import replace
from fractions import Fraction

from derive.em.location import match
from derive.em.separation import ONE, UNDER, Term, separate
from derive.language.expr import Add, Expr, Number, add, mul
from derive.language.functions import sum_over, trace
from derive.language.index import ONE as UNIT
from derive.language.index import Index
from derive.language.rewrite import canonical, collect, distribute, rename

HALF = Number(Fraction(1, 2))


def linear_in(expr: Expr, sample: Index) -> dict[Expr, Expr]:
    """Return core -> coefficient of a scalar expression; the first core is 1.

    Raises NotSeparableError where data and parameters cannot be told apart.
    """
    found: dict[Expr, list[Expr]] = {ONE: []}
    for term in separate(expr, sample):
        for part in _split(term, sample):
            core, coefficient = _oriented(part)
            at = same(core, found)
            if at is None:
                found[core] = [coefficient]
            else:
                known, names = at
                value = coefficient if known.shape == core.shape else coefficient.transposed()
                found[known].append(rename(value, names))
    return {core: collect(add(*parts)) for core, parts in found.items()}


def inner(coefficient: Expr, core: Expr, sample: Index, component: Index) -> Expr:
    """Return <coefficient, core>."""
    if core.shape.is_scalar:
        value = mul(coefficient, core)
    elif core.shape.cols == UNIT:
        value = mul(coefficient.transposed(), core)
    else:
        value = trace(mul(coefficient if coefficient.symmetric else coefficient.transposed(), core))
    for plate in plates(core, sample, component):
        value = sum_over(plate, value)
    return value


def plates(core: Expr, sample: Index, component: Index) -> tuple[Index, ...]:
    """Return the plates of a core other than those of samples and components: it has one value for each index."""
    return tuple(sorted(core.free - {sample, component}))


def same(core: Expr, known: "dict[Expr, list[Expr]] | list[Expr]") -> tuple[Expr, dict[Index, Index]] | None:
    """Return which of the known cores this one is, perhaps transposed, with the names that its indices have there."""
    for other in known:
        for turned in (core, core.transposed()):
            names = match(turned, other) if turned.shape == other.shape else None
            if names is not None:
                return other, names
    return None


def _split(term: Term, sample: Index) -> list[Term]:
    """Take a core that is a sum apart: 1 - x_n is linear in 1 and x_n."""
    if not isinstance(term.core, Add) or not term.core.shape.is_scalar:
        return [term]
    parts = distribute(term.core, lambda part: isinstance(part, Add))
    inside = [separated for part in parts for separated in separate(part, sample)]
    return [
        replace(term, core=part.core, scale=mul(term.scale, part.rebuilt(ONE)), plates=term.plates)
        if part.core == ONE or not (part.left or part.right or part.under or part.plates)
        else replace(term, core=part.rebuilt(part.core))
        for part in inside
    ]


def _oriented(term: Term) -> tuple[Expr, Expr]:
    """Return core and coefficient, vectors as columns."""
    shape = term.core.shape
    if shape.rows == UNIT != shape.cols:
        term = term.transposed()
    left, right = (tuple(letter.transposed() for letter in reversed(part)) for part in (term.left, term.right))
    if term.core.shape.is_scalar:
        value = mul(term.scale, UNDER[term.under](mul(*term.left, *term.right)))
    else:
        value = mul(term.scale, *left, *right)
    if term.core.symmetric and canonical(value) != canonical(value.transposed()):
        value = mul(HALF, add(value, value.transposed()))
    for plate in term.plates:
        if plate not in term.core.free:
            value = sum_over(plate, value)
    return term.core, value
