"""How mistakes are taken back that no other mistake reverses: what was lost is put in again."""

from collections.abc import Iterator
from fractions import Fraction

from derive.checking.mistakes.mistake import Make, one_by_one
from derive.checking.mistakes.parts import (
    has_exp,
    is_data,
    is_gamma,
    is_mean,
    is_outer,
    is_size,
    is_weight,
    over_samples,
    without,
)
from derive.em.notation import Notation
from derive.language.expr import Add, Expr, Mul, Number, Power, Word, add, as_expr, mul, power
from derive.language.family import Symbol
from derive.language.functions import PI, Exp, Log, LogDet, Size, Sum, Trace, exp, inverse, log, sum_over
from derive.language.index import ONE

HALF = Fraction(1, 2)


def _number_of_samples(part: Expr, notation: Notation) -> Iterator[Expr]:
    """N or N_k where K stands."""
    if is_size(part, notation.k):
        yield Size(notation.n.size)
        yield sum_over(notation.n, Symbol(notation.gamma, (notation.n, notation.k)))


def _without_number(part: Expr, _: Notation) -> Iterator[Expr]:
    """A sum of terms without its number: N_k for N_k - 1."""
    if isinstance(part, Add):
        kept = [term for term in part.terms if not isinstance(term, Number)]
        if 0 < len(kept) < len(part.terms):
            yield add(*kept)


def _times_components(expr: Expr, notation: Notation) -> Iterator[Expr]:
    yield mul(Size(notation.k.size), expr)


def _times_samples(part: Expr, notation: Notation) -> Iterator[Expr]:
    if over_samples(part, notation):
        yield mul(Size(notation.n.size), part)


def _with_responsibility(part: Expr, notation: Notation) -> Iterator[Expr]:
    """A sum over the samples, the components or both, with the responsibility in it."""
    if isinstance(part, Sum) and not isinstance(part.body, Sum) and not part.body.contains(is_gamma):
        around = {index.size: index for index in (*part.body.ordered_free, part.index)}
        n, k = (around.get(own.size, own) for own in (notation.n, notation.k))
        yield sum_over(part.index, mul(Symbol(notation.gamma, (n, k)), part.body))
    if is_size(part, notation.n):
        yield sum_over(notation.n, Symbol(notation.gamma, (notation.n, notation.k)))


def _bracket(part: Expr, _: Notation) -> Iterator[Expr]:
    """a b + c made a (b + c), where a is one factor or all but one of them; for columns and sums alike."""
    if not isinstance(part, Add):
        return
    for place, term in enumerate(part.terms):
        rest = without(part, place)
        for shared, left in _shared_factors(term):
            yield mul(shared, add(left, *rest))
        if isinstance(term, Sum) and not any(term.index in other.free for other in rest):
            yield sum_over(term.index, add(term.body, *rest))


def _shared_factors(term: Expr) -> Iterator[tuple[Expr, Expr]]:
    """A factor of a term, or all but one, and what is left."""
    if isinstance(term, Mul):
        for place, factor in enumerate(term.factors):
            others = mul(*without(term, place))
            if factor.shape.is_scalar and not isinstance(factor, Number):
                yield factor, others
            if others.shape.is_scalar and not isinstance(others, Number):
                yield others, factor


def _squared(part: Expr, _: Notation) -> Iterator[Expr]:
    """A factor, or its reciprocal, squared."""
    if isinstance(part, Mul | Power):
        factors = part.factors if isinstance(part, Mul) else (part,)
        for place, factor in enumerate(factors):
            simple = isinstance(factor, Power) and factor.exponent in (1, -1)
            if factor.shape.is_scalar and (simple or isinstance(factor, Symbol | Size | Add | Trace)):
                yield mul(*factors[:place], power(factor, 2), *factors[place + 1 :])


def _reciprocal_of_sum(part: Expr, _: Notation) -> Iterator[Expr]:
    """1 / sum a for sum 1/a, and sum a / sum b for sum a/b."""
    if isinstance(part, Sum):
        factors = part.body.factors if isinstance(part.body, Mul) else (part.body,)
        for place, factor in enumerate(factors):
            if isinstance(factor, Power) and factor.exponent == -1 and part.index in factor.free:
                others = mul(*factors[:place], *factors[place + 1 :])
                above = sum_over(part.index, others) if part.index in others.free else others
                yield mul(inverse(sum_over(part.index, factor.base)), above)


def _gamma_before_log(part: Expr, _: Notation) -> Iterator[Expr]:
    """gamma log(a) for log(gamma a)."""
    if isinstance(part, Log) and isinstance(part.arg, Mul):
        gammas = [factor for factor in part.arg.factors if is_gamma(factor)]
        rest = [factor for factor in part.arg.factors if not is_gamma(factor)]
        if gammas and rest:
            yield mul(*gammas, log(mul(*rest)))


def _root(part: Expr, _: Notation) -> Iterator[Expr]:
    """Squares and reciprocals of squares with half the exponent."""
    if isinstance(part, Power) and abs(part.exponent) == 2:
        yield power(part.base, part.exponent / 2)


def _halved_power(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, Power) and abs(part.exponent) == 1:
        yield power(part.base, part.exponent / 2)


def _reciprocal(part: Expr, _: Notation) -> Iterator[Expr]:
    """1/a for a factor a."""
    if isinstance(part, Mul):
        for place, factor in enumerate(part.factors):
            if factor.shape.is_scalar and not isinstance(factor, Number | Exp):
                yield mul(*part.factors[:place], inverse(factor), *part.factors[place + 1 :])


def _weight_once(part: Expr, notation: Notation) -> Iterator[Expr]:
    """pi for pi^2."""
    if isinstance(part, Power) and is_weight(part.base, notation) and part.exponent == 2:
        yield part.base


def _without_weight(part: Expr, notation: Notation) -> Iterator[Expr]:
    if is_weight(part, notation):
        yield as_expr(1)


def _with_weight(part: Expr, notation: Notation) -> Iterator[Expr]:
    """A density with its weight."""
    if has_exp(part) and not isinstance(part, Sum) and part.shape.is_scalar:
        for index in part.ordered_free:
            if index.size == notation.k.size:
                yield mul(Symbol(notation.model.weights, (index,)), part)


def _gamma_once(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, Power) and is_gamma(part.base) and part.exponent == 2:
        yield part.base


def _with_data(part: Expr, notation: Notation) -> Iterator[Expr]:
    """A sample as a factor where it is lost."""
    data = notation.model.data
    if data.shape.is_scalar and isinstance(part, Mul | Symbol | Log) and part.shape.is_scalar:
        around = {index.size: index for index in part.ordered_free}
        indices = tuple(around.get(index.size, index) for index in data.indices)
        yield mul(Symbol(data, indices), part)


def _half_in_exponent(part: Expr, _: Notation) -> Iterator[Expr]:
    """exp(-a/2) for exp(-a), in one term of the exponent."""
    if isinstance(part, Exp):
        terms = part.arg.terms if isinstance(part.arg, Add) else (part.arg,)
        for place, term in enumerate(terms):
            if not term.contains(lambda node: isinstance(node, LogDet)):
                yield exp(add(*terms[:place], mul(HALF, term), *terms[place + 1 :]))


def _determinant_root(part: Expr, _: Notation) -> Iterator[Expr]:
    """A half in front of log|S|."""
    if isinstance(part, LogDet):
        yield mul(HALF, part)


def _log_of_determinant(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, Exp) and isinstance(part.arg, LogDet):
        yield part.arg


def _minus_mean(part: Expr, notation: Notation) -> Iterator[Expr]:
    """x - mu for x, in outer products and squares too."""
    if is_data(part) and part.shape == notation.model.data.shape:
        yield from (add(part, mul(-1, mean)) for mean in _means(notation))
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        for centred in _minus_mean(part.letters[0], notation):
            yield mul(centred, centred.transposed())


def _means(notation: Notation) -> Iterator[Expr]:
    for family in notation.model.parameters:
        symbol = Symbol(family, family.indices)
        if is_mean(symbol, notation):
            yield symbol


def _whole_normaliser(part: Expr, notation: Notation) -> Iterator[Expr]:
    """D/2 log(2 pi) for 1/2 log(2 pi), and for D log(2 pi)."""
    if isinstance(part, Mul) and part.contains(lambda node: node == PI):
        side = Size(notation.model.data.shape.rows)
        yield mul(HALF, part) if part.contains(lambda node: node == side) else mul(side, part)


def _twice_in_log(part: Expr, _: Notation) -> Iterator[Expr]:
    """log(2 a) for log(a)."""
    if isinstance(part, Log):
        yield log(mul(2, part.arg))


def _with_dimension(part: Expr, notation: Notation) -> Iterator[Expr]:
    """D times, or divided by, something."""
    side = notation.model.data.shape.rows
    if side != ONE and isinstance(part, Mul | Symbol | Trace | Sum | Power):
        yield mul(Size(side) ** -1, part)
        yield mul(Size(side), part)


TAKEN_BACK: dict[str, Make] = {
    "weight-squared": one_by_one(_weight_once),
    "responsibility-squared": one_by_one(_gamma_once),
    "k-for-n": one_by_one(_number_of_samples),
    "one-less": one_by_one(_without_number),
    "divided-by-k": _times_components,
    "divided-by-n-too": one_by_one(_times_samples),
    "responsibility-forgotten": one_by_one(_with_responsibility),
    "times-weight": one_by_one(_without_weight),
    "weight-forgotten": one_by_one(_with_weight),
    "determinant-without-log": one_by_one(_log_of_determinant),
    "determinant-without-root": one_by_one(_determinant_root),
    "exponent-without-half": one_by_one(_half_in_exponent),
    "not-centred": one_by_one(_minus_mean),
    "bracket-lost": one_by_one(_bracket),
    "square-extra": one_by_one(_root),
    "square-lost": one_by_one(_squared),
    "root-lost": one_by_one(_halved_power),
    "reciprocal-lost": one_by_one(_reciprocal),
    "normalising-constant": one_by_one(_whole_normaliser),
    "two-lost": one_by_one(_twice_in_log),
    "dimension-lost": one_by_one(_with_dimension),
    "reciprocal-by-terms": one_by_one(_reciprocal_of_sum),
    "responsibility-inside-log": one_by_one(_gamma_before_log),
    "data-lost": one_by_one(_with_data),
}
