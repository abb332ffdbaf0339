"""How the mistakes in matrices.py turn a right formula into a wrong one."""

from collections.abc import Iterator

from derive.checking.mistakes.parts import (
    coefficients,
    is_data,
    is_gamma,
    is_matrix,
    is_mean,
    is_outer,
    is_reciprocal,
    is_size,
)
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


def inverse_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: inverse lost."""
    if isinstance(part, Inverse):
        yield part.arg
    if isinstance(part, Word):
        for place, letter in enumerate(part.letters):
            if isinstance(letter, Inverse):
                rest = part.letters[:place] + part.letters[place + 1 :]
                if rest:
                    yield mul(*rest)


def inverse_extra(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: inverse extra."""
    if is_matrix(part):
        yield inverse(part)


def determinant_for_log(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: determinant for log."""
    if isinstance(part, LogDet):
        yield exp(part)


def determinant_root(part: Expr, _: Notation) -> Iterator[Expr]:
    """1/2 log|S| without its half: the determinant without its root."""
    for number, others in coefficients(part):
        if isinstance(others[-1], LogDet) and number.value.denominator % 2 == 0:
            yield mul(2 * number.value, *others)


def determinant_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: determinant lost."""
    if isinstance(part, Add):
        kept = [term for term in part.terms if not term.contains(lambda node: isinstance(node, LogDet))]
        if len(kept) < len(part.terms):
            yield add(*kept)


def sign_of_determinant(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: sign of determinant."""
    if isinstance(part, LogDet):
        yield mul(-1, part)


def trace_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: trace lost."""
    if isinstance(part, Trace):
        yield part.arg


def trace_of_logdet(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: trace of logdet."""
    if isinstance(part, LogDet):
        yield log(trace(part.arg))


def inner_for_outer(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: inner for outer."""
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        yield mul(part.letters[1], part.letters[0])


def squares_for_outer(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: squares for outer."""
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        left = part.letters[0]
        yield DiagonalOf(hadamard(left, part.letters[1].transposed()))


def diagonal_only(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: diagonal only."""
    if isinstance(part, Sum) and part.shape.is_square:
        yield diagonal_part(part)


def diagonal_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: diagonal lost."""
    if isinstance(part, DiagonalPart | DiagonalEntries):
        yield part.arg


def order(part: Expr, _: Notation) -> Iterator[Expr]:
    """Neighbours in a product exchanged, where both are square."""
    if isinstance(part, Word):
        for place in range(len(part.letters) - 1):
            left, right = part.letters[place : place + 2]
            if left.shape.is_square and right.shape.is_square and left != right:
                yield mul(*part.letters[:place], right, left, *part.letters[place + 2 :])


def not_centred(part: Expr, notation: Notation) -> Iterator[Expr]:
    """x where x - mu is needed."""
    if isinstance(part, Add):
        for place, term in enumerate(part.terms):
            if is_mean(mul(-1, term), notation) and len(part.terms) == 2:
                yield add(*part.terms[:place], *part.terms[place + 1 :])
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        for centred in part.letters[:1]:
            for raw in not_centred(centred, notation):
                yield mul(raw, raw.transposed())


def plus_in_centring(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: plus in centring."""
    if isinstance(part, Add) and len(part.terms) == 2 and any(is_data(term) for term in part.terms):
        first, second = part.terms
        yield add(first, mul(-1, second))


def old_mean(part: Expr, notation: Notation) -> Iterator[Expr]:
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


def size_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """1/D or D forgotten."""
    if isinstance(part, Mul):
        for place, factor in enumerate(part.factors):
            base = factor.base if is_reciprocal(factor) and isinstance(factor, Power) else factor
            if isinstance(base, Size) and not is_size(base, notation.n) and not is_size(base, notation.k):
                yield mul(*part.factors[:place], *part.factors[place + 1 :])


def size_extra(expr: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: size extra."""
    side = notation.model.data.shape.rows
    if side != ONE:
        yield mul(Size(side) ** -1, expr)


def second_moment(part: Expr, notation: Notation) -> Iterator[Expr]:
    """The cross terms of (x - mu)(x - mu)' lost: x x' + mu mu'."""
    if is_outer(part):
        assert isinstance(part, Word)  # noqa: S101 - for the type checker
        left = part.letters[0]
        if isinstance(left, Add):
            yield add(*(mul(term, term.transposed()) for term in left.terms))
    if isinstance(part, Power) and part.exponent == 2 and isinstance(part.base, Add):
        yield add(*(term**2 for term in part.base.terms))
    del notation


def zeroed(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: zeroed."""
    if is_mean(part, notation) and not part.shape.is_scalar:
        yield Zero(part.shape.rows, part.shape.cols)


def weighted_once(part: Expr, _: Notation) -> Iterator[Expr]:
    """gamma inside a quadratic form twice: (gamma (x - mu))(gamma (x - mu))'."""
    if isinstance(part, Mul) and any(is_gamma(factor) for factor in part.factors) and is_outer(part.factors[-1]):
        yield mul(next(factor for factor in part.factors if is_gamma(factor)), part)
