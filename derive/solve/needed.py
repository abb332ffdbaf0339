"""What must hold for a coefficient to be invertible, said where it is divided by."""

from derive.language.expr import Expr, Mul, Power
from derive.language.family import Role, Symbol
from derive.language.functions import Sum
from derive.language.rewrite import coefficient
from derive.proof.invertible import counted
from derive.proof.sign import definite, positive
from derive.proof.step import Assumption


def needed(total: Expr, unknown: Symbol) -> tuple[Assumption, ...]:
    """Return the assumptions under which ``total`` is invertible; none where the domains of its symbols say it."""
    factors = total.factors if isinstance(total, Mul) else (total,)
    return tuple(found for factor in factors for found in _needed(coefficient(factor)[1], unknown))


def _needed(factor: Expr, unknown: Symbol) -> tuple[Assumption, ...]:
    name = unknown.family.name
    if isinstance(factor, Power):
        return _needed(factor.base, unknown)
    if factor.shape.is_square:
        return () if definite(factor) else (Assumption(factor, f"that the matrix in front of {name} is invertible"),)
    gamma = counted(factor) if isinstance(factor, Sum) else None
    if gamma is not None:
        return (Assumption(factor, f"N_{gamma.indices[-1]} = {factor} > 0"),)
    if positive(factor):
        return ()
    if isinstance(factor, Symbol) and factor.family.role is Role.MULTIPLIER:
        holds = (
            "where its product with {} is not zero"
            if unknown.family.domain.unit
            else "since its product with {} is positive"
        )
        words = f"{factor.family.name} ≠ 0, which holds {holds.format(name)}"
        return (Assumption(factor, words),)
    return (Assumption(factor, f"that the factor in front of {name} is not zero"),)
