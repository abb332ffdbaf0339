"""The change of variable to the inverse (Lambda = Sigma^-1, 1 / sigma^2), and the trace trick that goes with it."""

from dataclasses import replace

from derive.language.expr import Expr, Power, Word, mul
from derive.language.family import Family, Symbol
from derive.language.functions import Inverse, Trace, inverse
from derive.language.rewrite import mentions, substitute
from derive.language.symbolic_power import SymbolicPower


def inverse_family(family: Family) -> Family:
    """Return the family whose members are the inverses of the given one's."""
    return replace(family, name=f"{family.name}^-1", inverse_of=family, latex="", code=f"{family.code}_inverse")


def stands_inverted(body: Expr, family: Family) -> bool:
    """Whether a member of the family stands inverted, so that the inverse is the natural variable.

    Below an exponent that is a formula, it is not: x / theta to the power alpha need not be concave in 1 / theta.
    """
    is_member = mentions(family)
    if body.contains(lambda e: isinstance(e, SymbolicPower) and e.contains(is_member)):
        return False
    return family.domain.positive and body.contains(
        lambda e: (
            (isinstance(e, Inverse) and is_member(e.arg))
            or (isinstance(e, Power) and e.exponent < 0 and is_member(e.base))
        )
    )


def in_inverse(body: Expr, family: Family) -> Expr:
    """Write a body in terms of the inverse family."""
    other = inverse_family(family)
    return substitute(body, Symbol(family, family.indices), inverse(Symbol(other, other.indices)))


def trace_trick(body: Expr, family: Family) -> Expr:
    """Write a' P b as tr(b a' P) for a member P of the family: a scalar is its own trace, and a trace can be turned."""
    if isinstance(body, Word) and body.shape.is_scalar and not family.shape.is_scalar:
        places = [i for i, letter in enumerate(body.letters) if mentions(family)(letter)]
        if len(places) == 1:
            before, after = body.letters[: places[0]], body.letters[places[0] + 1 :]
            return Trace(mul(mul(*after), mul(*before), body.letters[places[0]]))
    return body.map(lambda child: trace_trick(child, family))
