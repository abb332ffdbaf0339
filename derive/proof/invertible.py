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
    """Whether this is N_k = sum_n gamma_nk: positive in exact arithmetic, zero where code rounds; so it is assumed."""
    body = factor.body if isinstance(factor, Sum) else None
    return isinstance(body, Symbol) and body.family.role is Role.RESPONSIBILITY
