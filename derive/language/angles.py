"""Sums of angles: cos(b + a) = cos b cos a - sin b sin a, and the same for the sine (DLMF 4.21.1, 4.21.2)."""

from collections.abc import Callable

from derive.language.expr import Expr, add, mul
from derive.language.rewrite import coefficient, collect, distribute, scaled, terms
from derive.language.special import Cos, Sin, cos, sin


def split_angles(expr: Expr, moves: Callable[[Expr], bool]) -> Expr:
    """Write cosines and sines so that what contains something that ``moves`` has an angle of its own."""
    expr = expr.map(lambda child: split_angles(child, moves))
    if not isinstance(expr, Cos | Sin) or not expr.arg.contains(moves):
        return expr
    angle = collect(add(*distribute(expr.arg, moves)))
    a = add(*(term for term in terms(angle) if term.contains(moves)))
    b = add(0, *(term for term in terms(angle) if not term.contains(moves)))
    turn = 1 if coefficient(terms(a)[0])[0] > 0 else -1  # cos(-a) = cos a, sin(-a) = -sin a
    a = scaled(turn, a)
    if isinstance(expr, Cos):
        return add(mul(cos(b), cos(a)), mul(-turn, sin(b), sin(a)))
    return add(mul(sin(b), cos(a)), mul(turn, cos(b), sin(a)))
