"""What a step claims: for each relation and move, the identities that must hold for the step to be true."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derive.errors import StepRefusedError
from derive.language import ring
from derive.language.calculus_nodes import At
from derive.language.expr import Expr, Mul, Number, Power, Word, add, mul
from derive.language.family import Family, Symbol
from derive.language.functions import Exp, Size, exp, inverse, sum_over
from derive.proof.sign import definite
from derive.proof.step import Combined, Exponentiated, Multiplied, Relation, Rooted, Step, Summed


@dataclass(frozen=True)
class Claim:
    """left and right compare entry by entry; ``varied``: left - right must not change when that family is redrawn."""

    left: Expr
    right: Expr
    what: str = "the sides differ"
    varied: Family | None = None
    holds: Callable[[ring.Scalar, ring.Scalar], bool] = ring.agree


def claims(step: Step, earlier: Callable[[int], Step]) -> list[Claim]:
    """Return the identities that make the step true."""
    if step.relation is Relation.EQUAL:
        return [Claim(step.left, step.right)]
    if step.relation is Relation.EQUAL_UP_TO_CONSTANT:
        if step.variable is None:
            raise StepRefusedError(f"step ({step.number}): '= + const' needs the variable in which it is constant")
        what = f"the difference of the sides depends on {step.variable.name}"
        return [Claim(step.left, step.right, what, varied=step.variable)]
    if step.relation is Relation.AT_MOST:
        return [Claim(step.left, step.right, "the left side is larger", holds=_at_most)]
    if step.relation is Relation.AT_LEAST:
        return [Claim(step.left, step.right, "the left side is smaller", holds=lambda a, b: _at_most(b, a))]
    if step.premise is None or step.move is None:
        raise StepRefusedError(
            f"step ({step.number}): an equation that follows from another needs that premise and a move"
        )
    return _moved(step, earlier(step.premise), earlier)


def residual(step: Step) -> Expr:
    """Return what an equation says is zero: left - right; of a gradient that is set to zero, the gradient."""
    if step.relation in (Relation.EQUAL, Relation.EQUAL_UP_TO_CONSTANT):
        return step.right
    return add(step.left, mul(-1, step.right))


def _moved(step: Step, premise: Step, earlier: Callable[[int], Step]) -> list[Claim]:
    now, before = residual(step), residual(premise)
    one_way = step.relation is Relation.IMPLIES
    match step.move:
        case Multiplied(left, right):
            for factor in (left, right):
                _require_invertible(step, factor)
            factors = [factor for factor in (left, right) if factor is not None]
            product = mul(*([left] if left is not None else []), before, *([right] if right is not None else []))
            found = [Claim(now, product, "the equation is not the premise times the factor")]
            return found + [Claim(inverse(factor), inverse(factor)) for factor in factors]  # fails where there is none
        case Summed(index) if one_way:
            return [Claim(now, sum_over(index, before), "the equation is not the premise summed")]
        case Combined(other, factor) if one_way:
            return [
                Claim(
                    now,
                    add(before, mul(factor, residual(earlier(other)))),
                    "the value put back is not that of the other equation",
                )
            ]
        case Exponentiated():
            what = "a side is not the exponential of the premise's"
            return [Claim(step.left, exp(premise.left), what), Claim(step.right, exp(premise.right), what)]
        case Rooted() if isinstance(step.left, Symbol):
            return [
                Claim(At(before, step.left, step.right), Number(Fraction(0)), "the root does not solve the premise"),
                Claim(step.right, Number(Fraction(0)), "the root is not positive", holds=_positive),
            ]
    raise StepRefusedError(
        f"step ({step.number}), {step.rule}: its move does not give the relation {step.relation.value}"
    )


def _require_invertible(step: Step, factor: Expr | None) -> None:
    """Refuse a factor that no declared domain makes invertible, unless the step states what it assumes."""
    if factor is None or step.assumptions:
        return
    if factor.shape.is_scalar:
        fine = nonzero(factor)
    else:
        parts = factor.children if isinstance(factor, Word | Mul) else (factor,)
        fine = all(nonzero(part) if part.shape.is_scalar else definite(part) for part in parts)
    if not fine:
        raise StepRefusedError(
            f"step ({step.number}), {step.rule}: nothing says that the factor {factor} is invertible"
        )


def nonzero(factor: Expr) -> bool:
    """Whether a scalar is known not to vanish: numbers, positive symbols, exponentials, products and powers."""
    if isinstance(factor, Mul):
        return all(nonzero(part) for part in factor.factors)
    if isinstance(factor, Power):
        return nonzero(factor.base)
    if isinstance(factor, Number):
        return factor.value != 0
    return factor.positive or isinstance(factor, Exp | Size)


def _at_most(a: ring.Scalar, b: ring.Scalar) -> bool:
    return ring.agree(a, b) or bool(a < b)


def _positive(a: ring.Scalar, b: ring.Scalar) -> bool:
    return bool(a > b)
