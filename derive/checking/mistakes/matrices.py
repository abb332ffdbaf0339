"""Mistakes with vectors and matrices: inverses, determinants, traces, outer products, the order of factors."""

from collections.abc import Iterator

from derive.checking.mistakes.mistake import Mistake, both, one_by_one
from derive.checking.mistakes.parts import coefficients, is_gamma, is_matrix, is_mean, is_outer, is_reciprocal, is_size
from derive.em.notation import Notation
from derive.language.entrywise import DiagonalEntries, DiagonalOf, hadamard
from derive.language.expr import Add, Expr, Mul, Power, Word, Zero, add, mul
from derive.language.family import Family, Symbol
from derive.language.functions import (
    DiagonalPart,
    Inverse,
    LogDet,
    Size,
    Sum,
    Trace,
    diagonal_part,
    exp,
    inverse,
    log,
    sum_over,
    trace,
)
from derive.language.index import ONE


def _inverse_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, Inverse):
        yield part.arg
    if isinstance(part, Word):
        for place, letter in enumerate(part.letters):
            if isinstance(letter, Inverse):
                rest = part.letters[:place] + part.letters[place + 1 :]
                if rest:
                    yield mul(*rest)


def _inverse_extra(part: Expr, _: Notation) -> Iterator[Expr]:
    if is_matrix(part):
        yield inverse(part)


def _determinant_for_log(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, LogDet):
        yield exp(part)


def _determinant_root(part: Expr, _: Notation) -> Iterator[Expr]:
    """1/2 log|S| without its half: the determinant without its root."""
    for number, others in coefficients(part):
        if isinstance(others[-1], LogDet) and number.value.denominator % 2 == 0:
            yield mul(2 * number.value, *others)


def _determinant_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, Add):
        kept = [term for term in part.terms if not term.contains(lambda node: isinstance(node, LogDet))]
        if len(kept) < len(part.terms):
            yield add(*kept)


def _sign_of_determinant(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, LogDet):
        yield mul(-1, part)


def _trace_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, Trace):
        yield part.arg


def _trace_of_logdet(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, LogDet):
        yield log(trace(part.arg))


def _inner_for_outer(part: Expr, _: Notation) -> Iterator[Expr]:
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        yield mul(part.letters[1], part.letters[0])


def _squares_for_outer(part: Expr, _: Notation) -> Iterator[Expr]:
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        left = part.letters[0]
        yield DiagonalOf(hadamard(left, part.letters[1].transposed()))


def _diagonal_only(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, Sum) and part.shape.is_square:
        yield diagonal_part(part)


def _diagonal_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    if isinstance(part, DiagonalPart | DiagonalEntries):
        yield part.arg


def _order(part: Expr, _: Notation) -> Iterator[Expr]:
    """Neighbours in a product exchanged, where both are square."""
    if isinstance(part, Word):
        for place in range(len(part.letters) - 1):
            left, right = part.letters[place : place + 2]
            if left.shape.is_square and right.shape.is_square and left != right:
                yield mul(*part.letters[:place], right, left, *part.letters[place + 2 :])


def _not_centred(part: Expr, notation: Notation) -> Iterator[Expr]:
    """x where x - mu is needed."""
    if isinstance(part, Add):
        for place, term in enumerate(part.terms):
            if term.contains(lambda node: is_mean(node, notation)) and len(part.terms) == 2:
                yield add(*part.terms[:place], *part.terms[place + 1 :])
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        for centred in part.letters[:1]:
            for raw in _not_centred(centred, notation):
                yield mul(raw, raw.transposed())


def _plus_in_centring(part: Expr, notation: Notation) -> Iterator[Expr]:
    if isinstance(part, Add) and len(part.terms) == 2 and part.shape == notation.model.data.shape:
        first, second = part.terms
        yield add(first, mul(-1, second))


def _old_mean(part: Expr, notation: Notation) -> Iterator[Expr]:
    """The previous mean, or that of all data, in place of the new one."""
    if is_outer(part) or (isinstance(part, Power) and part.exponent == 2):
        for symbol in {s for s in _symbols(part) if is_mean(s, notation)}:
            family = symbol.family
            old = Family(f"{family.name}_old", family.role, family.indices, family.shape, family.domain)
            data = notation.model.data
            grand = mul(Size(notation.n.size) ** -1, sum_over(notation.n, Symbol(data, data.indices)))
            yield _put(part, symbol, Symbol(old, symbol.indices))
            if not set(data.indices[1:]) - part.free:
                yield _put(part, symbol, grand)


def _symbols(expr: Expr) -> list[Symbol]:
    own = [expr] if isinstance(expr, Symbol) else []
    return own + [symbol for child in expr.children for symbol in _symbols(child)]


def _put(expr: Expr, symbol: Symbol, value: Expr) -> Expr:
    return value if expr == symbol else expr.map(lambda child: _put(child, symbol, value))


def _size_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """1/D or D forgotten."""
    if isinstance(part, Mul):
        for place, factor in enumerate(part.factors):
            base = factor.base if is_reciprocal(factor) and isinstance(factor, Power) else factor
            if isinstance(base, Size) and not is_size(base, notation.n) and not is_size(base, notation.k):
                yield mul(*part.factors[:place], *part.factors[place + 1 :])


def _size_extra(expr: Expr, notation: Notation) -> Iterator[Expr]:
    side = notation.model.data.shape.rows
    if side != ONE:
        yield mul(Size(side) ** -1, expr)


def _second_moment(part: Expr, notation: Notation) -> Iterator[Expr]:
    """The cross terms of (x - mu)(x - mu)' lost: x x' + mu mu'."""
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        left = part.letters[0]
        if isinstance(left, Add):
            yield add(*(mul(term, term.transposed()) for term in left.terms))
    if isinstance(part, Power) and part.exponent == 2 and isinstance(part.base, Add):
        yield add(*(term**2 for term in part.base.terms))
    del notation


def _zeroed(part: Expr, notation: Notation) -> Iterator[Expr]:
    if is_mean(part, notation) and not part.shape.is_scalar:
        yield Zero(part.shape.rows, part.shape.cols)


def _weighted_once(part: Expr, _: Notation) -> Iterator[Expr]:
    """gamma inside a quadratic form twice: (gamma (x - mu))(gamma (x - mu))'."""
    if isinstance(part, Mul) and any(is_gamma(factor) for factor in part.factors) and is_outer(part.factors[-1]):
        yield mul(next(factor for factor in part.factors if is_gamma(factor)), part)


MISTAKES = (
    Mistake(
        "inverse-lost",
        "means",
        "an inverse is lost",
        "The density has Σ⁻¹ in its exponent; it stays until both sides are multiplied by Σ.",
        one_by_one(_inverse_lost),
    ),
    Mistake(
        "inverse-extra",
        "covariances",
        "a matrix is inverted that should not be",
        "d log|A| = tr(A⁻¹ dA): by Σ⁻¹ the derivative of log|Σ⁻¹| is Σ.",
        one_by_one(_inverse_extra),
    ),
    Mistake(
        "determinant-without-log",
        "objective",
        "the determinant stands without its logarithm",
        "The log of |Σ|^(-1/2) is -½ log|Σ|.",
        one_by_one(_determinant_for_log),
    ),
    Mistake(
        "determinant-without-root",
        "e-step",
        "the determinant stands without its root",
        "The normal density has |Σ|^(1/2) below, its logarithm ½ log|Σ|.",
        one_by_one(_determinant_root),
    ),
    Mistake(
        "determinant-lost",
        "objective",
        "the term with the log determinant is lost",
        "It depends on Σ, and for Σ it matters.",
        one_by_one(_determinant_lost),
    ),
    Mistake(
        "determinant-sign",
        "covariances",
        "the log determinant has the wrong sign",
        "log|Σ⁻¹| = -log|Σ|.",
        one_by_one(_sign_of_determinant),
    ),
    Mistake(
        "trace-lost",
        "structure",
        "a trace is lost",
        "A quadratic form is a number: tr of the outer product times Σ⁻¹.",
        one_by_one(_trace_lost),
    ),
    Mistake(
        "trace-for-determinant",
        "covariances",
        "the trace stands where the determinant is needed",
        "The normalising constant of the normal density has the determinant.",
        one_by_one(_trace_of_logdet),
    ),
    Mistake(
        "inner-for-outer",
        "covariances",
        "the inner product v'v, a number, stands where the outer product vv', a matrix, is needed",
        "A covariance matrix is a sum of (x - μ)(x - μ)'.",
        one_by_one(_inner_for_outer),
    ),
    Mistake(
        "squares-for-outer",
        "covariances",
        "only the squares of the coordinates are kept",
        "A full covariance has the products of all pairs of coordinates.",
        both(one_by_one(_squares_for_outer), one_by_one(_diagonal_only)),
    ),
    Mistake(
        "diagonal-lost",
        "structure",
        "the restriction to the diagonal is lost",
        "With a diagonal covariance only the diagonal entries are free.",
        one_by_one(_diagonal_lost),
    ),
    Mistake(
        "matrix-order",
        "algebra",
        "matrices were exchanged in a product",
        "AB is not BA.",
        one_by_one(_order),
    ),
    Mistake(
        "not-centred",
        "covariances",
        "the mean is not subtracted",
        "The covariance is about the mean: x - μ.",
        both(one_by_one(_not_centred), one_by_one(_zeroed)),
    ),
    Mistake(
        "plus-in-centring",
        "means",
        "the mean is added in place of subtracted",
        "The density depends on x - μ.",
        one_by_one(_plus_in_centring),
    ),
    Mistake(
        "old-mean",
        "covariances",
        "another mean than that of the component is used: the previous one, or that of all data",
        "The M-step maximises over μ and Σ together: Σ needs the new μ.",
        one_by_one(_old_mean),
    ),
    Mistake(
        "dimension-lost",
        "structure",
        "the number D of coordinates is lost",
        "A spherical covariance has one variance for D coordinates, and (2π)^(D/2) has D.",
        one_by_one(_size_lost),
    ),
    Mistake(
        "dimension-extra",
        "structure",
        "it is divided by the number D of coordinates",
        "1/D belongs to a spherical covariance only.",
        _size_extra,
    ),
    Mistake(
        "cross-term-lost",
        "algebra",
        "the cross terms of a square are lost",
        "(a - b)² = a² - 2ab + b².",
        one_by_one(_second_moment),
    ),
    Mistake(
        "responsibility-in-both-factors",
        "covariances",
        "the responsibility stands in both factors of the outer product",
        "Each sample counts with γ_nk once.",
        one_by_one(_weighted_once),
    ),
)
