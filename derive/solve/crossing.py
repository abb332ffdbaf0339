"""An equation that does not move one way may still have one root at most, by a theorem about its left side."""

from collections.abc import Iterator
from fractions import Fraction

from derive.language.expr import Expr, Number, add, mul, power
from derive.language.family import Symbol
from derive.language.functions import Sum
from derive.language.rewrite import collect, factors, mentions, terms
from derive.language.root_of import RootOf
from derive.language.special import PolyGamma
from derive.proof.alike import alike
from derive.proof.crossing import THEOREMS
from derive.proof.step import Assumption, Crosses, Multiplied
from derive.solve.apart import taken_apart
from derive.solve.line import Line

ZERO, ONE = Number(Fraction(0)), Number(Fraction(1))


def crossing_lines(residual: Expr, unknown: Symbol) -> list[Line]:
    """Return the lines from residual = 0 to unknown = its root; none where no theorem is about this equation."""
    for move in _candidates(residual, unknown):
        theorem = THEOREMS[move.theorem]
        stated = theorem.slope(move.index, move.weight, move.value, unknown)
        if theorem.holds(move.weight, move.value, unknown) and alike(stated, residual):
            return _lines(taken_apart(stated, unknown.family), unknown, move)
    return []


def _candidates(residual: Expr, unknown: Symbol) -> Iterator[Crosses]:
    """Yield what the terms sum_n w_n psi(x_n + r) say of samples, weights and values."""
    for term in terms(residual):
        for whole in factors(term):
            if not isinstance(whole, Sum):
                continue
            for factor in factors(whole.body):
                if isinstance(factor, PolyGamma) and factor.order == 0:
                    value = collect(add(factor.arg, mul(-1, unknown)))
                    weight = mul(whole.body, power(factor, -1))
                    if not any(part.contains(mentions(unknown.family)) for part in (value, weight)):
                        yield Crosses("negative binomial size", whole.index, weight, value)


def _lines(stated: Expr, unknown: Symbol, move: Crosses) -> list[Line]:
    theorem = THEOREMS[move.theorem]
    words = f"set to zero: no closed form; {theorem.says}"
    equation = Line(stated, ZERO, Multiplied(ONE), words, "equation", source=theorem.source)
    root = RootOf(unknown, stated)
    needed = Assumption(
        root, f"that the left side changes its sign, which the code checks when it brackets {unknown.key}"
    )
    words = "found numerically: a bracket whose ends have different signs is narrowed"
    return [equation, Line(unknown, root, move, words, "crosses-once", assumptions=(needed,))]
