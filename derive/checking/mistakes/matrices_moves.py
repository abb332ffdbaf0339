"""How the mistakes in matrices.py turn a right formula into a wrong one."""

from collections.abc import Iterator

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
