"""Factors by which an equation may be multiplied without gaining or losing solutions."""

from derive.errors import StepRefusedError
from derive.language.expr import Expr, Mul, Number, Power, Word
from derive.language.family import Role, Symbol
from derive.language.functions import Inverse, Sum
from derive.proof.sign import definite, positive
from derive.proof.step import Step


def require_invertible(step: Step, factors: tuple[Expr | None, ...]) -> None:
    """Refuse a factor that neither its domain nor an assumption of the step about that very factor makes invertible."""
    assumed = frozenset(assumption.expr.key for assumption in step.assumptions)
    for factor in factors:
        if factor is not None and not _invertible(factor, assumed):
            raise StepRefusedError(f"{step.place}: nothing says that the factor {factor} is invertible")


def _invertible(factor: Expr, assumed: frozenset[str]) -> bool:
    if factor.key in assumed:
        return True
    if isinstance(factor, Number):
        return factor.value != 0
    if isinstance(factor, Power):
        return _invertible(factor.base, assumed)
    if isinstance(factor, Inverse):
        return _invertible(factor.arg, assumed)
    if isinstance(factor, Mul) or (isinstance(factor, Word) and all(x.shape.is_square for x in factor.letters)):
        return all(_invertible(part, assumed) for part in factor.children)
    if is_count(factor):
        return False
    return positive(factor) if factor.shape.is_scalar else definite(factor)


def is_count(factor: Expr) -> bool:
    """Whether this is N_k = sum_n gamma_nk: positive in exact arithmetic, zero where code rounds; so it is assumed.

    The same with known numbers >= 0 beside the responsibilities: sum_n w_n gamma_nk.
    """
    return isinstance(factor, Sum) and counted(factor) is not None


def counted(total: Sum) -> Symbol | None:
    """Return the responsibilities that a sum counts, each perhaps times known numbers; None for any other sum."""
    if not total.shape.is_scalar:  # known matrices, whose sum is as definite as they are
        return None
    parts = total.body.factors if isinstance(total.body, Mul) else (total.body,)
    symbols = [part for part in parts if isinstance(part, Symbol)]
    found = [part for part in symbols if part.family.role is Role.RESPONSIBILITY]
    known = [part for part in symbols if part.family.role is Role.KNOWN and part.family.domain.nonnegative]
    whole = len(found) == 1 and total.index == found[0].indices[0] and len(found) + len(known) == len(parts)
    return found[0] if whole else None
