"""What stands beside the parameter under discussion: terms that may be left out, but where they stand they count."""

from collections.abc import Iterable, Iterator

from derive.checking.derivations.equations import families_in
from derive.language.expr import Add, Expr, Mul, mul
from derive.language.family import Family
from derive.language.functions import Sum, sum_over


def with_those_beside(side: Expr, variable: Family, parameters: Iterable[Family]) -> frozenset[str]:
    """Return the names of a parameter and of those in terms without it: where such terms stand, they count."""
    every = frozenset(parameters)
    beside = [families_in(term) & every for term in _terms(side) if variable not in families_in(term)]
    return frozenset(family.name for family in {variable}.union(*beside))


def _terms(expr: Expr) -> Iterator[Expr]:
    """The terms as a reader sees them: in brackets and under sum signs, but a quadratic form is one."""
    if isinstance(expr, Add):
        for term in expr.terms:
            yield from _terms(term)
        return
    if isinstance(expr, Sum):
        yield from (sum_over(expr.index, term) for term in _terms(expr.body))
        return
    if isinstance(expr, Mul):
        for place, factor in enumerate(expr.factors):
            if isinstance(factor, Add | Sum) and factor.shape.is_scalar:
                others = expr.factors[:place] + expr.factors[place + 1 :]
                yield from (mul(*others, term) for term in _terms(factor))
                return
    yield expr
