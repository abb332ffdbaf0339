"""The M-step for an angle: Q in it is c (C cos a + S sin a), a wave whose crest is at the angle of the point (C, S).

Q is not concave in an angle, and its slope vanishes at the trough too. That the crest is the global maximum is shown by
how far Q lies below it: C cos a + S sin a <= |(C, S)|, by the inequality of Cauchy and Schwarz, since

    |(C, S)| - C cos a - S sin a = 2 |(C, S)| sin^2((a - atan2(S, C)) / 2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derive.calculus.gradient import gradient
from derive.em.highest import show_highest
from derive.em.ledger import Ledger
from derive.em.maximum import show_solution
from derive.em.names import Names
from derive.em.notation import Notation
from derive.em.stationary import differentiated
from derive.errors import NoClosedFormError
from derive.language.angles import split_angles
from derive.language.calculus_nodes import Derivative, Named
from derive.language.expr import Expr, Number, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import sum_over
from derive.language.rewrite import coefficient, collect, distribute, factors, mentions, out_of_sums, terms
from derive.language.special import Cos, Sin, atan2, cos, sin
from derive.proof.derivation import UpdateEquation
from derive.proof.sign import positive
from derive.proof.step import Relation


@dataclass(frozen=True)
class Phase:
    """Q as a function of an angle a: amplitude (cosine cos(rate a) + sine sin(rate a)), with a positive amplitude."""

    amplitude: Expr
    cosine: Expr
    sine: Expr
    rate: Fraction

    @property
    def value(self) -> Expr:
        """The angle at which Q is largest."""
        return mul(1 / self.rate, atan2(self.sine, self.cosine))


def phase(body: Expr, symbol: Symbol) -> Phase | None:
    """Return the wave that the objective is in an angle; None where it is something else."""
    held, waves = mentions(symbol.family), _waves(symbol)
    if not symbol.shape.is_scalar or symbol.family.domain.nonnegative or not body.contains(waves):
        return None
    try:
        slope = split_angles(gradient(body, symbol), held)
    except NoClosedFormError:
        return None
    before: dict[Expr, Expr] = {}
    for term in terms(collect(out_of_sums(add(*distribute(slope, waves))))):
        inside = [factor for factor in factors(term) if factor.contains(held)]
        if len(inside) != 1 or not waves(inside[0]):
            return None
        rest = mul(1, *(factor for factor in factors(term) if factor != inside[0]))
        before[inside[0]] = add(before.get(inside[0], Number(Fraction(0))), rest)
    rates = {_rate(wave, symbol) for wave in before}
    (rate, *others) = rates
    if rate is None or others:
        return None
    angle = mul(rate, symbol)
    sine, cosine = (before.get(wave(angle), Number(Fraction(0))) for wave in (cos, sin))
    shared = _shared((*terms(cosine), *terms(sine)))
    sine, cosine = (_divided(part, shared) for part in (mul(1 / rate, sine), mul(-1 / rate, cosine)))
    return Phase(mul(1, *shared), cosine, sine, rate)


def write_phase(ledger: Ledger, notation: Notation, symbol: Symbol, wave: Phase) -> UpdateEquation:
    """Write down the M-step of an angle; return its update."""
    names, at = Names.of(notation), "".join(index.name for index in symbol.indices)

    def named(letters: str, value: Expr, what: str) -> Expr:
        letter = names.fresh(*letters)
        name = Named(f"{letter}_{at}", f"{letter}_{{{at}}}", value) if at else Named(letter, letter, value)
        ledger.add(name, value, "name", what)
        return name

    c, s = named("CUG", wave.cosine, "what goes with the cosine"), named("SVH", wave.sine, "what goes with the sine")
    angle = mul(wave.rate, symbol)
    total = mul(wave.amplitude, add(mul(c, cos(angle)), mul(s, sin(angle))))
    for index in reversed(symbol.indices):
        total = sum_over(index, total)
    words = "cos(a - b) = cos a cos b + sin a sin b; what the sums over samples do not touch is taken out"
    objective = notation.objective
    ledger.add(
        objective,
        total,
        "sum-of-angles",
        words,
        relation=Relation.EQUAL_UP_TO_CONSTANT,
        variable=symbol.family,
        source="olver2010: (4.21.2)",
    )
    slope = differentiated(ledger, notation, symbol, symbol, total)
    crest = mul(1 / wave.rate, atan2(s, c))
    half = mul(Fraction(1, 2), wave.rate, add(symbol, mul(-1, crest)))
    length = power(add(power(c, 2), power(s, 2)), Fraction(1, 2))
    gap = mul(2, wave.amplitude, length, power(sin(half), 2))
    for index in reversed(symbol.indices):
        gap = sum_over(index, gap)
    update = show_highest(ledger, slope, objective, symbol, crest, gap)
    show_solution(ledger, Derivative(objective, symbol), [(symbol, update.value)])
    return update


def _waves(symbol: Symbol) -> Callable[[Expr], bool]:
    held = mentions(symbol.family)
    return lambda expr: isinstance(expr, Cos | Sin) and expr.contains(held)


def _rate(wave: Expr, symbol: Symbol) -> Fraction | None:
    """How many turns the wave makes while the angle makes one; None where its angle is no multiple of the symbol."""
    assert isinstance(wave, Cos | Sin)  # noqa: S101 - for the type checker
    rate, rest = coefficient(wave.arg)
    return rate if rest == symbol else None


def _shared(parts: tuple[Expr, ...]) -> list[Expr]:
    """The positive factors that all terms have in common."""
    first, *others = (list(factors(part)) for part in parts if part != Number(Fraction(0)))
    return [
        factor
        for factor in first
        if not isinstance(factor, Number) and positive(factor) and all(factor in other for other in others)
    ]


def _divided(expr: Expr, shared: list[Expr]) -> Expr:
    return add(*(mul(1, *(factor for factor in factors(term) if factor not in shared)) for term in terms(expr)))
