"""What expressions look like at random values: a hint where to go, or that there is no way. It proves nothing."""

from contextlib import suppress
from fractions import Fraction

from flint import ctx

from derive.language.evaluate import Evaluator
from derive.language.exponents import in_exponents
from derive.language.expr import Expr, mul
from derive.language.family import Symbol
from derive.language.rewrite import substitute
from derive.language.ring import OutsideDomainError, UndecidedError, agree
from derive.language.world import World

BITS, WORLDS = 192, 4
FACTORS = (Fraction(1, 512), 1, 512)


def alike(left: Expr, right: Expr, seed: int = 0) -> bool:
    """Whether two scalars agree at random values of all that they are made of."""
    world = World({}, seed)
    env = dict.fromkeys(left.free | right.free, 0)
    with suppress(OutsideDomainError, UndecidedError, ZeroDivisionError), ctx.workprec(BITS):
        return agree(Evaluator(world)(left, env), Evaluator(world)(right, env))
    return False


def changes_sign(expr: Expr, unknown: Symbol) -> bool:
    """Whether a scalar is seen to be positive at some values of an unknown, small or large, and negative at others."""
    forms = [substitute(expr, unknown, mul(factor, unknown)) for factor in FACTORS]
    seen: set[int] = set()
    for seed in range(WORLDS):
        world = World({}, seed, moderate=in_exponents(expr))
        for form in forms:
            with suppress(OutsideDomainError, UndecidedError, ZeroDivisionError), ctx.workprec(BITS):
                value = Evaluator(world)(form, dict.fromkeys(expr.free, 0))
                seen.add(1 if value > 0 else -1 if value < 0 else 0)
        if {1, -1} <= seen:
            return True
    return False
