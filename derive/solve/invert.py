"""An invertible equation: the unknown stands in one exponential or logarithm only, which is isolated and undone."""

from fractions import Fraction

from derive.errors import NoClosedFormError
from derive.language.domain import Positive, Real
from derive.language.expr import Expr, Number, add, mul
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Exp, Log, exp, log
from derive.language.rewrite import collect, distribute, mentions, out_of_sums
from derive.proof.sign import positive
from derive.proof.step import Exponentiated, Logged, Multiplied
from derive.solve.isolate import isolate
from derive.solve.line import Line

ZERO = Number(Fraction(0))


def solve_inverted(residual: Expr, unknown: Symbol) -> list[Line]:
    """Solve a g(u) = b for g, then g(u) = b / a for u; raises NoClosedFormError where u stands elsewhere too."""
    apart = out_of_sums(collect(split_exponentials(residual, unknown)))
    holders = _holders(apart, unknown)
    if len(holders) != 1:
        raise NoClosedFormError(f"{unknown} does not stand in one exponential or logarithm only")
    (holder,) = holders
    if not holder.free <= unknown.free:
        raise NoClosedFormError(f"{unknown} cannot be taken out of the sum in {holder}")
    stand_in = Symbol(
        Family(
            f"g({unknown.key})", Role.LATENT, unknown.indices, domain=Positive() if isinstance(holder, Exp) else Real()
        ),
        unknown.indices,
    )
    hidden = _exchanged(apart, holder, stand_in)
    if hidden.contains(mentions(unknown.family)):
        raise NoClosedFormError(f"{unknown} stands both inside and outside of {holder}")
    lines = [Line(apart, ZERO, Multiplied(), "exp(a + b) = exp(a) exp(b); what no sum touches is taken out", "split")]
    for line in isolate(hidden, stand_in):
        left, right = (_exchanged(side, stand_in, holder) for side in (line.left, line.right))
        lines.append(
            Line(left, right, line.move, line.words.replace(stand_in.key, str(holder)), line.rule, line.relation)
        )
    found = lines[-1].right
    if isinstance(holder, Exp):
        if not positive(found):
            raise NoClosedFormError(
                f"{holder} = {found}, which is not known to be positive, so that it has no logarithm"
            )
        lines.append(Line(holder.arg, log(found), Logged(), "logarithm of both sides", "logarithm"))
    else:
        lines.append(Line(holder.arg, exp(found), Exponentiated(), "exponential of both sides", "exponentiate"))
    if holder.arg == unknown:
        return lines
    return lines + isolate(add(holder.arg, mul(-1, lines[-1].right)), unknown)


def split_exponentials(expr: Expr, unknown: Symbol) -> Expr:
    """Write exp(a + log b + c u) as exp(a) b exp(c u)."""
    expr = expr.map(lambda child: split_exponentials(child, unknown))
    held = mentions(unknown.family)
    if not (isinstance(expr, Exp) and expr.contains(held)):
        return expr
    parts = distribute(expr.arg, held)
    inside = [part for part in parts if part.contains(held) and not isinstance(part, Log)]
    outside = [part for part in parts if part not in inside]
    return mul(*map(exp, outside), exp(add(*inside))) if outside else expr


def _holders(expr: Expr, unknown: Symbol) -> set[Exp | Log]:
    if isinstance(expr, Exp | Log) and expr.contains(mentions(unknown.family)):
        return {expr}
    return {holder for child in expr.children for holder in _holders(child, unknown)}


def _exchanged(expr: Expr, old: Expr, new: Expr) -> Expr:
    return new if expr == old else expr.map(lambda child: _exchanged(child, old, new))
