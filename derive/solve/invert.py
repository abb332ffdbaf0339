"""An invertible equation: the unknown stands in one function only, which is isolated and undone.

The function is an exponential, a logarithm, or a power whose exponent is a formula.
"""

from fractions import Fraction

from derive.errors import NoClosedFormError
from derive.language.domain import Positive, Real
from derive.language.expr import Expr, Mul, Number, add, mul, power
from derive.language.family import Family, Role, Symbol
from derive.language.functions import Exp, Log, exp, log
from derive.language.rewrite import collect, distribute, mentions, out_of_sums
from derive.language.symbolic_power import SymbolicPower, symbolic_power
from derive.proof.sign import positive
from derive.proof.step import Exponentiated, Logged, Move, Multiplied
from derive.solve.isolate import cleared, isolate
from derive.solve.line import Line
from derive.solve.needed import needed

ZERO = Number(Fraction(0))
Holder = Exp | Log | SymbolicPower


def solve_inverted(residual: Expr, unknown: Symbol) -> list[Line]:
    """Solve a g(u) = b for g, then g(u) = b / a for u; raises NoClosedFormError where u stands elsewhere too."""
    apart = out_of_sums(collect(split_exponentials(residual, unknown)))
    holders = _holders(apart, unknown)
    if len(holders) != 1:
        raise NoClosedFormError(f"{unknown} does not stand in one exponential, logarithm or power only")
    (holder,) = holders
    if not holder.free <= unknown.free:
        raise NoClosedFormError(f"{unknown} cannot be taken out of the sum in {holder}")
    stand_in = Symbol(
        Family(
            f"g({unknown.key})", Role.LATENT, unknown.indices, domain=Real() if isinstance(holder, Log) else Positive()
        ),
        unknown.indices,
    )
    hidden = _exchanged(apart, holder, stand_in)
    if hidden.contains(mentions(unknown.family)):
        raise NoClosedFormError(f"{unknown} stands both inside and outside of {holder}")
    split = "(a b)^p = a^p b^p" if isinstance(holder, SymbolicPower) else "exp(a + b) = exp(a) exp(b)"
    lines = [Line(apart, ZERO, Multiplied(), f"{split}; what no sum touches is taken out", "split")]
    first, simpler = cleared(hidden, stand_in)
    for line in first + isolate(simpler, stand_in):
        left, right = (_exchanged(side, stand_in, holder) for side in (line.left, line.right))
        words, assumptions = line.words.replace(stand_in.key, str(holder)), line.assumptions
        move = _without(line.move, stand_in, holder)
        lines.append(Line(left, right, move, words, line.rule, line.relation, assumptions))
    undone = _undone(holder, lines[-1].right, unknown)
    lines += undone
    inside = undone[-1].left
    if inside == unknown:
        return lines
    return lines + isolate(add(inside, mul(-1, lines[-1].right)), unknown)


def _without(move: Move | None, stand_in: Symbol, holder: Expr) -> Move | None:
    """Return the move with the function in the place of what stood for it."""
    if not isinstance(move, Multiplied):
        return move
    left, right = (
        None if factor is None else _exchanged(factor, stand_in, holder) for factor in (move.left, move.right)
    )
    return Multiplied(left, right)


def _undone(holder: Holder, found: Expr, unknown: Symbol) -> list[Line]:
    """Return the lines from holder = found to what stands in the holder."""
    if isinstance(holder, Log):
        return [Line(holder.arg, exp(found), Exponentiated(), "exponential of both sides", "exponentiate")]
    if not positive(found):
        raise NoClosedFormError(f"{holder} = {found}, which is not known to be positive, so that it has no logarithm")
    words = "logarithm of both sides"
    if isinstance(holder, Exp):
        return [Line(holder.arg, log(found), Logged(), words, "logarithm")]
    exponent, whole = holder.exponent, log(holder)
    divided = mul(log(found), power(exponent, -1))
    how = "divided by the exponent"
    move, assumptions = Multiplied(power(exponent, -1)), needed(exponent, unknown)
    return [
        Line(whole, log(found), Logged(), words, "logarithm"),
        Line(log(holder.base), divided, move, how, "isolate", assumptions=assumptions),
        Line(
            holder.base,
            symbolic_power(found, power(exponent, -1)),
            Exponentiated(),
            "exponential of both sides",
            "exponentiate",
        ),
    ]


def split_exponentials(expr: Expr, unknown: Symbol) -> Expr:
    """Write exp(a + log b + c u) as exp(a) b exp(c u), and (x u)^p as x^p u^p where the factors are positive."""
    expr = expr.map(lambda child: split_exponentials(child, unknown))
    held = mentions(unknown.family)
    if isinstance(expr, SymbolicPower) and isinstance(expr.base, Mul) and expr.contains(held):
        if all(map(positive, expr.base.factors)):
            return mul(*(symbolic_power(factor, expr.exponent) for factor in expr.base.factors))
        return expr
    if not (isinstance(expr, Exp) and expr.contains(held)):
        return expr
    parts = distribute(expr.arg, held)
    inside = [part for part in parts if part.contains(held) and not isinstance(part, Log)]
    outside = [part for part in parts if part not in inside]
    return mul(*map(exp, outside), exp(add(*inside))) if outside else expr


def _holders(expr: Expr, unknown: Symbol) -> set[Holder]:
    held = mentions(unknown.family)
    if isinstance(expr, Exp | Log) and expr.contains(held):
        return {expr}
    if isinstance(expr, SymbolicPower) and expr.base.contains(held) and not expr.exponent.contains(held):
        return {expr}
    return {holder for child in expr.children for holder in _holders(child, unknown)}


def _exchanged(expr: Expr, old: Expr, new: Expr) -> Expr:
    return new if expr == old else expr.map(lambda child: _exchanged(child, old, new))
