"""How the mistakes in posterior.py turn a right formula into a wrong one."""

from collections.abc import Iterator
from fractions import Fraction

from derive.checking.mistakes.parts import (
    coefficients,
    has_exp,
    is_multiplier,
    is_reciprocal,
    is_size,
    is_weight,
    over_components,
)
from derive.em.notation import Notation
from derive.language.expr import Add, Expr, Mul, Number, Power, add, as_expr, mul, power
from derive.language.family import Role, Symbol
from derive.language.functions import PI, Exp, Log, Size, Sum, exp, inverse, sum_over
from derive.language.rewrite import rename
from derive.language.special import LogGamma


def weight_forgotten(part: Expr, notation: Notation) -> Expr | None:
    """Make the mistake: weight forgotten."""
    return as_expr(1) if is_weight(part, notation) else None


def weight_forgotten_once(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: weight forgotten once."""
    if is_weight(part, notation):
        yield as_expr(1)


def log_weight_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: log weight lost."""
    if isinstance(part, Add):
        kept = [term for term in part.terms if not (isinstance(term, Log) and is_weight(term.arg, notation))]
        if len(kept) < len(part.terms):
            yield add(*kept)


def weight_squared(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: weight squared."""
    if is_weight(part, notation):
        yield part**2


def not_normalised(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: not normalised."""
    if is_reciprocal(part) and isinstance(part, Power) and over_components(part.base, notation) and has_exp(part.base):
        yield as_expr(1)


def normalised_over_samples(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: normalised over samples."""
    if is_reciprocal(part) and isinstance(part, Power) and over_components(part.base, notation):
        assert isinstance(part.base, Sum)  # noqa: S101 - for the type checker
        old = part.base.index
        for index in sorted(part.base.body.free - {old}):
            if index.size == notation.n.size:
                fresh = index.renamed(frozenset(part.base.body.free))
                component = next((i for i in _components(notation, old)), old)
                yield inverse(sum_over(fresh, rename(part.base.body, {index: fresh, old: component})))


def _components(notation: Notation, old: object) -> list:  # type: ignore[type-arg]
    return [notation.k] if notation.k != old else []


def sum_for_one_density(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Only the density of this component below the fraction."""
    if is_reciprocal(part) and isinstance(part, Power) and over_components(part.base, notation) and has_exp(part.base):
        assert isinstance(part.base, Sum)  # noqa: S101 - for the type checker
        body = part.base.body
        if isinstance(body, Mul):
            densities = [factor for factor in body.factors if not is_weight(factor, notation)]
            yield inverse(sum_over(part.base.index, mul(*densities)))


def normaliser(part: Expr, _: Notation) -> Iterator[Expr]:
    """(2 pi)^(1/2) or nothing for (2 pi)^(D/2)."""
    if isinstance(part, Mul) and part.contains(lambda node: node == PI):
        if any(isinstance(factor, Size) for factor in part.factors):
            yield mul(*(factor for factor in part.factors if not isinstance(factor, Size)))
        if isinstance(part.factors[0], Number) and part.factors[0].value.denominator == 2:
            yield mul(2 * part.factors[0].value, *part.factors[1:])


def multiplier_lost(part: Expr, _: Notation) -> Expr | None:
    """Make the mistake: multiplier lost."""
    if isinstance(part, Add):
        kept = [term for term in part.terms if not term.contains(is_multiplier)]
        if 0 < len(kept) < len(part.terms):
            return add(*kept)
    return None


def multiplier_sign(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: multiplier sign."""
    if is_multiplier(part):
        yield mul(-1, part)


def multiplier_upside_down(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: multiplier upside down."""
    if is_multiplier(part):
        yield inverse(part)


def one_over_weight_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: one over weight lost."""
    if is_reciprocal(part) and isinstance(part, Power) and is_weight(part.base, notation):
        yield as_expr(1)
        yield part.base


def log_weight(part: Expr, notation: Notation) -> Iterator[Expr]:
    """The derivative of log pi taken as log pi, or as 1."""
    if is_reciprocal(part) and isinstance(part, Power) and is_weight(part.base, notation):
        yield power(part.base, -2)


def sign_of_n(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: sign of n."""
    if is_size(part, notation.n):
        yield mul(-1, part)


def constraint_forgotten(part: Expr, _: Notation) -> Iterator[Expr]:
    """The constraint without its 1: lambda sum pi."""
    if isinstance(part, Mul) and part.contains(is_multiplier):
        for place, factor in enumerate(part.factors):
            if isinstance(factor, Add):
                kept = [term for term in factor.terms if not isinstance(term, Number)]
                if kept and len(kept) < len(factor.terms):
                    yield mul(*part.factors[:place], add(*kept), *part.factors[place + 1 :])


def divided_by_components(expr: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: divided by components."""
    if expr.shape.is_scalar:
        yield mul(Size(notation.k.size) ** -1, expr)


def previous_weight(expr: Expr, notation: Notation) -> Iterator[Expr]:
    """The result times the weight itself."""
    index = next((index for index in expr.ordered_free if index.size == notation.k.size), None)
    if index is not None and expr.shape.is_scalar:
        yield mul(Symbol(notation.model.weights, (index,)), expr)


def equal_weights(expr: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: equal weights."""
    if expr.shape.is_scalar and expr.children and {index.size for index in expr.free} == {notation.k.size}:
        yield mul(Size(notation.k.size) ** -1, as_expr(1))


def known_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: known lost."""
    if isinstance(part, Symbol) and part.family.role is Role.KNOWN and part.shape.is_scalar:
        yield as_expr(1)


def factorial_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: factorial lost."""
    if isinstance(part, LogGamma):
        yield as_expr(0)
        yield exp(part)


def exponent_half(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: exponent half."""
    if isinstance(part, Exp) and isinstance(part.arg, Add):
        terms = part.arg.terms
        for place, term in enumerate(terms):
            for number, others in coefficients(term):
                quadratic = any(factor.children and not isinstance(factor, Log) for factor in others)
                if abs(number.value) == Fraction(1, 2) and quadratic:
                    yield exp(add(*terms[:place], mul(2, term), *terms[place + 1 :]))
