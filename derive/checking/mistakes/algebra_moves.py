"""How the mistakes in algebra.py turn a right formula into a wrong one."""

from collections.abc import Iterator
from fractions import Fraction

from derive.checking.mistakes.parts import coefficients, is_data, is_parameter, is_reciprocal, over_samples, without
from derive.em.notation import Notation
from derive.language.expr import Add, Expr, Mul, Number, Power, Transpose, Word, add, as_expr, mul, power
from derive.language.functions import Exp, Inverse, Log, Size, Sum, exp, inverse, log, sum_over
from derive.language.symbolic_power import SymbolicPower

HALF = Fraction(1, 2)


def sign_of_a_term(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: sign of a term."""
    if isinstance(part, Add):
        for place, term in enumerate(part.terms):
            yield add(*part.terms[:place], mul(-1, term), *part.terms[place + 1 :])


def sign(expr: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: sign."""
    yield mul(-1, expr)


def sign_in_exponent(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: sign in exponent."""
    if isinstance(part, Exp):
        yield exp(mul(-1, part.arg))


def term_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: term lost."""
    if isinstance(part, Add):
        for place in range(len(part.terms)):
            yield add(*without(part, place))


def half_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: half lost."""
    for number, others in coefficients(part):
        if number.value.denominator % 2 == 0:
            yield mul(2 * number.value, *others)


def half_extra(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: half extra."""
    if isinstance(part, Add):
        for place, term in enumerate(part.terms):
            yield add(*part.terms[:place], mul(HALF, term), *part.terms[place + 1 :])
    elif not isinstance(part, Number) and part.children:
        yield mul(HALF, part)


def two_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: two lost."""
    for number, others in coefficients(part):
        if number.value.numerator % 2 == 0:
            yield mul(number.value / 2, *others)


def two_extra(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: two extra."""
    if isinstance(part, Add):
        for place, term in enumerate(part.terms):
            yield add(*part.terms[:place], mul(2, term), *part.terms[place + 1 :])


def twice(expr: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: twice."""
    yield mul(2, expr)


def square_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: square lost."""
    if isinstance(part, Power) and part.exponent in (2, -2):
        yield power(part.base, part.exponent / 2)


def square_extra(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: square extra."""
    if is_reciprocal(part) and isinstance(part, Power):
        yield power(part.base, -2)


def root_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: root lost."""
    if isinstance(part, Power) and part.exponent.denominator == 2:
        yield power(part.base, 2 * part.exponent)


def reciprocal_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: reciprocal lost."""
    if isinstance(part, Power) and part.exponent == -1 and not isinstance(part.base, Size):
        yield part.base


def upside_down(expr: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: upside down."""
    if expr.shape.is_scalar and expr.children:
        yield inverse(expr)


def bracket_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: bracket lost."""
    if isinstance(part, Mul):
        for place, factor in enumerate(part.factors):
            if isinstance(factor, Add):
                first, *rest = factor.terms
                others = without(part, place)
                yield add(mul(*others, first), *rest)
        body = part.factors[-1]
        if isinstance(body, Word):
            for place, letter in enumerate(body.letters):
                if isinstance(letter, Add):
                    first, *rest = letter.terms
                    mixed = add(mul(*part.factors[:-1], first), *rest)
                    yield mul(*body.letters[:place], mixed, *body.letters[place + 1 :])
    if isinstance(part, Sum) and isinstance(part.body, Add):
        first, *rest = part.body.terms
        if not any(part.index in term.free for term in rest):
            yield add(sum_over(part.index, first), *rest)


def reciprocal_by_terms(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: reciprocal by terms."""
    if isinstance(part, Power) and part.exponent == -1:
        if isinstance(part.base, Add):
            yield add(*(inverse(term) for term in part.base.terms))
        if isinstance(part.base, Sum):
            yield sum_over(part.base.index, inverse(part.base.body))
    if isinstance(part, Inverse) and isinstance(part.arg, Add):
        yield add(*(inverse(term) for term in part.arg.terms))


def log_by_terms(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: log by terms."""
    if isinstance(part, Log) and isinstance(part.arg, Add):
        yield add(*(log(term) for term in part.arg.terms if not (isinstance(term, Number) and term.value <= 0)))


def log_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: log lost."""
    if isinstance(part, Log) and part.arg.members:
        yield part.arg


def sum_of_quotients(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Sum a / sum b taken as the sum of a / b."""
    if not isinstance(part, Mul):
        return
    sums = [factor for factor in part.factors if over_samples(factor, notation)]
    below = [f for f in part.factors if isinstance(f, Power) and f.exponent == -1 and over_samples(f.base, notation)]
    for top in sums:
        for divisor in below:
            rest = [factor for factor in part.factors if factor is not top and factor is not divisor]
            assert isinstance(top, Sum)  # noqa: S101 - for the type checker
            assert isinstance(divisor, Power)  # noqa: S101 - for the type checker
            assert isinstance(divisor.base, Sum)  # noqa: S101 - for the type checker
            quotients = sum_over(top.index, mul(inverse(divisor.base.body), top.body))
            if _names(divisor.base.body) <= _names(quotients):  # nothing cancels
                yield mul(*rest, quotients)


def _names(expr: Expr) -> set[str]:
    return {name for name, _ in expr.members}


def sum_for_product(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: sum for product."""
    if isinstance(part, Exp) and isinstance(part.arg, Sum):
        yield sum_over(part.arg.index, exp(part.arg.body))


def base_for_exponent(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: base for exponent."""
    if isinstance(part, SymbolicPower):
        yield mul(part.exponent, part.base)


def complement_lost(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: complement lost."""
    if isinstance(part, Add) and len(part.terms) == 2 and as_expr(1) in part.terms:
        other = next(term for term in part.terms if term != as_expr(1))
        if isinstance(other, Mul) and other.factors[0] == as_expr(-1):
            yield mul(-1, other)
    del notation


def squared_data(part: Expr, notation: Notation) -> Iterator[Expr]:
    """Make the mistake: squared data."""
    if is_data(part) and part.shape.is_scalar:
        yield part**2
    if is_parameter(part, notation) and part.shape.is_scalar:
        yield part**2


def transposed_lost(part: Expr, _: Notation) -> Iterator[Expr]:
    """Make the mistake: transposed lost."""
    if isinstance(part, Transpose):
        yield part.arg
