"""What Lagrange multipliers add to an objective: constraints that sums over a simplex are one."""

from collections.abc import Iterator

from derive.em.notation import Notation
from derive.language.expr import Expr, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import sum_over
from derive.language.rewrite import rename


def constraints(notation: Notation, multipliers: tuple[Family, ...]) -> Iterator[tuple[Expr, ...]]:
    """What multipliers may add: sums over a simplex, with either sign. Without multipliers, nothing."""
    if not multipliers:
        yield ()
        return
    first, *others = multipliers
    for term in _terms(notation, first):
        for rest in constraints(notation, tuple(others)):
            yield (term, *rest)


def _terms(notation: Notation, multiplier: Family) -> Iterator[Expr]:
    model = notation.model
    for family in (*model.parameters, notation.gamma):
        if not (family.domain.sums_to_one or family.role is Role.RESPONSIBILITY):
            continue
        *outer, inner = family.indices
        if [index.size for index in outer] != [index.size for index in multiplier.indices]:
            continue
        names = dict(zip(outer, multiplier.indices, strict=True))
        slack = add(rename(sum_over(inner, family.symbol), names), -1)
        term: Expr = mul(Symbol(multiplier, multiplier.indices), slack)
        for index in multiplier.indices:
            term = sum_over(index, term)
        yield term
        yield mul(-1, term)
